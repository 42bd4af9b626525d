import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../shared/events";
import { Loading } from "../shared/loading";
import { base, buttons, panels, prose } from "../shared/look";
import "../shared/quote";
import { Spoken, day, decimal, percent, sayer } from "../shared/words";
import { WhyDocument, type WhyQuery } from "./evidence.generated";
import { words } from "./panel-words";

const say = sayer(words);
type Edge = NonNullable<WhyQuery["subgraph"]>["edges"][number];
/** What the sentence and the quote tell already. */
const TOLD = new Set(["quote", "starts_at", "ends_at"]);

/** Why two nodes are joined, in words, with what shows it. Fires `choose` (id) for either end. */
@customElement("m-edge-panel")
export class EdgePanel extends LitElement {
  @property() from = "";
  @property() to = "";
  @property({ attribute: false }) names: readonly [string, string] = ["", ""];
  @property() tab = "search";

  protected readonly spoken = new Spoken(this);
  private readonly why = new Loading(this, WhyDocument, () => (this.from && this.to ? { ids: [this.from, this.to] } : null));

  private evidence(edge: Edge) {
    const properties = edge.properties as Record<string, unknown>;
    const quote = typeof properties.quote === "string" ? properties.quote : "";
    const more = Object.entries(properties).filter(([name, value]) => value != null && !TOLD.has(name));
    const { source, run, validFrom, validTo } = edge.provenance;
    return html`<li>
      <p class="sentence">${edge.sentence}</p>
      ${quote ? this.quote(edge, quote) : nothing}
      ${more.length
        ? html`<dl>${more.map(([name, value]) => html`<div><dt>${name.replaceAll("_", " ")}</dt><dd>${this.value(name, value)}</dd></div>`)}</dl>`
        : nothing}
      <p class="hint">
        ${say("sourceRow", { source, run })} ·
        ${validTo ? say("fromTo", { from: day(validFrom), to: day(validTo) }) : say("since", { day: day(validFrom) })}
      </p>
    </li>`;
  }

  /** The words in the text they are from, where that may be seen. */
  private quote({ from, properties }: Edge, quote: string) {
    const { starts_at: start, ends_at: end } = properties as Record<string, unknown>;
    const { text, language } = from && "text" in from ? from : { text: null, language: null };
    const placed = text && typeof start === "number" && typeof end === "number";
    return html`<m-quote .text=${text ?? ""} .quote=${quote} .spans=${placed ? [{ start, end }] : []} speech=${language ?? ""}></m-quote>`;
  }

  private value(name: string, value: unknown): string {
    if (typeof value !== "number") return typeof value === "object" ? JSON.stringify(value) : String(value);
    return /confidence|probability/.test(name) ? percent(value) : Number.isInteger(value) ? String(value) : decimal(value, 2);
  }

  override render() {
    const ends = [this.from, this.to];
    return html`
      <p class="kind">${say("relationship")}</p>
      <h2>
        ${ends.map((id, index) => html`<button class="plain end" @click=${() => fire(this, "choose", id)}>${this.names[index]}</button>`)}
      </h2>
      ${this.why.show(({ subgraph }) => {
        const edges = subgraph?.edges ?? [];
        return edges.length ? html`<ul>${edges.map((edge) => this.evidence(edge))}</ul>` : html`<p>${say("noEdge")}</p>`;
      })}
    `;
  }

  static override styles = [
    base,
    buttons,
    panels,
    prose,
    css`
      .kind,
      .hint {
        margin: 0.25rem 0;
        font-size: 0.85rem;
        color: var(--faint);
      }
      h2 {
        display: grid;
        justify-items: start;
        gap: 0.15rem;
        font-size: 1rem;
      }
      button.end {
        padding: 0;
        font-size: inherit;
        font-weight: 600;
        text-align: start;
        overflow-wrap: anywhere;
      }
      ul {
        margin: 0.5rem 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 0.6rem 0;
        border-top: 1px solid var(--line);
      }
      .sentence {
        margin-top: 0;
        overflow-wrap: anywhere;
      }
      dl {
        display: grid;
        gap: 0.15rem;
        margin: 0.5rem 0;
        font-size: 0.88rem;
      }
      dl div {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
      }
      dt {
        color: var(--faint);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        text-align: end;
      }
    `,
  ];
}
