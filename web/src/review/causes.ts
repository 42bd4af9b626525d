import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ask } from "../shared/ask";
import { Keys } from "../shared/keys";
import { base, controls, panels, prose } from "../shared/look";
import { go } from "../shared/place";
import "../shared/quote";
import { Spoken, day, language, sayer } from "../shared/words";
import "./chooser";
import type { NamedCause } from "./chooser";
import type { Decisions } from "./decisions";
import { reviewLook } from "./look";
import { drawList, drawProgress, drawSteps } from "./parts";
import { after, numberOf, placeOf, progressOf, stepFrom } from "./queue";
import {
  AcceptCauseDocument,
  CorrectCauseDocument,
  MergeCauseDocument,
  RejectCauseDocument,
  type ReviewCausesQuery,
  UndoCauseDocument,
} from "./review.generated";
import { words } from "./words";

const say = sayer(words);
type Proposal = ReviewCausesQuery["causeProposals"]["nodes"][number];
type Quote = Proposal["quotes"][number];

/** What texts state and has no name yet: accepted as a cause, counted to one that is known, or rejected. */
@customElement("m-review-causes")
export class ReviewCauses extends LitElement {
  @property({ attribute: false }) queue!: ReviewCausesQuery["causeProposals"];
  @property({ attribute: false }) decisions!: Decisions;
  /** Another when something is gone from the queue, or back. */
  @property({ type: Number }) turn = 0;
  /** The proposal that is looked at. */
  @property() at = "";
  /** What a cause is chosen for: all of a proposal, or one complaint. */
  @state() private choosing: "proposal" | Quote | null = null;
  @state() private typed: Readonly<Record<string, string>> = {};

  protected readonly spoken = new Spoken(this);
  protected readonly keys = new Keys(this, () => [
    { key: "a", does: say("accept"), run: () => this.accept() },
    { key: "c", does: say("correct"), run: () => this.now && (this.choosing = "proposal") },
    { key: "r", does: say("reject"), run: () => this.reject() },
    { key: "e", does: say("editName"), run: () => this.renderRoot.querySelector<HTMLElement>("#name")?.focus() },
    { key: "u", does: say("undo"), run: () => this.decisions.undo(say("undone"), say("nothingToUndo")) },
    { key: "j", does: say("next"), run: () => this.step(1) },
    { key: "k", does: say("previous"), run: () => this.step(-1) },
  ]);

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("at")) this.renderRoot.querySelector(".list [aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }

  private get waiting(): readonly Proposal[] {
    return this.queue.nodes.filter(({ id }) => !this.decisions.isGone(id));
  }

  private get ids(): readonly string[] {
    return this.waiting.map(({ id }) => id);
  }

  private get now(): Proposal | undefined {
    return this.waiting[placeOf(this.ids, this.at)];
  }

  private show(id: string, replace = false): void {
    go({ path: ["causes", id].filter(Boolean) }, { replace });
  }

  private step(by: number): void {
    this.show(stepFrom(this.ids, this.at, by), true);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("h3")?.focus());
  }

  private nameOf(proposal: Proposal): string {
    return this.typed[proposal.id] ?? proposal.name ?? "";
  }

  private decide(proposal: Proposal, make: () => Promise<number>, said: string): void {
    const next = after(this.ids, proposal.id);
    this.decisions.decide({ topic: "causes", item: proposal.id, make, undo: undoCause, said, undone: say("undone") });
    this.show(next, true);
  }

  private accept(): void {
    const proposal = this.now;
    if (!proposal) return;
    const name = this.nameOf(proposal).trim();
    const names = name && name !== proposal.name ? { [language()]: name } : null;
    this.decide(
      proposal,
      async () => (await ask(AcceptCauseDocument, { id: proposal.id, names }, { tab: "review" })).acceptCauseProposal.number,
      say("accepted", { what: name || proposal.id }),
    );
  }

  private reject(): void {
    const proposal = this.now;
    if (!proposal) return;
    const make = async () => (await ask(RejectCauseDocument, { id: proposal.id }, { tab: "review" })).rejectCauseProposal.number;
    this.decide(proposal, make, say("rejected", { what: proposal.name ?? proposal.id }));
  }

  private choose(cause: NamedCause): void {
    const proposal = this.now;
    const chosen = this.choosing;
    this.choosing = null;
    if (!proposal || !chosen) return;
    if (chosen === "proposal") {
      const make = async () => (await ask(MergeCauseDocument, { id: proposal.id, into: cause.key }, { tab: "review" })).mergeCauseProposal.number;
      this.decide(proposal, make, say("merged", { what: proposal.name ?? proposal.id, cause: cause.caption }));
      return;
    }
    const { complaint, quote } = chosen;
    if (!complaint) return;
    const variables = { complaint: complaint.key, cause: cause.key, quote: numberOf(complaint.attributedToCause?.edges ?? [], quote ?? "") };
    this.decisions.decide({
      topic: "causes",
      item: "",
      make: async () => (await ask(CorrectCauseDocument, variables, { tab: "review" })).correctComplaintCause.number,
      undo: undoCause,
      said: say("corrected", { cause: cause.caption }),
      undone: say("undone"),
    });
  }

  private quote(quote: Quote): TemplateResult {
    const { complaint } = quote;
    const when = complaint?.filedAt ? day(complaint.filedAt) : (complaint?.key ?? "");
    return html`<li>
      <m-quote .text=${complaint?.text ?? ""} .quote=${quote.quote ?? ""} speech=${quote.language}>
        ${quote.complaints == null ? when : say("quoteOf", { when, n: quote.complaints })}
        ${complaint ? html`<button class="plain" @click=${() => (this.choosing = quote)}>${say("otherCause")}</button>` : nothing}
      </m-quote>
    </li>`;
  }

  private item(proposal: Proposal): TemplateResult {
    const place = placeOf(this.ids, proposal.id);
    return html`<article class="item panel" aria-labelledby="title">
      <div>
        <h3 id="title" tabindex="-1">${proposal.name ?? proposal.id}</h3>
        <div class="under">
          <span>${say("complaints", { n: proposal.complaints })}</span>
          <span class="chip ${proposal.state === "AGAIN" ? "warn" : ""}">${say(proposal.state)}</span>
        </div>
      </div>
      <div class="field">
        <label for="name">${say("name")}</label>
        <input
          id="name"
          autocomplete="off"
          .value=${this.nameOf(proposal)}
          @input=${(event: Event) => (this.typed = { ...this.typed, [proposal.id]: (event.target as HTMLInputElement).value })}
          @keydown=${(event: KeyboardEvent) => event.key === "Enter" && this.accept()}
        />
        <span class="hint">${say("nameHint")}</span>
      </div>
      <div class="decide">
        <button class="main" title=${say("acceptHint")} @click=${this.accept}>${say("accept")} <kbd aria-hidden="true">a</kbd></button>
        <button title=${say("mergeHint")} @click=${() => (this.choosing = "proposal")}>${say("correct")} <kbd aria-hidden="true">c</kbd></button>
        <button class="bad" title=${say("rejectHint")} @click=${this.reject}>${say("reject")} <kbd aria-hidden="true">r</kbd></button>
      </div>
      <section aria-labelledby="quotes">
        <h4 id="quotes">${say("quotes")}</h4>
        <ul class="quotes">${proposal.quotes.map((quote) => this.quote(quote))}</ul>
      </section>
      ${drawSteps((by) => this.step(by), place, this.ids.length)}
    </article>`;
  }

  override render() {
    const { now, waiting } = this;
    const done = this.decisions.done("causes");
    const one = this.choosing;
    return html`
      ${drawProgress(progressOf(waiting.length, done))}
      ${now
        ? html`<div class="desk">
            ${drawList(
              waiting.map(({ id, name, complaints }) => ({ id, label: name ?? id, count: String(complaints) })),
              now.id,
              (id) => this.show(id),
            )}
            ${this.item(now)}
          </div>`
        : html`<m-empty heading=${say(done ? "allDecided" : "emptyCauses")} hint=${done ? say("allDecidedHint", { n: done }) : say("emptyCausesHint")}>
            <a class="button" href="#review/decided">${say("goOn")}</a>
          </m-empty>`}
      ${this.queue.unlike ? html`<p class="faint">${say("unlike", { n: this.queue.unlike })}</p>` : nothing}
      <m-cause-chooser
        ?open=${one !== null}
        heading=${say(one === "proposal" ? "chooseCause" : "correctThis")}
        hint=${say(one === "proposal" ? "chooseHint" : "correctHint")}
        .nearest=${now?.nearest ?? []}
        @choose=${({ detail }: CustomEvent<NamedCause>) => this.choose(detail)}
        @close=${() => (this.choosing = null)}
      ></m-cause-chooser>
    `;
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    reviewLook,
    css`
      h4 {
        margin: 0 0 0.5rem;
        font-size: 0.9rem;
      }
      .quotes {
        display: grid;
        gap: 0.9rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }
    `,
  ];
}

const undoCause = (last: number) => ask(UndoCauseDocument, { last }, { tab: "review" });
