import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { drawBars } from "./chart-bars";
import { type Lines, drawLines, nearest } from "./chart-lines";
import { chartLook } from "./chart-look";
import { common } from "./common";
import { fire } from "./events";
import { base, buttons } from "./look";
import { type Mark, type Series, axisOf, greatest, strokeOf } from "./series";
import "./table";
import type { Column } from "./table";
import { Spoken, count, decimal, sayer } from "./words";

export type { Mark, Point, Series } from "./series";

const say = sayer(common);

interface Row {
  x: string;
  label: string;
  figures: ({ y: number | null; low?: number | null; high?: number | null } | undefined)[];
}

/**
 * A chart: lines with their intervals over periods, or bars by group; one series or several (one for each lens). The
 * same figures as a table are a button away. If `choosable`, fires `choose` with the x of a bar, of the point that was
 * pressed, or of a row of the table, which is the way by keyboard.
 */
@customElement("m-chart")
export class Chart extends LitElement {
  @property() kind: "line" | "bars" = "line";
  @property({ attribute: false }) series: readonly Series[] = [];
  @property({ attribute: false }) marks: readonly Mark[] = [];
  @property() caption = "";
  /** What x is: "month", "region". */
  @property() axis = "";
  @property({ attribute: false }) format: (value: number) => string = (value) => (Number.isInteger(value) ? count(value) : decimal(value));
  @property({ type: Number }) height = 240;
  @property({ type: Boolean }) choosable = false;
  @property() chosen = "";
  /** Name of the CSV file; empty: none. */
  @property() file = "";
  /** The table is shown, not the drawing. */
  @property({ type: Boolean }) table = false;
  @state() private width = 0;
  @state() private at = -1;
  @state() private bright = "";
  @query("svg.plot") private readonly plot!: SVGElement | null;

  protected readonly spoken = new Spoken(this);
  private readonly sized = new ResizeObserver(([entry]) => {
    const width = Math.round(entry?.contentRect.width ?? 0);
    if (width !== this.width) this.width = width;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.sized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sized.disconnect();
  }

  private get lines(): Lines {
    const { series, marks, width, height, format, at, bright } = this;
    return { series, marks, width, height, format, at, bright };
  }

  private point(event: PointerEvent): void {
    const left = this.plot?.getBoundingClientRect().left ?? 0;
    this.at = nearest(this.lines, event.clientX - left);
  }

  private choose(event: MouseEvent): void {
    const left = this.plot?.getBoundingClientRect().left ?? 0;
    const found = axisOf(this.series)[nearest(this.lines, event.clientX - left)];
    if (this.choosable && found) fire(this, "choose", found.x);
  }

  /** What a chart says to those who do not see it; the table has every figure. */
  private get told(): string {
    const parts = this.series.map(({ name, points }) => {
      const known = points.flatMap(({ y }) => (y == null ? [] : [y]));
      if (!known.length) return name;
      const figures = { first: known[0] as number, last: known.at(-1) as number, peak: greatest([{ name, points: points.map(({ x, y }) => ({ x, y })) }]) };
      return `${name}: ${say("trendFrom", { first: this.format(figures.first), last: this.format(figures.last), peak: this.format(figures.peak) })}`;
    });
    return [this.caption, ...parts].join(". ");
  }

  private legend(): TemplateResult | typeof nothing {
    const pointed = this.kind === "line" && this.at >= 0 ? axisOf(this.series)[this.at] : undefined;
    if (this.series.length < 2 && !pointed) return nothing;
    return html`<ul class="legend">
      ${pointed ? html`<li class="pointed">${pointed.label}</li>` : nothing}
      ${this.series.map((one, index) => {
        const { hue, dash } = strokeOf(index, one.control);
        const value = pointed && one.points.find(({ x }) => x === pointed.x);
        const sign = html`<svg aria-hidden="true" width="22" height="10"><line x1="1" x2="21" y1="5" y2="5" stroke="var(${hue})" stroke-width="3" stroke-dasharray=${dash || nothing}></line></svg>`;
        const figure = value ? html`<strong>${value.y == null ? say("withheld") : this.format(value.y)}</strong>` : nothing;
        if (this.kind === "bars" || this.series.length < 2) return html`<li>${sign}<span>${one.name}</span>${figure}</li>`;
        return html`<li>
          <button
            class="plain"
            aria-pressed=${this.bright === one.name}
            @click=${() => (this.bright = this.bright === one.name ? "" : one.name)}
          >${sign}${one.name}</button>${figure}
        </li>`;
      })}
    </ul>`;
  }

  private get rows(): Row[] {
    return axisOf(this.series).map(({ x, label }) => ({
      x,
      label,
      figures: this.series.map(({ points }) => points.find((point) => point.x === x)),
    }));
  }

  private get columns(): Column<Row>[] {
    const one = this.series.length === 1;
    const figures = this.series.flatMap(({ name, points }, index): Column<Row>[] => {
      const title = one ? name || say("value") : name;
      const figure = (part: "y" | "low" | "high", below: string): Column<Row> => ({
        name: `${index}-${part}`,
        title: below ? `${title}: ${below}` : title,
        numeric: true,
        value: (row) => row.figures[index]?.[part],
        show: (row) => {
          const value = row.figures[index]?.[part];
          return value == null ? "–" : this.format(value);
        },
      });
      const ranges = points.some(({ low }) => low != null);
      return [figure("y", ""), ...(ranges ? [figure("low", say("least", { value: "" }).trim()), figure("high", say("most", { value: "" }).trim())] : [])];
    });
    return [{ name: "x", title: this.axis || say("period"), value: ({ x }) => x, show: ({ label }) => label }, ...figures];
  }

  private drawing(): TemplateResult {
    if (this.kind === "bars") {
      const choose = this.choosable ? (x: string) => void fire(this, "choose", x) : null;
      return drawBars({ series: this.series, format: this.format, withheld: say("withheld"), chosen: this.chosen, choose });
    }
    return html`<svg
      class="plot ${this.choosable ? "choosable" : ""}"
      role="img"
      aria-label=${this.told}
      height=${this.height}
      width="100%"
      @pointermove=${this.point}
      @pointerleave=${() => (this.at = -1)}
      @click=${this.choose}
    >
      ${this.width > 0 ? drawLines(this.lines) : nothing}
    </svg>`;
  }

  override render() {
    return html`
      <figure>
        <figcaption>
          <span>${this.caption}</span>
          <button class="plain" aria-pressed=${this.table} @click=${() => (this.table = !this.table)}>${say("table")}</button>
        </figcaption>
        ${this.table
          ? html`<m-table
              quiet
              caption=${this.caption}
              .columns=${this.columns}
              .rows=${this.rows}
              .key=${(row: Row) => row.x}
              ?choosable=${this.choosable}
              chosen=${this.chosen}
              file=${this.file}
              @choose=${({ detail }: CustomEvent<Row>) => fire(this, "choose", detail.x)}
            ></m-table>`
          : html`${this.legend()}${this.drawing()}`}
      </figure>
    `;
  }

  static override styles = [base, buttons, chartLook];
}
