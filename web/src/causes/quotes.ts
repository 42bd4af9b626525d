import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { Loading } from "../shared/loading";
import { base, panels } from "../shared/look";
import "../shared/quote";
import type { RootCauseFilter } from "../shared/types.generated";
import { Spoken, day, percent, sayer } from "../shared/words";
import { excerpt } from "./excerpt";
import { CauseQuotesDocument } from "./quotes.generated";
import { words } from "./words";

const say = sayer(words);
const SHOWN = 2;

/** What customers say of a root cause: asked for when it comes into sight. */
@customElement("m-cause-quotes")
export class CauseQuotes extends LitElement {
  @property() cause = "";
  @property({ attribute: false }) filter: RootCauseFilter | null = null;
  @state() private seen = false;

  protected readonly spoken = new Spoken(this);
  private readonly said = new Loading(this, CauseQuotesDocument, () => (this.seen ? { id: this.cause, filter: this.filter } : null));
  private readonly sight = new IntersectionObserver(
    (entries) => {
      if (!entries.some((one) => one.isIntersecting)) return;
      this.seen = true;
      this.sight.disconnect();
    },
    { rootMargin: "200px" },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.seen) this.sight.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sight.disconnect();
  }

  override render() {
    return this.said.show(({ rootCause }) => {
      if (!rootCause) return nothing;
      const told = rootCause.evidence.filter(({ quote }) => quote);
      const hidden = this.said.masked.includes("Quote.quote");
      return html`
        ${rootCause.stated.length
          ? html`<p><span class="faint">${say("writeMost")}</span> ${rootCause.stated.slice(0, 3).map(({ name, share }) => html`<span class="chip">${name} <b>${percent(share)}</b></span> `)}</p>`
          : nothing}
        ${told.slice(0, SHOWN).map(
          ({ quote, complaint }) => html`<m-quote text=${excerpt(complaint.text ?? "", quote ?? "")} quote=${quote ?? ""} speech=${complaint.language ?? ""}>${complaint.filedAt ? day(complaint.filedAt) : nothing}</m-quote>`,
        )}
        ${hidden ? html`<p class="faint">${say("hiddenQuotes")}</p>` : told.length ? nothing : html`<p class="faint">${say("noQuotes")}</p>`}
      `;
    }, html`<m-skeleton count="2"></m-skeleton>`);
  }

  static override styles = [
    base,
    panels,
    css`
      :host {
        display: grid;
        gap: 0.5rem;
        min-height: 4rem;
        font-size: 0.92rem;
      }
      p {
        margin: 0;
        font-size: 0.88rem;
      }
      b {
        font-weight: 600;
      }
    `,
  ];
}
