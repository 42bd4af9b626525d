import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../shared/chart";
import "../shared/empty";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { choose } from "../shared/place";
import "../shared/table";
import type { Column } from "../shared/table";
import { Spoken, money, moment, sayer } from "../shared/words";
import { AnalysisGroupsDocument, type AnalysisGroupsQueryVariables } from "./analysis.generated";
import { filterOf, writeCondition } from "./conditions";
import { drawNotes, drawSelect, optionsOf } from "./controls";
import { drawFiles } from "./files";
import { type GroupRow, type Groups, NONE, conditionsOfGroups, currencyOf, periodLabel, toBars, toNumber, writeFigure } from "./figures";
import { type Grouping, capital, groupingInput, readGrouped, usual, writeGrouped } from "./groupings";
import { labelOf, labelWithin, remember } from "./labels";
import { analysisLook } from "./look";
import { measureWords } from "./measure-words";
import "./measures";
import { type Measure, PERIODS, type Per, writeMeasure } from "./question";
import type { View } from "./view";
import { words } from "./words";

const say = sayer(words);
const sayMeasure = sayer(measureWords);
const FIRST = 200;
const NUMBERS = ["integer", "number", "money"];

/** Nodes by groups, with figures of each group. */
@customElement("m-analysis-groups")
export class AnalysisGroups extends LitElement {
  @property({ attribute: false }) view!: View;

  protected readonly spoken = new Spoken(this);
  private readonly found = new Loading(this, AnalysisGroupsDocument, () => this.asked, {
    tab: "analysis",
    onData: ({ aggregate }) => this.by.forEach((by, index) => remember(by, aggregate.rows.flatMap(({ groups }) => groups[index] ?? []))),
  });

  /** What is grouped by: if nobody has said, by the lens, or by what is nearest. */
  private get by(): readonly string[] {
    const { question, groupings, lens, base: against } = this.view;
    const known = (question.by ?? []).filter((by) => groupings.some(({ path }) => path === readGrouped(by).path));
    if (known.length) return known;
    const first = (!against && lens) || groupings.find(({ few }) => few)?.path;
    return first ? [first] : [];
  }

  private get asked(): AnalysisGroupsQueryVariables | null {
    const { question, kind, filter } = this.view;
    const measures = question.measures.map(({ op, of, q }) => ({ op, ...(of ? { of } : {}), ...(q === null ? {} : { q }) }));
    // Periods and ranges come in their own order.
    const ordered = this.by.length > 0 && this.by.every((by) => writeGrouped({ ...readGrouped(by), per: null, width: null }) === by);
    return {
      kind: kind.name as AnalysisGroupsQueryVariables["kind"],
      by: this.by.map(groupingInput),
      measures,
      filter: filterOf(kind, filter) as AnalysisGroupsQueryVariables["filter"],
      orderBy: ordered ? { measure: measures[question.drawn] ?? { op: "COUNT" } } : null,
      first: FIRST,
    };
  }

  private nameOf({ op, of, q }: Measure): string {
    return sayMeasure(op, { of: of ? labelOf(of, this.view.groupings) : "", q: q === null ? "" : String(q) });
  }

  private set(by: readonly string[]): void {
    choose({ by: [...by], behind: null, after: null, before: null });
  }

  /** Dates are grouped by a period, numbers by steps of a width. */
  private how(index: number): TemplateResult | typeof nothing {
    const by = this.by[index];
    if (!by) return nothing;
    const grouped = readGrouped(by);
    const type = this.view.groupings.find(({ path }) => path === grouped.path)?.type ?? "";
    const change = (more: Partial<typeof grouped>) => this.set(this.by.map((one, place) => (place === index ? writeGrouped({ ...grouped, ...more }) : one)));
    if (type === "date" || type === "time") {
      return drawSelect(`per-${index}`, say("per"), PERIODS.map((value) => ({ value, label: say(value) })), grouped.per ?? "MONTH", (per) => change({ per: per as Per }));
    }
    if (!NUMBERS.includes(type)) return nothing;
    return html`<div class="field">
      <label for="width-${index}">${say("width")}</label>
      <input id="width-${index}" type="number" min="0" step="any" .value=${String(grouped.width ?? "")}
        @change=${(event: Event) => change({ width: Number((event.target as HTMLInputElement).value) || null })} />
    </div>`;
  }

  private controls(): TemplateResult {
    const { groupings, question } = this.view;
    const [first = "", second = ""] = this.by;
    const write = (grouping: Grouping) => {
      const chosen = this.by.find((by) => readGrouped(by).path === grouping.path);
      return chosen ?? usual(grouping);
    };
    const options = optionsOf(groupings, write);
    return html`<div class="controls">
        ${drawSelect("by", say("by"), options, first, (value) => this.set([value, ...(second && second !== value ? [second] : [])]))}
        ${this.how(0)}
        ${drawSelect("then", say("thenBy"), [{ value: "", label: say("onlyOne") }, ...options.filter(({ value }) => value !== first)], second, (value) =>
          this.set(value ? [first, value] : [first]),
        )}
        ${this.how(1)}
        ${question.measures.length > 1
          ? drawSelect("drawn", say("drawn"), question.measures.map((one, index) => ({ value: String(index), label: this.nameOf(one) })), String(question.drawn), (value) =>
              choose({ drawn: value === "0" ? "" : value }),
            )
          : nothing}
      </div>
      <m-measures
        .groupings=${groupings}
        .measures=${question.measures}
        .name=${(measure: Measure) => this.nameOf(measure)}
        @choose=${({ detail }: CustomEvent<Measure[]>) => choose({ measure: detail.map(writeMeasure), drawn: null })}
      ></m-measures>`;
  }

  private labelled(rows: readonly GroupRow[]): GroupRow[] {
    return rows.map((row) => ({
      ...row,
      groups: row.groups.map(({ value, label }, index) => {
        const { per } = readGrouped(this.by[index] ?? "");
        return { value, label: per && typeof value === "string" ? periodLabel(value, label, per as Per) : label };
      }),
    }));
  }

  private columns(groups: Groups): Column<GroupRow>[] {
    const { groupings, question } = this.view;
    const by = this.by.map(
      (one, index): Column<GroupRow> => ({ name: `by-${index}`, title: labelOf(one, groupings), value: (row) => row.groups[index]?.label }),
    );
    const total = (index: number) => (groups.total ? ` (${writeFigure(groups.total[index]?.value)})` : "");
    return [
      ...by,
      ...question.measures.map(
        (measure, index): Column<GroupRow> => ({
          name: `figure-${index}`,
          title: this.nameOf(measure) + total(index),
          numeric: true,
          value: (row) => toNumber(row.figures[index]?.value) ?? String(row.figures[index]?.value ?? ""),
          show: (row) => writeFigure(row.figures[index]?.value),
        }),
      ),
    ];
  }

  private list(behind: string[]): void {
    choose({ behind, after: null, before: null });
  }

  private figures(groups: Groups): TemplateResult {
    const { question, kind, groupings } = this.view;
    if (!groups.rows.length) return html`<m-empty heading=${say("nothing")} hint=${say("nothingHint")}></m-empty>`;
    const rows = this.labelled(groups.rows);
    const measure = question.measures[question.drawn] as Measure;
    const currency = currencyOf(rows, question.drawn);
    const by = this.by.map((one) => labelOf(one, groupings)).join(" · ");
    const within = this.by.map((one) => labelWithin(one, groupings)).join(" · ");
    const dates = measure.op !== "COUNT" && rows.every(({ figures }) => toNumber(figures[question.drawn]?.value) === null);
    const behind = (row: GroupRow) => conditionsOfGroups(this.by, row.groups).map(writeCondition);
    const [first, ...others] = question.behind;
    return html`
      ${dates
        ? nothing
        : html`<m-chart
            class="panel"
            kind="bars"
            choosable
            .caption=${say("allBy", { what: `${capital(kind.label)}: ${this.nameOf(measure)}`, by: within })}
            .axis=${by}
            .series=${toBars(rows, question.drawn, this.nameOf(measure))}
            .format=${(value: number) => (currency ? money(String(value), currency) : writeFigure(value))}
            .chosen=${first && !others.length ? (first.value ?? NONE) : ""}
            @choose=${({ detail }: CustomEvent<string>) => this.list([writeCondition({ by: this.by[0] as string, value: detail === NONE ? null : detail })])}
          ></m-chart>`}
      <m-table
        choosable
        .caption=${say("series", { by })}
        .columns=${this.columns(groups)}
        .rows=${rows}
        .key=${(row: GroupRow) => behind(row).join("&")}
        .chosen=${question.behind.map(writeCondition).join("&")}
        .total=${rows.length + groups.cut}
        @choose=${({ detail }: CustomEvent<GroupRow>) => this.list(behind(detail))}
      ></m-table>
      ${drawNotes([
        groups.withheld > 0 && say("smallGroups", { n: groups.withheld }),
        groups.cut > 0 && say("cut", { n: groups.cut }),
        groups.overlapping && say("overlapping"),
        say("asOf", { when: moment(groups.asOf) }),
      ])}
      ${drawFiles(AnalysisGroupsDocument.toString(), this.asked ?? {})}
    `;
  }

  override render() {
    return html`${this.controls()}
      <div class="figures ${this.found.loading ? "busy" : ""}">
        ${this.found.show(({ aggregate }) => this.figures(aggregate), html`<m-skeleton kind="chart" count="2"></m-skeleton>`)}
      </div>`;
  }

  static override styles = [base, controls, panels, prose, analysisLook];
}
