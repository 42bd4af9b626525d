import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../shared/chart";
import "../shared/empty";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { choose } from "../shared/place";
import type { Series } from "../shared/series";
import "../shared/sparkline";
import "../shared/table";
import type { Column } from "../shared/table";
import { Spoken, count, decimal, moment, percent, sayer } from "../shared/words";
import { AnalysisTrendDocument, type AnalysisTrendQueryVariables } from "./analysis.generated";
import { endOf, filterOf, writeCondition } from "./conditions";
import { drawNotes, drawSelect, optionsOf } from "./controls";
import { drawFiles } from "./files";
import { type Change, type Trend, changeOf, conditionsOfGroups, isNone, nameOf, toSeries } from "./figures";
import { groupingInput } from "./groupings";
import { labelOf, labelWithin, remember } from "./labels";
import { analysisLook } from "./look";
import { PERIODS } from "./question";
import { type View, asListed } from "./view";
import { words } from "./words";

const say = sayer(words);
const TOPS = [3, 5, 8, 12];

interface Line {
  name: string;
  behind: string[];
  amount: number | null;
  share: number | null;
  series: Series;
  change: Change;
}

/** How many there are in each period: all, then split by a lens; as counts, or as rates of what could have had them. */
@customElement("m-analysis-trend")
export class AnalysisTrend extends LitElement {
  @property({ attribute: false }) view!: View;

  protected readonly spoken = new Spoken(this);
  private readonly found = new Loading(this, AnalysisTrendDocument, () => this.asked, {
    tab: "analysis",
    onData: ({ trend }) => {
      const { lens, sub } = this.view;
      [lens, sub].forEach((by, index) => by && remember(asListed(this.view, by), trend.series.flatMap(({ groups }) => groups[index] ?? [])));
    },
  });

  private get asked(): AnalysisTrendQueryVariables | null {
    const { view } = this;
    const { question, kind, lens, sub, date } = view;
    if (!date) return null;
    return {
      kind: kind.name as AnalysisTrendQueryVariables["kind"],
      per: question.per,
      on: date.name === kind.begins ? null : date.name,
      since: question.since || null,
      until: question.until || null,
      lens: lens ? groupingInput(lens) : null,
      subLens: sub ? groupingInput(sub) : null,
      against: view.base ? { kind: view.base.name as AnalysisTrendQueryVariables["kind"] } : null,
      filter: filterOf(kind, view.filter) as AnalysisTrendQueryVariables["filter"],
      // One more, since those without a value are not drawn.
      top: question.top + 1,
    };
  }

  private controls(): TemplateResult {
    const { view } = this;
    const { question } = view;
    const none = { value: "-", label: say("noLens") };
    const lenses = optionsOf(view.lenses.filter(({ few }) => few), ({ path }) => path);
    const by = (name: string, value: string) => choose({ [name]: value, behind: null, after: null, before: null });
    return html`<div class="controls">
      ${drawSelect("per", say("per"), PERIODS.map((value) => ({ value, label: say(value) })), question.per, (value) => by("per", value === "MONTH" ? "" : value))}
      ${drawSelect("lens", say("lens"), [none, ...lenses], view.lens || "-", (value) => choose({ lens: value, sub: null, behind: null, after: null, before: null }))}
      ${view.lens
        ? drawSelect("sub", say("sub"), [{ ...none, value: "" }, ...lenses.filter(({ value }) => value !== view.lens)], view.sub, (value) => by("sub", value))
        : nothing}
      ${drawSelect(
        "against",
        say("against"),
        [{ value: "", label: say("counts") }, ...view.bases.map(({ name, label }) => ({ value: name, label: say("rate", { what: label }) }))],
        view.base?.name ?? "",
        (value) => choose({ against: value, lens: null, sub: null, behind: null, after: null, before: null }),
      )}
      ${view.dates.length > 1
        ? drawSelect("on", say("on"), view.dates.map(({ name, label }) => ({ value: name, label })), view.date?.name ?? "", (value) => by("on", value))
        : nothing}
      ${view.lens ? drawSelect("top", say("top"), TOPS.map((n) => ({ value: String(n), label: say("topN", { n }) })), String(question.top), (value) => by("top", value)) : nothing}
    </div>`;
  }

  /** The series that are drawn: those without a value only if somebody wants to see them. */
  private drawn(trend: Trend): Trend["series"] {
    const { top, none } = this.view.question;
    return (none ? trend.series : trend.series.filter((one) => !isNone(one))).slice(0, top);
  }

  private lines(trend: Trend): Line[] {
    const { view } = this;
    const { per } = view.question;
    const by = [view.lens, view.sub].filter(Boolean).map((one) => asListed(view, one));
    return trend.series.map((one) => {
      const series = toSeries(nameOf(one), one.points, per, view.base !== null);
      return {
        name: series.name,
        behind: conditionsOfGroups(by, one.groups).map(writeCondition),
        amount: one.count ?? null,
        share: one.count != null && trend.total.count ? one.count / trend.total.count : null,
        series,
        change: changeOf(series, per, trend.asOf),
      };
    });
  }

  private readonly format = (value: number) => (Number.isInteger(value) ? count(value) : decimal(value, this.view.base && value < 10 ? 2 : 1));

  private columns(by: string): Column<Line>[] {
    const per = say(this.view.question.per).toLocaleLowerCase();
    const figure = (value: number | null) => (value === null ? say("withheld") : this.format(value));
    return [
      { name: "name", title: by, value: ({ name }) => name },
      { name: "amount", title: say("amount"), numeric: true, value: ({ amount }) => amount, show: ({ amount }) => (amount === null ? say("withheld") : count(amount)) },
      { name: "share", title: say("share"), numeric: true, value: ({ share }) => share, show: ({ share }) => (share === null ? "–" : percent(share)) },
      {
        name: "course",
        title: say("course"),
        sortable: false,
        value: ({ series }) => series.points.map(({ y }) => y ?? "").join(" "),
        show: ({ series }) => html`<m-sparkline .values=${series.points.map(({ y }) => y ?? 0)}></m-sparkline>`,
      },
      { name: "latest", title: say("latest", { per }), numeric: true, value: ({ change }) => change.now, show: ({ change }) => figure(change.now) },
      {
        name: "change",
        title: say("change"),
        numeric: true,
        value: ({ change }) => change.ratio,
        show: ({ change: { ratio, now } }) => (ratio === null ? (now ? say("noChange") : "–") : `${ratio >= 1 ? "+" : "−"}${percent(Math.abs(ratio - 1))}`),
      },
    ];
  }

  /** What nodes of one period are grouped by; empty where they cannot be. */
  private get period(): string {
    const { date, groupings, question } = this.view;
    return groupings.some(({ path }) => path === date?.name) ? `${date?.name}@${question.per}` : "";
  }

  private readonly openPeriod = ({ detail }: CustomEvent<string>) =>
    choose({ behind: [writeCondition({ by: this.period, value: detail })], after: null, before: null });

  private notes(trend: Trend) {
    const { view } = this;
    const { question } = view;
    const without = trend.series.filter(isNone).reduce((sum, one) => sum + (one.count ?? 0), 0);
    const left = trend.others + Math.max(0, trend.series.filter((one) => question.none || !isNone(one)).length - question.top);
    return drawNotes([
      view.lens && without > 0 && !question.none
        ? html`${say("noneLeftOut", { n: without })} <button class="plain" @click=${() => choose({ none: "1" })}>${say("showNone")}</button>`
        : null,
      view.lens && question.none ? html`<button class="plain" @click=${() => choose({ none: null })}>${say("hideNone")}</button>` : null,
      trend.withheld > 0 && say("smallGroups", { n: trend.withheld }),
      view.lens && left > 0 && say("othersLeft", { n: left }),
      trend.undated > 0 && say("undated", { n: trend.undated }),
      view.base && trend.unlinked > 0 && say("unlinked", { n: trend.unlinked }),
      view.base && !trend.known && say("unknownBase"),
      endOf(trend.total.points.at(-1)?.begins ?? "2000-01-01", question.per) > trend.asOf.slice(0, 10) && say("partial"),
      say("asOf", { when: moment(trend.asOf) }),
    ]);
  }

  private figures(trend: Trend): TemplateResult {
    const { view } = this;
    const { question, kind, lens, sub } = view;
    if (!trend.total.points.length || trend.total.count === 0) {
      return html`<m-empty heading=${say("nothing")} hint=${say("nothingHint")}></m-empty>`;
    }
    const rates = view.base !== null;
    const by = [lens, sub].filter(Boolean).map((one) => labelOf(one, view.lenses)).join(" · ");
    const within = [lens, sub].filter(Boolean).map((one) => labelWithin(one, view.lenses)).join(" · ");
    const all = toSeries(kind.label, trend.total.points, question.per, rates);
    const drawn = this.drawn(trend).map((one) => toSeries(nameOf(one), one.points, question.per, rates));
    const axis = say(question.per);
    const { period } = this;
    const chosen = (question.behind.length === 1 && question.behind[0]?.by === period && question.behind[0]?.value) || "";
    return html`
      <m-chart
        class="panel"
        ?choosable=${period !== ""}
        .chosen=${chosen}
        @choose=${this.openPeriod}
        .caption=${rates && view.base ? say("rate", { what: view.base.label }) : say("all")}
        .axis=${axis}
        .series=${[all]}
        .format=${this.format}
        .height=${lens ? 150 : 260}
      ></m-chart>
      ${lens
        ? html`<m-chart class="panel" ?choosable=${period !== ""} .chosen=${chosen} @choose=${this.openPeriod} .caption=${say("byLens", { by: within })} .axis=${axis} .series=${drawn} .format=${this.format} .height=${260}></m-chart>
            <m-table
              class="lenses"
              choosable
              .caption=${say("series", { by })}
              .columns=${this.columns(by)}
              .rows=${this.lines(trend)}
              .key=${(line: Line) => line.behind.join("&")}
              .chosen=${question.behind.map(writeCondition).join("&")}
              @choose=${({ detail }: CustomEvent<Line>) => choose({ behind: detail.behind, after: null, before: null })}
            ></m-table>`
        : nothing}
      ${this.notes(trend)}
      ${drawFiles(AnalysisTrendDocument.toString(), this.asked ?? {})}
    `;
  }

  override render() {
    if (!this.view.date) {
      return html`<m-empty heading=${say("noDate")} hint=${say("noDateHint")}>
        <button class="main" @click=${() => choose({ view: "groups" })}>${say("groups")}</button>
      </m-empty>`;
    }
    return html`${this.controls()}
      <div class="figures ${this.found.loading ? "busy" : ""}">
        ${this.found.show(({ trend }) => this.figures(trend), html`<m-skeleton kind="chart" count="2"></m-skeleton>`)}
      </div>`;
  }

  static override styles = [base, controls, panels, prose, analysisLook];
}
