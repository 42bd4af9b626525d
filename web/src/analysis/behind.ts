import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Asked } from "../shared/ask";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { choose } from "../shared/place";
import "../shared/table";
import type { Column } from "../shared/table";
import { Spoken, day, sayer } from "../shared/words";
import { drawFiles } from "./files";
import { writeFigure } from "./figures";
import { labelOfCondition } from "./labels";
import { type Page, type Row, columnsOf, writeList, writeWhole } from "./lists";
import { analysisLook } from "./look";
import { type View, conditionsBehind } from "./view";
import { words } from "./words";

const say = sayer(words);
const LONG = 140;

/** What a figure counts, page by page. */
@customElement("m-analysis-behind")
export class AnalysisBehind extends LitElement {
  @property({ attribute: false }) view!: View;
  @property() forward = "";
  @property() back = "";

  protected readonly spoken = new Spoken(this);
  private readonly found = new Loading<Page, Record<string, never>>(this, () => this.query, () => ({}), { tab: "analysis" });

  private get query(): Asked<Page, Record<string, never>> {
    const { view, forward, back } = this;
    const conditions = conditionsBehind(view, view.question.behind);
    return writeList(view.kind, columnsOf(view.model, view.kind), conditions, { after: forward, before: back, latest: view.date?.name ?? "" });
  }

  private columns(): Column<Row>[] {
    const { kind, model } = this.view;
    const { properties, joined } = columnsOf(model, kind);
    const known = properties.filter(({ field }) => !this.found.masked.includes(`${kind.type}.${field}`));
    const cut = (value: unknown) => (typeof value === "string" && value.length > LONG ? `${value.slice(0, LONG)}…` : value);
    const write = (value: unknown, type: string) =>
      value === null || value === undefined ? "" : type === "time" ? day(String(value)) : type === "text" ? String(cut(value)) : writeFigure(value);
    return [
      { name: "key", title: kind.label, sortable: false, value: ({ key }) => key },
      ...known.map(({ field, label, type }): Column<Row> => ({
        name: field,
        title: label,
        sortable: false,
        value: (row) => write(row[field], type),
        show: (row) => write(row[field], type),
        numeric: ["integer", "number", "money"].includes(type),
      })),
      ...joined.map(({ field, label }): Column<Row> => ({
        name: field,
        title: label,
        sortable: false,
        value: (row) => (row[field] as { nodes: { caption: string }[] } | null)?.nodes.map(({ caption }) => caption).join(", "),
      })),
    ];
  }

  private page({ list }: Page): TemplateResult {
    if (!list) return html`${nothing}`;
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = list.pageInfo;
    const columns = this.columns().filter(({ value }, index) => index === 0 || list.nodes.some((row) => value(row)));
    return html`<m-table quiet .caption=${this.called} .columns=${columns} .rows=${list.nodes} .key=${(row: Row) => row.id} .total=${list.totalCount ?? 0}>
      <button ?disabled=${!hasPreviousPage} @click=${() => choose({ before: startCursor ?? "", after: null })}>${say("previous")}</button>
      <button ?disabled=${!hasNextPage} @click=${() => choose({ after: endCursor ?? "", before: null })}>${say("next")}</button>
    </m-table>`;
  }

  private get called(): string {
    const { view } = this;
    const what = view.question.behind.map((one) => labelOfCondition(one, view.listed, say("none"))).join(", ");
    return say("behind", { what: what || view.kind.label });
  }

  override updated(): void {
    const key = String(this.query);
    if (this.seen === key) return;
    const first = !this.seen;
    this.seen = key;
    if (first) this.renderRoot.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
    if (first) this.scrollIntoView({ block: "nearest" });
  }
  private seen = "";

  override render() {
    const whole = writeWhole(this.view.kind, conditionsBehind(this.view, this.view.question.behind));
    return html`
      <div class="head">
        <h3 tabindex="-1">${this.called}</h3>
        <button class="plain" @click=${() => choose({ behind: null, list: null, after: null, before: null })}>${say("closeList")}</button>
      </div>
      ${this.found.show((page) => this.page(page), html`<m-skeleton kind="table" count="6"></m-skeleton>`)}
      ${drawFiles(whole, {})}
    `;
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    analysisLook,
    css`
      h3:focus {
        outline: none;
      }
    `,
  ];
}
