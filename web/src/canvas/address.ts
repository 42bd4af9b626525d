import { EMPTY, type Point, type Scene, change } from "./scene";

// A state in an address, as ids. After an id, `*0k` says that the next one begins with the same 20 letters: ids of one
// kind begin alike, and so a link has a third of the length.
const LONGEST = 8000;
const NAMES = ["show", "hide", "pin", "group", "open", "colours"] as const;

export type Written = Partial<Record<(typeof NAMES)[number], string>>;

/** Writes a state for an address; null if that has too much in it for one. */
export function writeScene(scene: Scene): Written | null {
  const written: Written = { show: writeIds(scene.ids) };
  if (scene.hidden.size) written.hide = writeIds(scene.hidden);
  if (scene.pins.size) {
    written.pin = [...scene.pins].map(([id, { x, y }]) => [id, Math.round(x), Math.round(y)].join("*")).join(".");
  }
  if (scene.grouping) written.group = scene.grouping.property ? `${scene.grouping.kind}.${scene.grouping.property}` : "kind";
  if (scene.open.size) written.open = JSON.stringify([...scene.open].sort());
  if (scene.colours !== "kind") written.colours = scene.colours;
  return new URLSearchParams(written).toString().length > LONGEST ? null : written;
}

/** Reads a state out of an address; null if there is none in it. */
export function readScene(chosen: URLSearchParams): Scene | null {
  const ids = readIds(chosen.get("show") ?? "");
  if (!ids.length) return null;
  const [kind = "", property = ""] = (chosen.get("group") ?? "").split(".");
  return change(EMPTY, {
    ids: new Set(ids),
    hidden: new Set(readIds(chosen.get("hide") ?? "")),
    pins: new Map(readPins(chosen.get("pin") ?? "")),
    grouping: kind === "kind" ? { kind: "", property: "" } : kind && property ? { kind, property } : null,
    open: new Set(readNames(chosen.get("open") ?? "[]")),
    colours: chosen.get("colours") === "cause" ? "cause" : "kind",
  });
}

export function writeIds(ids: Iterable<string>): string {
  let last = "";
  return [...ids]
    .sort()
    .map((id) => {
      let same = 0;
      while (same < Math.min(last.length, id.length, 36 * 36 - 1) && last[same] === id[same]) same++;
      last = id;
      return same > 3 ? `*${same.toString(36).padStart(2, "0")}${id.slice(same)}` : id;
    })
    .join(".");
}

export function readIds(text: string): string[] {
  const ids: string[] = [];
  for (const part of text.split(/[,.]/)) {
    const [, same, rest] = /^\*([0-9a-z]{2})(.*)$/.exec(part) ?? [];
    const id = same === undefined ? part : (ids.at(-1) ?? "").slice(0, parseInt(same, 36)) + rest;
    if (/^[\w-]+=*$/.test(id)) ids.push(id);
  }
  return ids;
}

function readPins(text: string): [string, Point][] {
  return text.split(".").flatMap((part) => {
    const [id = "", x, y] = part.split("*");
    const at = { x: Number(x), y: Number(y) };
    return id && x && y && Number.isFinite(at.x) && Number.isFinite(at.y) ? [[id, at] as [string, Point]] : [];
  });
}

function readNames(text: string): string[] {
  try {
    const names: unknown = JSON.parse(text);
    return Array.isArray(names) ? names.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}
