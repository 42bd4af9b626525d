import { keep, readKept } from "./kept";

// What somebody opened last, by id alone: what it is called is asked for when it is shown.
const MOST = 8;

export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(readKept("recent") ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export function keepRecent(id: string): void {
  keep("recent", JSON.stringify([id, ...recent().filter((one) => one !== id)].slice(0, MOST)));
}

/** Forgets it, and what lies on the canvases. */
export function forgetRecent(): void {
  for (const name of ["recent", "graph.search", "graph.paths"]) keep(name, null);
}
