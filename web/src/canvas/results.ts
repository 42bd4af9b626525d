import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../shared/events";
import "../shared/empty";
import { sign } from "../shared/kinds";
import { Loading } from "../shared/loading";
import { base, buttons, prose } from "../shared/look";
import { Spoken, sayer } from "../shared/words";
import { FindDocument, type FindQuery, type FindQueryVariables } from "./found.generated";
import { Followed } from "./followed";
import type { Names } from "./labels";
import { words } from "./tab-words";
import type { Workspace } from "./workspace";

const say = sayer(words);
const MOST = 50;
type Hit = NonNullable<FindQuery["search"]>[number];

/** What has the words that somebody looks for, with these marked. Fires `choose` (id) and `close`. */
@customElement("m-results")
export class Results extends LitElement {
  @property() text = "";
  @property() kind = "";
  /** There is no graph below. */
  @property({ type: Boolean, reflect: true }) whole = false;
  @property({ attribute: false }) work!: Workspace;
  @property({ attribute: false }) names!: Names;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);
  private readonly found = new Loading(this, FindDocument, () =>
    this.text ? { text: this.text, kinds: (this.kind ? [this.kind] : null) as NonNullable<FindQueryVariables["kinds"]> | null, first: MOST } : null,
  );

  /** The snippet has the words between « and ». */
  private snippet(text: string) {
    return text.split(/(«[^«»]*»)/).map((part) => (part.startsWith("«") ? html`<mark>${part.slice(1, -1)}</mark>` : part));
  }

  private hit({ node, kind, snippet }: Hit) {
    const there = this.work.picture.nodes.has(node.id);
    return html`<li>
      <button class="plain" @click=${() => fire(this, "choose", node.id)}>
        ${sign(kind)}
        <span>
          <span class="snippet">${this.snippet(snippet || node.caption)}</span>
          <span class="hint">${this.names.kind(kind)}${there ? ` · ${say("onGraph")}` : ""}</span>
        </span>
      </button>
    </li>`;
  }

  override render() {
    return html`<section aria-label=${say("find")}>
      ${this.found.show(
        ({ search }) => {
          const hits = search ?? [];
          return html`
            <div class="bar">
              <h2>${hits.length ? say(hits.length < MOST ? "results" : "firstResults", { n: hits.length, text: this.text }) : nothing}</h2>
              <button class="plain" aria-label=${say("closeResults")} @click=${() => fire(this, "close", null)}>✕</button>
            </div>
            ${hits.length
              ? html`<ol>${hits.map((hit) => this.hit(hit))}</ol>`
              : html`<m-empty heading=${say("noResults", { text: this.text })} hint=${say("noResultsHint")}></m-empty>`}
          `;
        },
        html`<m-skeleton kind="table" count="6"></m-skeleton>`,
      )}
    </section>`;
  }

  static override styles = [
    base,
    buttons,
    prose,
    css`
      :host {
        display: block;
        max-height: 45vh;
        overflow: auto;
        padding: 0.6rem 0.75rem;
        background: var(--ground);
        border-bottom: 1px solid var(--line);
      }
      :host([whole]) {
        max-height: none;
        border: 0;
      }
      .bar {
        display: flex;
        justify-content: space-between;
        gap: 1rem;
      }
      ol {
        margin: 0.4rem 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        border-top: 1px solid var(--line);
      }
      li button.plain {
        width: 100%;
        justify-content: start;
        align-items: start;
        padding: 0.45rem 0.25rem;
        color: var(--ink);
        text-align: start;
      }
      li button.plain:hover:not(:disabled) {
        text-decoration: none;
        background: var(--raised);
      }
      svg {
        margin-top: 0.2rem;
      }
      .snippet {
        display: block;
        overflow-wrap: anywhere;
      }
      mark {
        color: var(--ink);
        background: var(--mark);
        border-radius: 3px;
      }
      .hint {
        font-size: 0.82rem;
        color: var(--faint);
      }
    `,
  ];
}
