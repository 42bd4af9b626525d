/** Round figures for an axis from 0 (or below) to at least `most`: at most `count` + 1 of them. */
export function ticks(least: number, most: number, count = 5): number[] {
  const low = Math.min(0, least);
  const span = Math.max(most - low, Number.EPSILON);
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((one) => one * power >= rough * 0.999999) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(most / step - 1e-9);
  return Array.from({ length: Math.max(1, last - first) + 1 }, (_, index) => (first + index) * step);
}

/** Which of `count` labels are written, where there is room for `most`: evenly, the last one always. */
export function labelled(count: number, most: number): Set<number> {
  const step = Math.max(1, Math.ceil(count / Math.max(1, most)));
  const places = new Set<number>();
  for (let place = count - 1; place >= 0; place -= step) places.add(place);
  return places;
}

/** Where each x lies, from 0 to 1: by time where all are days, else side by side. */
export function spread(values: readonly string[]): number[] {
  const times = values.map((value) => (/^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value) : Number.NaN));
  const first = times[0] ?? Number.NaN;
  const length = (times.at(-1) ?? Number.NaN) - first;
  if (times.every(Number.isFinite) && length > 0) return times.map((time) => (time - first) / length);
  return values.map((_, index) => (values.length > 1 ? index / (values.length - 1) : 0.5));
}

/** Says where a ratio lies between two others, from 0 to 1, by its logarithm. */
export function placeOf(ratio: number, least: number, most: number): number {
  const place = (Math.log(ratio) - Math.log(least)) / (Math.log(most) - Math.log(least));
  return Number.isFinite(place) ? Math.max(0, Math.min(1, place)) : ratio > least ? 1 : 0;
}
