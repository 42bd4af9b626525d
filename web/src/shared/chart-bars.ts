import { html, nothing, svg, type TemplateResult } from "lit";
import { type Point, type Series, axisOf, greatest, strokeOf } from "./series";

export interface Bars {
  series: readonly Series[];
  format: (value: number) => string;
  withheld: string;
  /** The x of the group that is chosen. */
  chosen: string;
  /** Called with the x of a group; null: they cannot be chosen. */
  choose: ((x: string) => void) | null;
}

function bar(point: Point, most: number, hue: string): TemplateResult {
  const share = (value: number | null | undefined) => `${((100 * (value ?? 0)) / most).toFixed(2)}%`;
  const { y, low, high } = point;
  return html`<svg class="bar" aria-hidden="true">
    ${svg`<rect height="100%" width=${share(y)} fill="var(${hue})" rx="2"></rect>
      ${y == null || low == null || high == null
        ? nothing
        : ["halo", "whisker"].map((part) => svg`<line class=${part} x1=${share(low)} x2=${share(high)} y1="50%" y2="50%"></line>`)}`}
  </svg>`;
}

/** Draws groups one below the other, each with a bar a series. It reads as a list. */
export function drawBars({ series, format, withheld, chosen, choose }: Bars): TemplateResult {
  const most = greatest(series) || 1;
  return html`<ul class="bars">
    ${axisOf(series).map(({ x, label }) => {
      return html`<li class=${x === chosen ? "chosen" : nothing}>
        ${choose
          ? html`<button class="plain name" aria-pressed=${x === chosen} @click=${() => choose(x)}>${label}</button>`
          : html`<span class="name">${label}</span>`}
        <div class="values">
          ${series.map((one, index) => {
            const point = one.points.find((other) => other.x === x);
            if (!point) return nothing;
            const range = point.y != null && point.low != null && point.high != null ? ` (${format(point.low)}–${format(point.high)})` : "";
            return html`${bar(point, most, strokeOf(index, one.control).hue)}
              <span class="value">
                ${series.length > 1 ? html`<span class="heard">${one.name}: </span>` : nothing}${point.y == null ? withheld : format(point.y)}<span
                  class="range"
                  >${range}</span
                >
              </span>`;
          })}
        </div>
      </li>`;
    })}
  </ul>`;
}
