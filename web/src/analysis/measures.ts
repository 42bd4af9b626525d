import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../shared/events";
import { base, controls, panels } from "../shared/look";
import { Spoken, sayer } from "../shared/words";
import { drawSelect } from "./controls";
import type { Grouping } from "./groupings";
import { analysisLook } from "./look";
import { measureWords } from "./measure-words";
import { type Measure, OPS, type Op, writeMeasure } from "./question";
import { words } from "./words";

const say = sayer(words);
const sayMeasure = sayer(measureWords);
const MOST = 5;
const NUMBERS = ["integer", "number", "money"];
const DATES = ["date", "time"];
const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

/** The figures of groups: each can be taken away, and others put beside. Fires `choose` (Measure[]). */
@customElement("m-measures")
export class Measures extends LitElement {
  @property({ attribute: false }) groupings: readonly Grouping[] = [];
  @property({ attribute: false }) measures: readonly Measure[] = [];
  @property({ attribute: false }) name: (measure: Measure) => string = writeMeasure;
  @state() private op: Op = "CUSTOMERS";
  @state() private of = "";
  @state() private q = 0.5;

  protected readonly spoken = new Spoken(this);

  /** What an operation can be of. */
  private fitting(op: Op): readonly Grouping[] {
    if (op === "COUNT" || op === "CUSTOMERS") return [];
    return this.groupings.filter(({ type }) => {
      if (op === "DISTINCT") return true;
      if (op === "SUM" || op === "MEAN") return type !== null && NUMBERS.includes(type);
      return type !== null && (NUMBERS.includes(type) || DATES.includes(type));
    });
  }

  private get ops(): readonly Op[] {
    return OPS.filter((op) => op === "COUNT" || op === "CUSTOMERS" || this.fitting(op).length > 0);
  }

  private add(): void {
    const fitting = this.fitting(this.op);
    const of = fitting.find(({ path }) => path === this.of) ?? fitting[0];
    const measure: Measure = { op: this.op, of: of?.path ?? "", q: this.op === "QUANTILE" ? this.q : null };
    if (this.measures.some((one) => writeMeasure(one) === writeMeasure(measure))) return;
    fire(this, "choose", [...this.measures, measure]);
  }

  override render() {
    const fitting = this.fitting(this.op);
    const label = (op: Op) => sayMeasure(op, { of: "", q: "" }).replace(/:\s*$/, "").trim();
    return html`
      <div class="controls">
        <ul aria-label=${say("measures")}>
          ${this.measures.map(
            (measure, index) => html`<li class="chip">
              ${this.name(measure)}
              ${this.measures.length > 1
                ? html`<button
                    class="plain"
                    aria-label=${say("removeMeasure", { what: this.name(measure) })}
                    @click=${() => fire(this, "choose", this.measures.filter((_, place) => place !== index))}
                  >✕</button>`
                : nothing}
            </li>`,
          )}
        </ul>
        ${this.measures.length >= MOST
          ? nothing
          : html`${drawSelect("op", say("measures"), this.ops.map((op) => ({ value: op, label: label(op) })), this.op, (value) => (this.op = value as Op))}
              ${fitting.length
                ? drawSelect("of", say("what"), fitting.map(({ path, label: called }) => ({ value: path, label: called })), this.of || (fitting[0]?.path ?? ""), (value) => (this.of = value))
                : nothing}
              ${this.op === "QUANTILE"
                ? drawSelect("q", label("QUANTILE"), SHARES.map((q) => ({ value: String(q), label: String(q) })), String(this.q), (value) => (this.q = Number(value)))
                : nothing}
              <button @click=${this.add}>${say("addMeasure")}</button>`}
      </div>
    `;
  }

  static override styles = [
    base,
    controls,
    panels,
    analysisLook,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0.35rem;
        margin: 0;
        padding: 0.4rem 0;
        list-style: none;
      }
    `,
  ];
}
