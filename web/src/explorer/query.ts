import { LitElement, css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Question, questions, questionsChanged } from "../shared/asked";
import "../shared/empty";
import { base, controls } from "../shared/look";
import { choose, places } from "../shared/place";
import { Placed } from "../shared/placed";
import { Spoken, sayer } from "../shared/words";
import { isTab, words as tabWords } from "./tab-words";
import { words } from "./words";

const say = sayer(words);
const sayTab = sayer(tabWords);

/** GraphiQL, with what a tab asked in it: `#query?of=causes`, of its questions the last or the one that is chosen. */
@customElement("m-query")
export class Query extends LitElement {
  @query("iframe") private readonly frame!: HTMLIFrameElement | null;
  @state() private first = "";
  /** What is shown; it stays while one edits it, whatever that tab asks meanwhile. */
  @state() private question: Question | undefined;

  private readonly placed = new Placed(this, "query");
  protected readonly spoken = new Spoken(this);
  private readonly follow = () => {
    if (!this.question) this.look();
    this.requestUpdate();
  };
  private readonly look = () => {
    if (!this.placed.shown) return;
    const asked = questions(this.tab);
    this.question = asked.find(({ name }) => name === this.placed.chosen.get("name")) ?? asked[0];
  };

  override connectedCallback(): void {
    super.connectedCallback();
    questionsChanged.addEventListener("change", this.follow);
    places.addEventListener("change", this.look);
    this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    questionsChanged.removeEventListener("change", this.follow);
    places.removeEventListener("change", this.look);
  }

  private get tab(): string {
    const of = this.placed.chosen.get("of") ?? "";
    return isTab(of) && of !== "query" ? of : "causes";
  }

  private address(question: Question | undefined): string {
    if (!question) return "/graphql";
    const variables = JSON.stringify(question.variables);
    return `/graphql#${new URLSearchParams({ query: question.query.trim(), variables }).toString()}`;
  }

  /** Another question takes the place of the one before: without loading the page again, or a step for Back. */
  override updated(): void {
    const address = this.address(this.question);
    if (!this.first) this.first = address;
    const shown = this.frame?.contentWindow?.location;
    if (shown && shown.pathname === "/graphql" && shown.pathname + shown.hash !== address) shown.replace(address);
  }

  override render() {
    const asked = questions(this.tab);
    const now = this.question;
    return html`
      <div class="bar">
        ${asked.length
          ? html`<label for="question">${say("question", { tab: sayTab(this.tab as "causes") })}</label>
              <select id="question" @change=${(event: Event) => choose({ of: this.tab, name: (event.target as HTMLSelectElement).value })}>
                ${asked.map(({ name }) => html`<option value=${name} .selected=${name === now?.name}>${name}</option>`)}
              </select>`
          : html`<span><strong>${say("notAsked")}.</strong> ${say("notAskedHint")}</span>`}
        <a class="button" href=${this.address(now)} target="_blank" rel="noopener">${say("newWindow")}</a>
      </div>
      ${this.first ? html`<iframe title=${say("query")} src=${this.first}></iframe>` : nothing}
    `;
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 0.75rem;
        padding: 0.5rem 1rem;
        font-size: 0.9rem;
        border-bottom: 1px solid var(--line);
      }
      .button {
        margin-inline-start: auto;
      }
      iframe {
        flex: 1;
        min-height: 32rem;
        border: 0;
      }
    `,
  ];
}
