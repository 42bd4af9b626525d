import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { common } from "./common";
import { saveFile, writeCsv } from "./csv";
import { fire } from "./events";
import { base, buttons } from "./look";
import { Spoken, decimal, count, language, sayer } from "./words";

const say = sayer(common);
const AT_ONCE = 100;

export interface Column<R> {
  name: string;
  title: string;
  /** What is sorted by, and goes into the CSV. */
  value: (row: R) => string | number | null | undefined;
  /** How it is shown, if not as it is. */
  show?: (row: R) => TemplateResult | string | number | typeof nothing;
  /** Aligned to the right; text and no number all the same: give `show`. */
  numeric?: boolean;
  /** False: cannot be sorted by. */
  sortable?: boolean;
}

export interface Sorting {
  name: string;
  descending: boolean;
}

/**
 * A table that can be sorted, walked through by keyboard and saved as CSV.
 *
 * Fires `sort` (Sorting) and, with `choosable`, `choose` (the row). Of many rows it draws a hundred, then more on demand.
 */
@customElement("m-table")
export class Table<R = unknown> extends LitElement {
  @property({ attribute: false }) columns: readonly Column<R>[] = [];
  @property({ attribute: false }) rows: readonly R[] = [];
  @property() caption = "";
  /** The caption is heard, not seen. */
  @property({ type: Boolean }) quiet = false;
  /** What tells a row from the others; needed with `chosen`. */
  @property({ attribute: false }) key: (row: R) => string = (row) => String(this.rows.indexOf(row));
  @property({ type: Boolean }) choosable = false;
  /** The key of the row that is chosen now. */
  @property() chosen = "";
  @property({ attribute: false }) sorting: Sorting | null = null;
  /** The rows come sorted, from whoever hears `sort`. */
  @property({ type: Boolean }) presorted = false;
  /** Name of the CSV file; empty: no button. */
  @property() file = "";
  /** Gets all rows for the CSV, where the table has but some. */
  @property({ attribute: false }) all: (() => Promise<readonly R[]>) | null = null;
  /** How many there are in all, where the table has but some. */
  @property({ type: Number }) total = 0;
  @state() private most = AT_ONCE;
  /** The row of which the button is reached by Tab. */
  @state() private at = "";

  protected readonly spoken = new Spoken(this);
  private sorted: readonly R[] = [];

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("rows") && changed.get("rows") !== undefined) this.most = AT_ONCE;
    this.sorted = this.sort();
    if (this.chosen && changed.has("chosen")) {
      this.at = this.chosen;
      const place = this.sorted.findIndex((row) => this.key(row) === this.chosen);
      if (place >= this.most) this.most = place + AT_ONCE;
    }
  }

  private sort(): readonly R[] {
    const column = this.columns.find(({ name }) => name === this.sorting?.name);
    if (!column || this.presorted) return this.rows;
    const way = this.sorting?.descending ? -1 : 1;
    const order = new Intl.Collator(language(), { numeric: true });
    const compare = (one: unknown, other: unknown): number =>
      typeof one === "number" && typeof other === "number" ? one - other : order.compare(String(one), String(other));
    return this.rows
      .map((row) => ({ row, value: column.value(row) }))
      .sort((one, other) => {
        // what has no value comes last, either way
        if (one.value == null || other.value == null) return Number(one.value == null) - Number(other.value == null);
        return way * compare(one.value, other.value);
      })
      .map(({ row }) => row);
  }

  private sortBy({ name, numeric }: Column<R>): void {
    const before = this.sorting?.name === name ? this.sorting.descending : !numeric;
    this.sorting = { name, descending: !before };
    fire(this, "sort", this.sorting);
  }

  private choose(row: R): void {
    this.at = this.key(row);
    fire(this, "choose", row);
  }

  private async save(): Promise<void> {
    saveFile(this.file, writeCsv(this.columns, this.all ? await this.all() : this.sorted));
  }

  private walk(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const pickers = [...this.renderRoot.querySelectorAll<HTMLButtonElement>("button.pick")];
    const from = pickers.indexOf(event.target as HTMLButtonElement);
    pickers[Math.max(0, Math.min(pickers.length - 1, from + step))]?.focus();
  }

  private show({ value, show, numeric }: Column<R>, row: R): unknown {
    if (show) return show(row);
    const given = value(row);
    if (given == null) return "";
    if (typeof given !== "number" || !numeric) return given;
    return Number.isInteger(given) ? count(given) : decimal(given);
  }

  private cell(column: Column<R>, row: R, first: boolean, key: string, reached: boolean): TemplateResult {
    const shown = this.show(column, row);
    if (!first) return html`<td class=${column.numeric ? "number" : nothing}>${shown}</td>`;
    return html`<th scope="row" class=${column.numeric ? "number" : nothing}>
      ${this.choosable
        ? html`<button
            class="pick plain"
            tabindex=${reached ? 0 : -1}
            aria-current=${key === this.chosen ? "true" : nothing}
            @click=${() => this.choose(row)}
            @focus=${() => (this.at = key)}
          >${shown}</button>`
        : shown}
    </th>`;
  }

  private clicked(event: MouseEvent, row: R): void {
    const inside = event.composedPath().find((one) => one instanceof Element && one.matches("a, button, input, select"));
    if (!inside && !getSelection()?.toString()) this.choose(row);
  }

  private heading(column: Column<R>): TemplateResult {
    const sorted = this.sorting?.name === column.name ? (this.sorting.descending ? "descending" : "ascending") : nothing;
    const sign = sorted === nothing ? "" : sorted === "descending" ? "▼" : "▲";
    return html`<th scope="col" class=${column.numeric ? "number" : nothing} aria-sort=${sorted}>
      ${column.sortable === false
        ? column.title
        : html`<button class="plain sort" @click=${() => this.sortBy(column)}>${column.title}<span class="sign" aria-hidden="true">${sign}</span></button>`}
    </th>`;
  }

  override render() {
    const shown = this.sorted.slice(0, this.most);
    const keys = shown.map((row) => this.key(row));
    const reached = keys.includes(this.at) ? this.at : keys[0];
    const left = this.sorted.length - shown.length;
    const total = Math.max(this.total, this.sorted.length);
    return html`
      <div class="scroll" role="region" aria-label=${this.caption} tabindex="0">
        <table>
          <caption class=${this.quiet ? "heard" : nothing}>${this.caption}</caption>
          <thead>
            <tr>${this.columns.map((column) => this.heading(column))}</tr>
          </thead>
          <tbody @keydown=${this.choosable ? this.walk : nothing}>
            ${shown.map((row, index) => {
              const key = keys[index] as string;
              return html`<tr
                class="${this.choosable ? "choosable" : ""} ${key === this.chosen ? "chosen" : ""}"
                @click=${this.choosable ? (event: MouseEvent) => this.clicked(event, row) : nothing}
              >
                ${this.columns.map((column, place) => this.cell(column, row, place === 0, key, key === reached))}
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      <div class="below">
        <span>${total > shown.length ? say("rowsOf", { n: shown.length, all: total }) : say("rows", { n: total })}</span>
        ${left > 0
          ? html`<button @click=${() => (this.most += AT_ONCE)}>${say("showMore", { n: Math.min(left, AT_ONCE) })}</button>`
          : nothing}
        <slot></slot>
        ${this.file && total ? html`<button @click=${this.save}>${say("csv")}</button>` : nothing}
      </div>
    `;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .scroll {
        overflow-x: auto;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--surface);
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.9rem;
      }
      caption:not(.heard) {
        padding: 0.5rem 0.75rem;
        text-align: start;
        font-weight: 600;
      }
      th,
      td {
        padding: 0.4rem 0.75rem;
        text-align: start;
        vertical-align: top;
        border-top: 1px solid var(--line);
      }
      thead th {
        font-weight: 600;
        font-size: 0.82rem;
        color: var(--faint);
        background: var(--raised);
        border-top: 0;
        white-space: nowrap;
      }
      tbody th {
        font-weight: 500;
      }
      .number {
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      button.sort {
        padding: 0;
        border: 0;
        font-size: inherit;
        font-weight: inherit;
        color: inherit;
      }
      [aria-sort] button.sort {
        color: var(--ink);
      }
      button.sort .sign:not(:empty) {
        margin-inline-start: 0.25rem;
        font-size: 0.7em;
      }
      button.pick {
        padding: 0;
        border: 0;
        font-size: inherit;
        font-weight: inherit;
        text-align: start;
      }
      .choosable {
        cursor: pointer;
      }
      .choosable:hover {
        background: var(--raised);
      }
      .chosen,
      .chosen:hover {
        background: var(--accent-soft);
      }
      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem 1rem;
        margin-top: 0.5rem;
        font-size: 0.85rem;
        color: var(--faint);
      }
      .below button:last-child {
        margin-inline-start: auto;
      }
    `,
  ];
}
