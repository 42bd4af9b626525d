import { keep, readKept } from "../shared/kept";
import { EMPTY, type Point, type Scene } from "./scene";

// What lies on a canvas is kept in the browser, as ids and where they lie: never what they are called.

export interface Saved {
  scene: Scene;
  positions: Map<string, Point>;
}

export function save(tab: string, scene: Scene, positions: ReadonlyMap<string, Point>): void {
  const { name, hidden, pins, grouping, open, colours } = scene;
  const ids = [...scene.ids].map((id) => {
    const at = positions.get(id);
    return at ? [id, Math.round(at.x), Math.round(at.y)] : [id];
  });
  const written = { name, ids, hidden: [...hidden], pins: [...pins], grouping, open: hashed(open), colours };
  keep(`graph.${tab}`, scene.ids.size ? JSON.stringify(written) : null);
}

/** Groups by the value of a property have that value in their name; they are closed when one comes back. */
function hashed(open: ReadonlySet<string>): string[] {
  return [...open].filter((name) => !name.includes("="));
}

/** Reads what was kept; null if there is nothing, or nothing that can be read. */
export function readSaved(tab: string): Saved | null {
  try {
    const { name, ids, hidden, pins, grouping, open, colours } = JSON.parse(readKept(`graph.${tab}`) ?? "null");
    const places = ids as [string, number?, number?][];
    const scene: Scene = {
      ...EMPTY,
      name: String(name),
      ids: new Set(places.map(([id]) => id)),
      hidden: new Set(hidden as string[]),
      pins: new Map(pins as [string, Point][]),
      grouping: grouping ?? null,
      open: new Set(open as string[]),
      colours: colours === "cause" ? "cause" : "kind",
    };
    const positions = new Map<string, Point>();
    for (const [id, x, y] of places) if (x !== undefined && y !== undefined) positions.set(id, { x, y });
    return scene.ids.size ? { scene, positions } : null;
  } catch {
    return null;
  }
}
