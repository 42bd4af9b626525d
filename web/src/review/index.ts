import { LitElement, css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import "../shared/empty";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { MeDocument } from "../shared/me.generated";
import { go } from "../shared/place";
import { Placed } from "../shared/placed";
import { Spoken, count, sayer } from "../shared/words";
import "./causes";
import "./decided";
import { Decisions, type Topic } from "./decisions";
import "./identities";
import { idOf } from "./identities";
import { ReviewCausesDocument, ReviewIdentitiesDocument } from "./review.generated";
import { words } from "./words";

const say = sayer(words);
const REVIEWERS = ["INVESTIGATOR", "ADMIN"];
const PARTS = ["causes", "identities", "decided"] as const;
type Part = (typeof PARTS)[number];

/** What waits for a decision: causes that texts propose, and identities in doubt. */
@customElement("m-review")
export class Review extends LitElement {
  @state() private version = 0;
  @state() private turn = 0;

  private readonly placed = new Placed(this, "review");
  protected readonly spoken = new Spoken(this);
  private readonly decisions = new Decisions();
  private readonly me = new Loading(this, MeDocument, () => ({}), { tab: "review" });
  private readonly causes = new Loading(this, ReviewCausesDocument, () => (this.allowed ? {} : null), { tab: "review" });
  private readonly identities = new Loading(this, ReviewIdentitiesDocument, () => (this.allowed ? {} : null), { tab: "review" });

  constructor() {
    super();
    this.decisions.addEventListener("change", () => this.turn++);
    this.decisions.addEventListener("decided", (event) => this.follow((event as CustomEvent<Topic>).detail));
    this.decisions.addEventListener("back", (event) => {
      const { topic, item } = (event as CustomEvent<{ topic: Topic; item: string }>).detail;
      if (item && this.placed.shown) go({ path: [topic, item] }, { replace: true });
    });
  }

  private get allowed(): boolean {
    return REVIEWERS.includes(this.me.data?.me.role ?? "");
  }

  private get shownPart(): Part {
    return PARTS.find((part) => part === this.placed.path[0]) ?? "causes";
  }

  /** What was decided changes what waits. */
  private follow(topic?: Topic): void {
    this.version++;
    if (topic !== "identities") this.causes.reload();
    if (topic !== "causes") this.identities.reload();
  }

  private waiting(part: Part): number | null {
    if (part === "causes") return this.causes.data?.causeProposals.nodes.filter(({ id }) => !this.decisions.isGone(id)).length ?? null;
    if (part === "identities") return this.identities.data?.doubtfulIdentities.filter((doubt) => !this.decisions.isGone(idOf(doubt))).length ?? null;
    return null;
  }

  private tabs(): TemplateResult {
    return html`<nav aria-label=${say("queue")}>
      ${PARTS.map((part) => {
        const n = this.waiting(part);
        return html`<a href="#review/${part}" aria-current=${part === this.shownPart ? "true" : "false"} aria-label=${n === null ? say(part) : say("counted", { name: say(part), n })}>
          ${say(part)}${n === null ? "" : html` <span class="chip">${count(n)}</span>`}
        </a>`;
      })}
    </nav>`;
  }

  private body(): unknown {
    const at = this.placed.path[1] ?? "";
    const skeleton = html`<m-skeleton kind="cards" count="2"></m-skeleton>`;
    if (this.shownPart === "decided") return html`<m-review-decided .version=${this.version} @undo=${() => this.follow()}></m-review-decided>`;
    if (this.shownPart === "identities") {
      return this.identities.show(
        ({ doubtfulIdentities }) => html`<m-review-identities .doubts=${doubtfulIdentities} .decisions=${this.decisions} .turn=${this.turn} .at=${at}></m-review-identities>`,
        skeleton,
      );
    }
    return this.causes.show(
      ({ causeProposals }) => html`<m-review-causes .queue=${causeProposals} .decisions=${this.decisions} .turn=${this.turn} .at=${at}></m-review-causes>`,
      skeleton,
    );
  }

  override render() {
    return this.me.show(() => {
      if (!this.allowed) return html`<m-empty heading=${say("refused")} hint=${say("refusedHint")}></m-empty>`;
      return html`<h2 class="heard">${say("queue")}</h2>${this.tabs()}${this.body()}`;
    });
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: 1rem;
        width: 100%;
        max-width: 76rem;
        margin: 0 auto;
        padding: 1rem;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
      }
      nav a {
        padding: 0.25rem 0;
        color: var(--faint);
        text-decoration: none;
        border-bottom: 2px solid transparent;
      }
      nav a[aria-current="true"] {
        font-weight: 600;
        color: var(--accent);
        border-color: var(--accent);
      }
    `,
  ];
}
