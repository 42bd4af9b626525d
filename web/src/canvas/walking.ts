import type { Point } from "./scene";

export type Way = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";
const WAYS: Record<Way, Point> = {
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};
const WIDEST = Math.cos((80 * Math.PI) / 180);

/** Of places around one, the nearest that lies that way; y grows upwards. Null if none does. */
export function step<T>(from: Point, way: Way, around: Iterable<[T, Point]>): T | null {
  const { x, y } = WAYS[way];
  let best: T | null = null;
  let least = Infinity;
  for (const [one, at] of around) {
    const far = Math.hypot(at.x - from.x, at.y - from.y);
    if (!far) continue;
    const straight = ((at.x - from.x) * x + (at.y - from.y) * y) / far;
    if (straight < WIDEST) continue;
    const cost = far * (2 - straight); // what lies straight ahead may be further
    if (cost < least) [best, least] = [one, cost];
  }
  return best;
}

/** How far a point is from the line between two others. */
export function distance(point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const along = length ? ((point.x - from.x) * dx + (point.y - from.y) * dy) / length : 0;
  const at = Math.max(0, Math.min(1, along));
  return Math.hypot(point.x - from.x - at * dx, point.y - from.y - at * dy);
}

/** Whether a point is inside of a closed line. */
export function inside(point: Point, line: readonly Point[]): boolean {
  let within = false;
  for (let one = 0, before = line.length - 1; one < line.length; before = one++) {
    const a = line[one] as Point;
    const b = line[before] as Point;
    if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) within = !within;
  }
  return within;
}

/** Where new nodes are put around one: on a spiral, so that none lies upon another. */
export function spiral(centre: Point, index: number, apart: number): Point {
  const angle = index * Math.PI * (3 - Math.sqrt(5));
  const far = apart * Math.sqrt(index + 1);
  return { x: centre.x + far * Math.cos(angle), y: centre.y + far * Math.sin(angle) };
}
