import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base } from "./look";
import { type Span, cut, find } from "./spans";

/**
 * What somebody wrote, with the words marked that matter: by `spans`, or by `quote`, which is looked for in the text.
 * Whose words these are goes inside it.
 */
@customElement("m-quote")
export class Quote extends LitElement {
  @property() text = "";
  @property({ attribute: false }) spans: readonly Span[] = [];
  @property() quote = "";
  /** The language of the text, for those who hear it read; empty: not known. */
  @property() speech = "";

  override render() {
    const found = this.spans.length ? null : find(this.text, this.quote);
    const text = this.text || this.quote;
    const spans = found ? [found] : this.spans.length || this.text ? this.spans : [];
    return html`<figure>
      <blockquote lang=${this.speech || nothing}>${cut(text, spans).map(({ words, marked }) =>
        marked ? html`<mark>${words}</mark>` : words,
      )}</blockquote>
      <figcaption><slot></slot></figcaption>
    </figure>`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      figure {
        margin: 0;
        padding-inline-start: 0.75rem;
        border-inline-start: 3px solid var(--line);
      }
      blockquote {
        margin: 0;
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      mark {
        padding: 0.05em 0.1em;
        color: var(--ink);
        background: var(--mark);
        border-radius: 3px;
      }
      figcaption {
        font-size: 0.85rem;
        color: var(--faint);
      }
    `,
  ];
}
