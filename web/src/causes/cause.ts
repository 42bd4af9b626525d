import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "../shared/chart";
import { Keys } from "../shared/keys";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { MeDocument } from "../shared/me.generated";
import { address, go } from "../shared/place";
import { toast } from "../shared/toast";
import type { NodeFilter, RootCauseFilter } from "../shared/types.generated";
import type { Kind } from "../shared/vocabulary";
import { Spoken, count, day, decimal, month, percent, money, sayer } from "../shared/words";
import "./actions";
import { CauseEffectsDocument } from "./actions.generated";
import { aboutField, findAround } from "./around";
import { begin, courseOf } from "./card";
import { CauseDocument, type CauseQuery } from "./cause.generated";
import { causeLook } from "./cause-look";
import { words } from "./cause-words";
import "./exposed";
import { type Choice, filterComplaints, writeChoice } from "./filter";
import { drawOverview } from "./overview";
import { labelOf } from "./path";
import { Patience, goesOn } from "./patience";
import { patternLook } from "./pattern";
import { ratesByMonth } from "./rates";
import "./record";

const say = sayer(words);

export type Cause = NonNullable<CauseQuery["rootCause"]>;
export type Kinds = readonly Kind[];
export interface Survey {
  unit: string;
  units: number;
}
/** The months of all complaints that are not mostly outside of the records: the first and last may have a few days only. */
function wholeMonths({ trend, span }: CauseQuery): CauseQuery["trend"]["total"]["points"] {
  const [first, last] = (span.total ?? []).map(({ value }) => String(value ?? ""));
  return trend.total.points.filter(
    ({ label }) => !(label === first?.slice(0, 7) && Number(first.slice(8, 10)) > HALF) && !(label === last?.slice(0, 7) && Number(last.slice(8, 10)) < HALF),
  );
}
const HALF = 15; // days

/** So that it fits beside its mark. */
const shorten = (text: string) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
const VIEWS = ["", "exposed", "actions"] as const;

/** One root cause: what it is and what speaks for it, who else is exposed, and what was done about it. */
@customElement("m-cause")
export class CauseView extends LitElement {
  @property() cause = "";
  @property() view = "";
  @property({ attribute: false }) choice!: Choice;
  @property({ attribute: false }) filter: RootCauseFilter | null = null;
  @property({ attribute: false }) survey: Survey | null = null;
  @property({ attribute: false }) kinds: Kinds | null = null;
  @state() private recording = false;
  @state() private going = false;
  @query("h2") private readonly heading!: HTMLElement | null;

  protected readonly spoken = new Spoken(this);
  private readonly me = new Loading(this, MeDocument, () => ({}), { tab: "causes" });
  private readonly found = new Loading(
    this,
    CauseDocument,
    () => (this.survey && this.kinds ? { id: this.cause, filter: this.filter, complaints: this.complaints } : null),
    { tab: "causes", onData: () => void this.updateComplete.then(() => this.heading?.focus({ preventScroll: true })) },
  );
  private readonly effects = new Loading(this, CauseEffectsDocument, () => (this.survey && this.kinds ? { id: this.cause, filter: this.filter } : null), {
    tab: "causes",
  });
  protected readonly patience = new Patience(this, [this.found, this.effects]);
  protected readonly keys = new Keys(this, () => [
    { key: "Escape", does: say("back"), run: () => go({ path: [], chosen: writeChoice(this.choice) }) },
    { key: "g", does: say("graph"), run: () => void this.showOnGraph() },
    { key: "e", does: say("exposed"), run: () => go({ path: [this.cause, "exposed"] }) },
    ...(this.mayRecord ? [{ key: "a", does: say("record"), run: () => (this.recording = true) }] : []),
  ]);

  /** The complaints that its months are held against: of the filter, and about such a unit. */
  private get complaints(): NodeFilter | null {
    const about = aboutField(this.kinds ?? [], this.survey?.unit ?? "");
    const chosen = filterComplaints(this.choice)?.complaint;
    const and = [...(chosen ? [chosen] : []), ...(about ? [{ [about]: {} }] : [])];
    return and.length ? { complaint: { and } } : null;
  }

  private get mayRecord(): boolean {
    const role = this.me.data?.me.role;
    return role === "ANALYST" || role === "INVESTIGATOR" || role === "ADMIN";
  }

  override updated(changed: PropertyValues<this>): void {
    this.renderRoot.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (changed.has("view") && changed.get("view") !== undefined) this.heading?.focus({ preventScroll: true });
  }

  private async showOnGraph(): Promise<void> {
    const cause = this.found.data?.rootCause;
    if (!cause || this.going) return;
    this.going = true;
    try {
      const ids = await findAround(cause.evidence.map(({ complaint }) => complaint.id), cause.unit, cause.pattern, this.kinds ?? []);
      if (ids.length) go({ tab: "search", chosen: new URLSearchParams({ show: ids.join(",") }) });
      else toast(say("noIds"), { kind: "bad" });
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error), { kind: "bad" });
    }
    this.going = false;
  }

  private linkOf(view: string): string {
    return address({ tab: "causes", path: view ? [this.cause, view] : [this.cause], chosen: writeChoice(this.choice) });
  }

  private figures(cause: Cause): TemplateResult {
    const unit = labelOf(this.kinds ?? [], cause.unit);
    const { onset, onsetLow, onsetHigh, onsetRatio, qValue } = cause;
    const wide = onsetLow && onsetHigh && onsetLow !== onsetHigh;
    const one = (value: unknown, name: unknown, more: unknown = nothing) => html`<div><dt>${name}</dt><dd>${value}</dd>${more === nothing ? nothing : html`<dd class="more">${more}</dd>`}</div>`;
    return html`<dl class="figures">
      <div class="lift">
        <dt>${say("lift")}</dt>
        <dd>${decimal(cause.lift)}×</dd>
        <dd class="more">
          <m-interval bare value=${cause.lift} low=${cause.liftLow} high=${cause.liftHigh} least=${Math.min(0.8, cause.liftLow * 0.9)} most=${Math.max(3, cause.liftHigh * 1.1)}></m-interval>
          ${say("liftOf", { low: decimal(cause.liftLow), high: decimal(cause.liftHigh) })}<br />
          ${say("falseAlarm", { share: qValue < 0.001 ? say("under", { share: `${decimal(0.1)} %` }) : percent(qValue) })}
        </dd>
      </div>
      ${one(count(cause.complaints), say("share", { n: cause.complaints, share: percent(cause.coverage) }))}
      ${one(count(cause.customers), say("customers", { n: cause.customers }))}
      ${one(count(cause.exposed), say("exposedUnits", { unit }), say("each", { rate: decimal(cause.rate, 2), base: decimal(cause.baseRate, 2) }))}
      ${(cause.money ?? []).map(({ amount, currency }) => one(money(amount, currency), say("money")))}
      ${onset
        ? one(
            day(onset),
            wide ? say("onsetRange", { low: day(onsetLow), high: day(onsetHigh) }) : say("onset"),
            onsetRatio ? say("stronger", { ratio: decimal(onsetRatio) }) : nothing,
          )
        : nothing}
    </dl>`;
  }

  private draw(cause: Cause, data: CauseQuery): TemplateResult {
    const done = this.effects.data?.rootCause?.effects ?? [];
    const series = ratesByMonth(cause, wholeMonths(data), this.survey?.units ?? 0, { those: say("those"), others: say("others"), month });
    const marks = [
      ...(cause.onset ? [{ x: cause.onset, label: day(cause.onset) }] : []),
      ...done.map(({ action }) => ({ x: action.startsOn, label: shorten(action.what) })),
    ];
    const names = { "": say("overview"), exposed: say("exposed"), actions: done.length ? say("doneN", { n: done.length }) : say("done") };
    const view = VIEWS.find((one) => one === this.view) ?? "";
    return html`
      <header>
        <div class="title"><h2 tabindex="-1">${begin(cause.title)}</h2>${courseOf(cause)}</div>
        <p class="sentence">${cause.explanation}</p>
        <p class="judge">${say("judge")}</p>
        <div class="do">
          <button class=${this.going ? "busy" : ""} ?disabled=${this.going} @click=${this.showOnGraph}>${say("graph")}</button>
          ${this.mayRecord
            ? html`<button class="main" @click=${() => (this.recording = true)}>${say("record")}</button>`
            : this.me.data ? html`<span class="hint">${say("noRecord")}</span>` : nothing}
        </div>
      </header>
      ${this.figures(cause)}
      <nav aria-label=${say("parts")}>
        ${VIEWS.map((one) => html`<a href=${this.linkOf(one)} aria-current=${one === view ? "page" : nothing}>${names[one]}</a>`)}
      </nav>
      ${view === ""
        ? drawOverview({ cause, series, marks, kinds: this.kinds ?? [], masked: this.found.masked })
        : view === "exposed"
          ? html`<m-exposed .cause=${this.cause} .filter=${this.filter}></m-exposed>`
          : html`<m-actions
              .effects=${this.effects}
              .series=${series}
              .marks=${marks}
              .unit=${labelOf(this.kinds ?? [], cause.unit)}
              ?allowed=${this.mayRecord}
              .cause=${this.cause}
              .filter=${this.filter}
              @record=${() => (this.recording = true)}
            ></m-actions>`}
      <m-record-action
        ?open=${this.recording}
        .cause=${this.cause}
        .heading=${begin(cause.title)}
        .filter=${this.filter}
        @close=${() => (this.recording = false)}
        @done=${this.recorded}
      ></m-record-action>
    `;
  }

  private readonly recorded = () => {
    this.recording = false;
    this.effects.reload();
    if (this.view !== "actions") go({ path: [this.cause, "actions"] });
  };

  override render() {
    const skeleton = html`<m-skeleton count="4"></m-skeleton><br /><m-skeleton kind="cards" count="2"></m-skeleton>`;
    const gone = html`<m-empty heading=${say("noMore")} hint=${say("noMoreHint")}><a class="button" href=${address({ tab: "causes", path: [], chosen: new URLSearchParams() })}>${say("all")}</a></m-empty>`;
    return html`
      <a class="back" href=${address({ tab: "causes", path: [], chosen: writeChoice(this.choice) })}>← ${say("all")}</a>
      ${goesOn(this.found.error) && !this.found.data
        ? skeleton
        : this.found.show((data) => (data.rootCause ? (data.rootCause.id === this.cause ? this.draw(data.rootCause, data) : skeleton) : gone), skeleton)}
    `;
  }

  static override styles = [base, controls, panels, prose, patternLook, causeLook];
}
