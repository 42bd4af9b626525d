import { LitElement, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { common } from "./common";
import { base } from "./look";
import { placeOf } from "./scale";
import { Spoken, decimal, sayer } from "./words";

const say = sayer(common);

/** A ratio below 1 with one more place: .08 is not .1. */
const write = (ratio: number) => decimal(ratio, ratio < 1 ? 2 : 1);

/**
 * A ratio (a lift) with its interval, drawn on a logarithmic axis with a line at 1. Those that stand in one list
 * are given the same `least` and `most`, so that they can be compared.
 */
@customElement("m-interval")
export class Interval extends LitElement {
  @property({ type: Number }) value = 1;
  @property({ type: Number }) low: number | null = null;
  @property({ type: Number }) high: number | null = null;
  @property({ type: Number }) least = 0.5;
  @property({ type: Number }) most = 20;
  /** Said in place of "... times the usual rate". */
  @property() label = "";
  /** Only the drawing: the figure stands beside it. */
  @property({ type: Boolean }) bare = false;

  protected readonly spoken = new Spoken(this);

  private at(ratio: number): string {
    return `${(100 * placeOf(ratio, this.least, this.most)).toFixed(2)}%`;
  }

  override render() {
    const { value, low, high } = this;
    const known = low != null && high != null;
    const figures = { value: write(value), low: write(low ?? 0), high: write(high ?? 0) };
    const told = this.label || say(known ? "interval" : "noInterval", figures);
    const spread = known
      ? svg`<line class="spread" x1=${this.at(low)} x2=${this.at(high)} y1="50%" y2="50%"></line>
            <line class="spread" x1=${this.at(low)} x2=${this.at(low)} y1="30%" y2="70%"></line>
            <line class="spread" x1=${this.at(high)} x2=${this.at(high)} y1="30%" y2="70%"></line>`
      : nothing;
    return html`
      ${this.bare ? nothing : html`<span class="value" aria-hidden="true">${figures.value}×</span>`}
      <svg role="img" aria-label=${told} class=${low != null && low > 1 ? "above" : high != null && high < 1 ? "below" : "unsure"}>
        <line class="axis" x1="0" x2="100%" y1="50%" y2="50%"></line>
        <line class="one" x1=${this.at(1)} x2=${this.at(1)} y1="10%" y2="90%"></line>
        ${spread}
        <circle cx=${this.at(value)} cy="50%" r="4.5"></circle>
      </svg>
      ${this.bare || !known ? nothing : html`<span class="range" aria-hidden="true">${figures.low}–${figures.high}</span>`}
    `;
  }

  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        min-width: 8rem;
        font-variant-numeric: tabular-nums;
      }
      .value {
        font-weight: 650;
      }
      .range {
        font-size: 0.82rem;
        color: var(--faint);
        white-space: nowrap;
      }
      svg {
        flex: 1;
        min-width: 4rem;
        height: 1.25rem;
        overflow: visible;
        color: var(--faint);
      }
      .axis {
        stroke: var(--line);
      }
      .one {
        stroke: var(--faint);
        stroke-dasharray: 2 2;
      }
      .spread {
        stroke: currentcolor;
        stroke-width: 2;
      }
      circle {
        fill: currentcolor;
        stroke: var(--surface);
        stroke-width: 1.5;
      }
      .above {
        color: var(--bad);
      }
      .below {
        color: var(--good);
      }
    `,
  ];
}
