/** A figure of a chart; null where it is not known or withheld. */
export interface Point {
  /** A day (2026-03-01), or the name of a group. */
  x: string;
  /** How x is written, if not as it is. */
  label?: string;
  y: number | null;
  low?: number | null;
  high?: number | null;
}

export interface Series {
  name: string;
  points: readonly Point[];
  /** What the others are seen against: drawn in grey. */
  control?: boolean;
}

/** What is pointed at on the axis of x: the onset, an action. */
export interface Mark {
  x: string;
  label: string;
}

const DASHES = ["", "7 3", "2 3", "9 3 2 3"];

/** The hue of a series, and how its line is broken, so that they are told apart without colours too. */
export function strokeOf(index: number, control: boolean | undefined): { hue: string; dash: string } {
  if (control) return { hue: "--faint", dash: "5 3" };
  return { hue: `--hue-${(index % 8) + 1}`, dash: DASHES[Math.floor(index / 2) % DASHES.length] as string };
}

/** All x of several series, with how each is written: sorted where they are days, else as they come. */
export function axisOf(series: readonly Series[]): { x: string; label: string }[] {
  const labels = new Map<string, string>();
  for (const { points } of series) for (const { x, label } of points) if (!labels.has(x)) labels.set(x, label ?? x);
  const axis = [...labels].map(([x, label]) => ({ x, label }));
  const days = axis.every(({ x }) => /^\d{4}-\d{2}-\d{2}/.test(x));
  return days ? axis.sort((one, other) => (one.x < other.x ? -1 : 1)) : axis;
}

/** The greatest figure that is drawn, ends of intervals too. */
export function greatest(series: readonly Series[]): number {
  return Math.max(0, ...series.flatMap(({ points }) => points.map(({ y, high }) => Math.max(y ?? 0, high ?? 0))));
}
