import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { AskError } from "../shared/ask";
import "../shared/error";
import { sign } from "../shared/kinds";
import { base, buttons, panels, prose } from "../shared/look";
import { session, sessionState } from "../shared/session";
import "../shared/skeleton";
import { Spoken, day, decimal, language, money, moment, sayer } from "../shared/words";
import { type NodeDetails, type Stated, askNode } from "./node";
import { words } from "./panel-words";

const say = sayer(words);

/** All that is known of a node: each property, who says so, and since when. Buttons go inside it. */
@customElement("m-node-panel")
export class NodePanel extends LitElement {
  @property() node = "";
  @property() tab = "search";
  @state() private details: NodeDetails | null | undefined;
  @state() private error: unknown = null;

  protected readonly spoken = new Spoken(this);
  private asked = "";
  private under: AbortController | null = null;
  private readonly signed = () => {
    if (sessionState() === "in" && this.error) this.reload();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    session.addEventListener("change", this.signed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    session.removeEventListener("change", this.signed);
    this.under?.abort();
    this.asked = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("node")) this.details = undefined;
    const question = `${language()} ${this.node}`;
    if (!this.node || question === this.asked) return;
    this.asked = question;
    void this.ask();
  }

  private reload(): void {
    this.asked = "";
    this.requestUpdate();
  }

  private async ask(): Promise<void> {
    this.under?.abort();
    const { signal } = (this.under = new AbortController());
    try {
      const details = await askNode(this.node, this.tab, signal);
      if (signal.aborted) return;
      this.details = details;
      this.error = null;
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }

  private value({ value, type, withheld }: Stated) {
    if (withheld) return html`<em class="faint">${say("withheld")}</em>`;
    if (value == null || value === "") return html`<span class="faint">${say("unknown")}</span>`;
    if (typeof value === "boolean") return say(value ? "yes" : "no");
    if (typeof value === "number") return Number.isInteger(value) ? String(value) : decimal(value, 2);
    if (typeof value === "object") {
      const { amount, currency } = value as { amount: string; currency: string };
      return html`<span title="${amount} ${currency}">${money(amount, currency)}</span>`;
    }
    if (type === "date") return day(String(value));
    return /^\d{4}-\d\d-\d\dT/.test(String(value)) ? moment(String(value)) : String(value);
  }

  private source(stated: Stated) {
    if (!stated.by.length) return nothing;
    const [first] = stated.by;
    const sources = [...new Set(stated.by.map(({ source, record }) => (record ? `${source} ${record}` : source)))];
    return html`<dd class="source">${sources.slice(0, 3).join(", ")}${sources.length > 3 ? ` +${sources.length - 3}` : ""} ·
      ${first?.until ? say("fromTo", { from: day(first.since), to: day(first.until) }) : say("since", { day: day(first?.since ?? "") })}</dd>`;
  }

  private body(details: NodeDetails) {
    const known = details.properties.filter(({ value, withheld }) => withheld || (value != null && value !== ""));
    const unknown = details.properties.filter((one) => !known.includes(one));
    return html`
      <dl>
        <div><dt>${say("key")}</dt><dd class="key">${details.key}</dd></div>
        ${known.map((one) => html`<div><dt>${one.label}</dt><dd>${this.value(one)}</dd>${this.source(one)}</div>`)}
      </dl>
      ${unknown.length ? html`<p class="hint">${say("notKnown", { what: unknown.map(({ label }) => label).join(", ") })}</p>` : nothing}
      <p class="hint">${say("knownFrom", { source: details.provenance.source, day: day(details.provenance.validFrom) })}
        ${details.provenance.validTo ? say("until", { day: day(details.provenance.validTo) }) : nothing}</p>
      ${details.history.length > 1 ? this.history(details) : nothing}
    `;
  }

  private history({ history, properties }: NodeDetails) {
    const label = new Map(properties.map(({ name, label }) => [name, label]));
    const written = (value: unknown) => (typeof value === "object" && value ? Object.values(value).join(" ") : String(value));
    return html`<details>
      <summary>${say("history", { n: history.length })}</summary>
      <ol>
        ${[...history].reverse().map(
          (one) => html`<li>
            <strong>${one.source} ${one.record ?? ""}</strong>
            <span class="hint">${one.validTo ? say("fromTo", { from: day(one.validFrom), to: day(one.validTo) }) : say("since", { day: day(one.validFrom) })}</span>
            <span class="said">${Object.entries(one.properties).map(([name, value]) => `${label.get(name) ?? name}: ${written(value)}`).join(" · ")}</span>
          </li>`,
        )}
      </ol>
    </details>`;
  }

  override render() {
    const { details, error } = this;
    const failed = error && !(error instanceof AskError && error.code === "unauthenticated");
    return html`
      ${details
        ? html`<p class="kind">${sign(details.kind.name)} ${details.kind.label}</p><h2>${details.caption}</h2>`
        : nothing}
      <slot></slot>
      ${failed ? html`<m-error .error=${error} @retry=${this.reload}></m-error>` : nothing}
      ${details ? this.body(details) : details === null ? html`<p>${say("gone")}</p>` : failed ? nothing : html`<m-skeleton count="6"></m-skeleton>`}
    `;
  }

  static override styles = [
    base,
    buttons,
    panels,
    prose,
    css`
      .kind {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        margin: 0;
        font-size: 0.85rem;
        color: var(--faint);
      }
      h2 {
        overflow-wrap: anywhere;
        display: -webkit-box;
        -webkit-line-clamp: 4;
        -webkit-box-orient: vertical;
        overflow: hidden;
      }
      dl {
        margin: 0.75rem 0;
      }
      dl div {
        padding: 0.35rem 0;
        border-top: 1px solid var(--line);
      }
      dt {
        font-size: 0.82rem;
        color: var(--faint);
      }
      dd {
        margin: 0;
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      .key {
        font-family: var(--digits);
        font-size: 0.9rem;
      }
      .source,
      .hint {
        font-size: 0.82rem;
        color: var(--faint);
        white-space: normal;
      }
      details {
        font-size: 0.9rem;
      }
      ol {
        margin: 0.5rem 0;
        padding-inline-start: 1.2rem;
      }
      li {
        margin-bottom: 0.5rem;
      }
      .said {
        display: block;
        overflow-wrap: anywhere;
      }
    `,
  ];
}
