import { LitElement, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { common } from "./common";
import { base } from "./look";
import { Spoken, count, sayer } from "./words";

const say = sayer(common);
const WIDTH = 100;
const HEIGHT = 28;

/** A trend in the height of a line of text. `mark` is the place among the values that is pointed at (the onset). */
@customElement("m-sparkline")
export class Sparkline extends LitElement {
  @property({ attribute: false }) values: readonly number[] = [];
  @property({ type: Number }) mark: number | null = null;
  /** What the values are, for those who listen: "complaints by month"; first, last and greatest are said with it. */
  @property() label = "";

  protected readonly spoken = new Spoken(this);

  override render() {
    const { values } = this;
    if (values.length < 2) return nothing;
    const most = Math.max(...values, 1);
    const x = (index: number) => (index / (values.length - 1)) * WIDTH;
    const y = (value: number) => HEIGHT - 2 - (value / most) * (HEIGHT - 4);
    const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    const told = say("trendFrom", { first: count(values[0] ?? 0), last: count(values.at(-1) ?? 0), peak: count(most) });
    return html`<svg role="img" aria-label=${this.label ? `${this.label}: ${told}` : told}
      viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
      <polygon points="0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}"></polygon>
      ${this.mark == null ? nothing : svg`<line x1=${x(this.mark)} x2=${x(this.mark)} y1="0" y2=${HEIGHT}></line>`}
      <polyline points=${line}></polyline>
    </svg>`;
  }

  static override styles = [
    base,
    css`
      :host {
        display: inline-block;
        width: 8rem;
        height: 1.75rem;
        vertical-align: middle;
      }
      svg {
        display: block;
        width: 100%;
        height: 100%;
      }
      polygon {
        fill: var(--accent-soft);
      }
      polyline {
        fill: none;
        stroke: var(--accent);
        stroke-width: 1.75;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
      line {
        stroke: var(--bad);
        stroke-width: 1.5;
        stroke-dasharray: 3 2;
        vector-effect: non-scaling-stroke;
      }
    `,
  ];
}
