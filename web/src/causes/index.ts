import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { AskError } from "../shared/ask";
import "../shared/empty";
import { Keys } from "../shared/keys";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { address, go } from "../shared/place";
import { Placed } from "../shared/placed";
import "../shared/skeleton";
import type { RootCauseFilter } from "../shared/types.generated";
import { VocabularyDocument } from "../shared/vocabulary.generated";
import { Spoken, moment, percent, sayer } from "../shared/words";
import { cardLook, drawCard, scaleOf } from "./card";
import { CausesDocument, type CausesQuery } from "./causes.generated";
import { type Choice, countChosen, filterCauses, readChoice, writeChoice } from "./filter";
import "./filters";
import { listLook } from "./list-look";
import { Patience, goesOn } from "./patience";
import "./progress";
import { Search } from "./search";
import { words } from "./words";

const say = sayer(words);
const AT_ONCE = 20;
const MOST = 200;

type Found = CausesQuery["rootCauses"];

/** The front page: the root causes, ranked, of all complaints or of those that a filter chooses; and one of them, opened. */
@customElement("m-causes")
export class Causes extends LitElement {
  @state() private first = AT_ONCE;
  @state() private filtering = false;
  @state() private opened: "no" | "loading" | "yes" | "failed" = "no";
  /** The id of the root cause that is reached by Tab. */
  @state() private at = "";
  @query("ol") private readonly listed!: HTMLElement | null;

  protected readonly spoken = new Spoken(this);
  private readonly placed = new Placed(this, "causes");
  private readonly all = new Loading(this, CausesDocument, () => ({ filter: null, first: this.first }), { tab: "causes" });
  private readonly kinds = new Loading(this, VocabularyDocument, () => (countChosen(this.choice) || this.cause ? {} : null), { tab: "causes" });
  protected readonly search = new Search(this, () => this.filter);
  private readonly some = new Loading(
    this,
    CausesDocument,
    () => (this.filter && this.search.state === "found" ? { filter: this.filter, first: this.first } : null),
    { tab: "causes", onData: () => (this.answered = JSON.stringify(this.filter)) },
  );
  protected readonly patience = new Patience(this, [this.all, this.some], () => {
    const asked = this.filter ? this.some : this.all;
    return this.found && !this.found.current ? asked : null;
  });
  protected readonly keys = new Keys(this, () =>
    this.cause ? [] : [
      { key: "j", does: say("next"), run: () => this.step(1) },
      { key: "k", does: say("previous"), run: () => this.step(-1) },
    ],
  );
  private scrolled = 0;
  private shownId = "";
  /** The filter that the last answer with one is of. */
  private answered = "";

  /** The id of the root cause that is opened; empty: none. */
  private get cause(): string {
    return this.placed.path[0] ?? "";
  }

  private get choice(): Choice {
    return readChoice(this.placed.chosen);
  }

  private get filter(): RootCauseFilter | null {
    const unit = this.all.data?.rootCauses.unit;
    const kind = this.kinds.data?.vocabulary.kinds.find(({ name }) => name === unit);
    return kind ? filterCauses(this.choice, kind) : null;
  }

  /** What is shown: found among all complaints, or with the filter that is chosen; undefined until there is an answer. */
  private get found(): Found | undefined {
    if (!countChosen(this.choice)) return this.all.data?.rootCauses;
    const holds = this.search.state === "found" && this.answered === JSON.stringify(this.filter);
    return holds ? this.some.data?.rootCauses : undefined;
  }

  override willUpdate(): void {
    if (this.cause === this.shownId) return;
    if (!this.shownId) this.scrolled = scrollY;
    if (this.cause && this.opened !== "yes") void this.loadDetail();
  }

  override updated(): void {
    if (this.cause === this.shownId) return;
    const left = this.shownId;
    this.shownId = this.cause;
    if (!this.placed.shown) return;
    scrollTo(0, this.cause ? 0 : this.scrolled);
    if (!this.cause) this.links.find((link) => link.closest("article")?.getAttribute("aria-labelledby") === left)?.focus({ preventScroll: true });
  }

  private async loadDetail(): Promise<void> {
    this.opened = "loading";
    try {
      await import("./cause");
      this.opened = "yes";
    } catch {
      this.opened = "failed";
    }
  }

  private get links(): HTMLAnchorElement[] {
    return [...(this.listed?.querySelectorAll<HTMLAnchorElement>("h3 a") ?? [])];
  }

  private step(by: number): void {
    const { links } = this;
    const from = links.findIndex((link) => link === this.shadowRoot?.activeElement);
    const next = links[Math.max(0, Math.min(links.length - 1, from < 0 ? 0 : from + by))];
    next?.focus();
    next?.closest("article")?.scrollIntoView({ block: "nearest" });
  }

  private walk(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -MOST, End: MOST }[event.key];
    if (!step || event.defaultPrevented) return;
    event.preventDefault();
    this.step(step);
  }

  private clear(): void {
    go({ chosen: new URLSearchParams() });
  }

  private linkOf(id: string): string {
    return address({ tab: "causes", path: [id], chosen: writeChoice(this.choice) });
  }

  private header({ nodes, complaints, unexplained, asOf, current }: Found): TemplateResult {
    const share = complaints ? 1 - unexplained / complaints : 0;
    const figures = { n: nodes.length, share: percent(share), all: complaints };
    return html`<p class="summary">${say(this.filter ? "summaryIn" : "summary", figures)}</p>
      <svg class="explained" role="img" aria-label="${say("explained")}: ${percent(share)}"><rect width=${percent100(share)} height="100%"></rect></svg>
      <p class="as-of">${say("asOf", { when: moment(asOf) })}${current ? nothing : html` · <span role="status">${say("newer")}</span>`}</p>`;
  }

  private list(found: Found): TemplateResult {
    const { nodes } = found;
    if (!nodes.length) return this.none();
    const scale = scaleOf(nodes);
    const reached = nodes.some(({ id }) => id === this.at) ? this.at : nodes[0]?.id;
    return html`
      <ol aria-label=${say("list")} @keydown=${this.walk} @focusin=${this.reach}>
        ${nodes.map((cause) => drawCard(cause, { address: this.linkOf(cause.id), scale, filter: this.filter, reached: cause.id === reached }))}
      </ol>
      ${nodes.length === this.first && this.first < MOST
        ? html`<button class="further" @click=${() => (this.first = MOST)}>${say("showMore")}</button>`
        : nothing}
    `;
  }

  private reach(event: FocusEvent): void {
    this.at = (event.target as HTMLElement).closest("article")?.getAttribute("aria-labelledby") ?? this.at;
  }

  private none(): TemplateResult {
    return countChosen(this.choice)
      ? html`<m-empty heading=${say("noCauses")} hint=${say("noCausesHint")}><button @click=${this.clear}>${say("clearFilters")}</button></m-empty>`
      : html`<m-empty heading=${say("noneAtAll")} hint=${say("noneAtAllHint")}></m-empty>`;
  }

  private waiting(): TemplateResult {
    return html`<div class="waiting" role="status">
        <h3>${say("looking")}</h3>
        <p>${goesOn(this.all.error) ? say("goesOn") : say("lookingHint")}</p>
      </div>
      <m-skeleton kind="cards" count="4"></m-skeleton>`;
  }

  /** Whether there are no complaints at all: nothing can be chosen among them. */
  private get blank(): boolean {
    return this.all.data === undefined && this.all.error instanceof AskError && ["not_found", "usage"].includes(this.all.error.code);
  }

  /** Of all complaints, or what keeps that from being shown. */
  private whole(): unknown {
    const { error } = this.all;
    if (this.all.data === undefined && error instanceof AskError) {
      if (error.code === "not_found")
        return html`<m-empty heading=${say("emptyStore")} hint=${say("emptyStoreHint")}><code>motivo ingest motivo.yaml</code><code>motivo demo</code></m-empty>`;
      if (error.code === "usage")
        return html`<m-empty heading=${say("noPaths")} hint=${say("noPathsHint")}><code>motivo ingest motivo.yaml</code></m-empty>`;
    }
    if (goesOn(error)) return this.all.data ? this.list(this.all.data.rootCauses) : this.waiting();
    return this.all.show(({ rootCauses }) => this.list(rootCauses), this.waiting());
  }

  private chosen(): unknown {
    if (this.all.data === undefined) return this.whole();
    const { state } = this.search;
    if (state !== "found") {
      if (this.kinds.error && !this.filter) return this.kinds.show(() => nothing);
      return html`<m-cause-progress .search=${this.search} @clear=${this.clear}></m-cause-progress>`;
    }
    const wait = html`<m-skeleton kind="cards" count="3"></m-skeleton>`;
    if (goesOn(this.some.error) || (!this.found && !this.some.error)) return wait;
    return this.some.show(({ rootCauses }) => (this.found ? this.list(rootCauses) : nothing), wait);
  }

  private detail(): unknown {
    if (!this.cause) return nothing;
    if (this.opened === "failed") return html`<m-error .error=${new AskError("", "network")} @retry=${this.loadDetail}></m-error>`;
    const ready = this.opened === "yes" && (!countChosen(this.choice) || this.search.state === "found");
    if (ready)
      return html`<m-cause
        .cause=${this.cause}
        .view=${this.placed.path[1] ?? ""}
        .filter=${this.filter}
        .choice=${this.choice}
        .survey=${this.found ?? null}
        .kinds=${this.kinds.data?.vocabulary.kinds ?? null}
      ></m-cause>`;
    return countChosen(this.choice) && this.search.state !== "idle"
      ? html`<m-cause-progress .search=${this.search} @clear=${this.clear}></m-cause-progress>`
      : html`<m-skeleton count="8"></m-skeleton>`;
  }

  override render() {
    const n = countChosen(this.choice);
    const shown = this.found;
    return html`
      <div class="page" ?hidden=${this.cause !== ""}>
        <aside aria-label=${say("filters")} ?hidden=${this.blank}>
          <button class="fold" aria-expanded=${this.filtering} @click=${() => (this.filtering = !this.filtering)}>
            ${n ? say("filtersN", { n }) : say("filters")}
          </button>
          <m-cause-filters class=${this.filtering ? "shown" : ""} .choice=${this.choice}></m-cause-filters>
        </aside>
        <section>
          <div class="head">
            <h2>${say("share")}</h2>
            ${n ? html`<button class="plain" @click=${this.clear}>${say("clearFilters")}</button>` : nothing}
            ${shown?.nodes.length ? this.header(shown) : nothing}
          </div>
          ${n ? this.chosen() : this.whole()}
        </section>
      </div>
      ${this.cause ? html`<div class="opened">${this.detail()}</div>` : nothing}
    `;
  }

  static override styles = [base, controls, panels, prose, cardLook, listLook];
}

function percent100(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
