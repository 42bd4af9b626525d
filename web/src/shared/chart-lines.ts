import { nothing, svg, type TemplateResult } from "lit";
import { labelled, spread, ticks } from "./scale";
import { type Mark, type Series, axisOf, greatest, strokeOf } from "./series";

const TOP = 18;
const BOTTOM = 26;
const RIGHT = 12;

export interface Lines {
  series: readonly Series[];
  marks: readonly Mark[];
  width: number;
  height: number;
  format: (value: number) => string;
  /** The place on the axis that is pointed at; -1: none. */
  at: number;
  /** The series that stands out; the others fade. */
  bright: string;
}

interface Frame {
  left: number;
  x: readonly number[];
  y: (value: number) => number;
}

function frame({ series, width, height, format }: Lines): Frame & { rows: number[] } {
  const rows = ticks(0, greatest(series) || 1, height > 160 ? 4 : 2);
  const left = 14 + 7 * Math.max(...rows.map((value) => format(value).length));
  const top = rows.at(-1) ?? 1;
  const inner = Math.max(1, width - left - RIGHT);
  return {
    rows,
    left,
    x: spread(axisOf(series).map((one) => one.x)).map((place) => left + place * inner),
    y: (value) => TOP + (1 - value / top) * (height - TOP - BOTTOM),
  };
}

/** The place on the axis that is nearest to a point of the drawing. */
export function nearest(lines: Lines, x: number): number {
  const { x: places } = frame(lines);
  let best = -1;
  places.forEach((place, index) => {
    if (best < 0 || Math.abs(place - x) < Math.abs((places[best] as number) - x)) best = index;
  });
  return best;
}

/** Stretches of points that are known, without holes. */
function stretches(one: Series, places: Map<string, number>, known: (index: number) => boolean): [number, number][][] {
  const found: [number, number][][] = [[]];
  one.points.forEach((point, index) => {
    const place = places.get(point.x);
    if (place === undefined || !known(index)) found.push([]);
    else found.at(-1)?.push([place, index]);
  });
  return found.filter((stretch) => stretch.length);
}

function drawSeries(one: Series, index: number, places: Map<string, number>, y: Frame["y"], faded: boolean, banded: boolean): TemplateResult {
  const { hue, dash } = strokeOf(index, one.control);
  const points = one.points;
  const at = (place: number, value: number) => `${place.toFixed(1)},${y(value).toFixed(1)}`;
  const bands = stretches(one, places, (n) => points[n]?.low != null && points[n]?.high != null).map((stretch) => {
    const upper = stretch.map(([place, n]) => at(place, points[n]?.high as number));
    const lower = stretch.map(([place, n]) => at(place, points[n]?.low as number)).reverse();
    return svg`<polygon class="band" fill="var(${hue})" points=${[...upper, ...lower].join(" ")}></polygon>`;
  });
  const lines = stretches(one, places, (n) => points[n]?.y != null).map((stretch) =>
    stretch.length === 1
      ? svg`<circle r="3" fill="var(${hue})" cx=${(stretch[0] as [number, number])[0]} cy=${y(points[(stretch[0] as [number, number])[1]]?.y as number)}></circle>`
      : svg`<polyline class="line" stroke="var(${hue})" stroke-dasharray=${dash || nothing}
          points=${stretch.map(([place, n]) => at(place, points[n]?.y as number)).join(" ")}></polyline>`,
  );
  return svg`<g class=${faded ? "faded" : nothing}>${banded ? bands : nothing}${lines}</g>`;
}

function drawMark({ x, label }: Mark, row: number, places: Map<string, number>, axis: readonly string[], { width, height }: Lines): TemplateResult {
  // A day between two points lies between them.
  const exact = places.get(x);
  const after = axis.findIndex((one) => one > x);
  const [from, to] = [axis[after - 1], axis[after]];
  const span = from && to ? (Date.parse(x) - Date.parse(from)) / (Date.parse(to) - Date.parse(from)) : 0;
  const between = from && to ? (places.get(from) as number) + span * ((places.get(to) as number) - (places.get(from) as number)) : undefined;
  const place = exact ?? between;
  if (place === undefined) return svg``;
  const left = place > width * 0.6;
  const y = TOP - 6 + 13 * (row % 3); // so that labels of marks near each other do not meet
  return svg`<line class="mark" x1=${place} x2=${place} y1=${y} y2=${height - BOTTOM}></line>
    <text class="mark-label" x=${place + (left ? -5 : 5)} y=${y} text-anchor=${left ? "end" : "start"}>${label}</text>`;
}

/** Draws lines with their intervals over an axis of periods or groups. */
export function drawLines(lines: Lines): TemplateResult {
  const { series, marks, width, height, format, at, bright } = lines;
  const { rows, left, x, y } = frame(lines);
  const axis = axisOf(series);
  const places = new Map(axis.map((one, index) => [one.x, x[index] as number]));
  const longest = Math.max(1, ...axis.map(({ label }) => label.length));
  const written = labelled(axis.length, Math.floor((width - left) / (longest * 7 + 18)));
  const few = series.length <= 2; // of more, intervals would lie over each other
  return svg`
    ${rows.map(
      (value) => svg`<line class=${value === 0 ? "zero" : "grid"} x1=${left} x2=${width - RIGHT} y1=${y(value)} y2=${y(value)}></line>
        <text x=${left - 6} y=${y(value) + 4} text-anchor="end">${format(value)}</text>`,
    )}
    ${axis.map(({ label }, index) => {
      if (!written.has(index)) return nothing;
      const place = x[index] as number;
      const end = place + longest * 3.5 > width;
      return svg`<text x=${end ? width : place} y=${height - 8} text-anchor=${end ? "end" : "middle"}>${label}</text>`;
    })}
    ${at >= 0 ? svg`<line class="at" x1=${x[at]} x2=${x[at]} y1=${TOP} y2=${height - BOTTOM}></line>` : nothing}
    ${series.map((one, index) => drawSeries(one, index, places, y, bright !== "" && one.name !== bright, bright ? one.name === bright : few))}
    ${at < 0
      ? nothing
      : series.map((one, index) => {
          const value = one.points.find((point) => point.x === axis[at]?.x)?.y;
          return value == null ? nothing : svg`<circle class="dot" r="4" cx=${x[at]} cy=${y(value)} fill="var(${strokeOf(index, one.control).hue})"></circle>`;
        })}
    ${marks.map((mark, row) => drawMark(mark, row, places, axis.map((one) => one.x), lines))}
  `;
}
