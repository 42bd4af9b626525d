export interface Point {
  x: number;
  y: number;
}

/** What nodes are put together by: their kind, or one property of one kind. */
export interface Grouping {
  kind: string;
  property: string;
}

export type Colours = "kind" | "cause";

/**
 * What somebody made of the graph: which nodes, which of them hidden, held in place, grouped. It has ids alone, and is
 * never changed: each step gives another, which can be undone.
 */
export interface Scene {
  /** Tells this state from all others, also in the address. */
  readonly name: string;
  readonly ids: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
  readonly pins: ReadonlyMap<string, Point>;
  readonly grouping: Grouping | null;
  /** Groups that show what is in them. */
  readonly open: ReadonlySet<string>;
  readonly colours: Colours;
}

function newName(): string {
  return Math.floor(Math.random() * 36 ** 8).toString(36);
}

export const EMPTY: Scene = {
  name: "",
  ids: new Set(),
  hidden: new Set(),
  pins: new Map(),
  grouping: null,
  open: new Set(),
  colours: "kind",
};

/** Another state, with some parts changed. */
export function change(scene: Scene, parts: Partial<Omit<Scene, "name">>): Scene {
  return { ...scene, ...parts, name: newName() };
}

/** Puts nodes on the canvas, and those back that were hidden; the same state if all are there. */
export function show(scene: Scene, ids: Iterable<string>): Scene {
  const next = new Set(scene.ids);
  const hidden = new Set(scene.hidden);
  for (const id of ids) {
    next.add(id);
    hidden.delete(id);
  }
  if (next.size === scene.ids.size && hidden.size === scene.hidden.size) return scene;
  return change(scene, { ids: next, hidden });
}

export function hide(scene: Scene, ids: Iterable<string>): Scene {
  const hidden = new Set(scene.hidden);
  for (const id of ids) if (scene.ids.has(id)) hidden.add(id);
  return hidden.size === scene.hidden.size ? scene : change(scene, { hidden });
}

export function pin(scene: Scene, id: string, at: Point | null): Scene {
  if (!at && !scene.pins.has(id)) return scene;
  const pins = new Map(scene.pins);
  if (at) pins.set(id, at);
  else pins.delete(id);
  return change(scene, { pins });
}

export function group(scene: Scene, grouping: Grouping | null): Scene {
  if (JSON.stringify(grouping) === JSON.stringify(scene.grouping)) return scene;
  return change(scene, { grouping, open: new Set() });
}

/** Opens a group, or closes it again. */
export function toggle(scene: Scene, name: string): Scene {
  const open = new Set(scene.open);
  if (!open.delete(name)) open.add(name);
  return change(scene, { open });
}

/** Whether two states show the same, whatever they are called. */
export function alike(one: Scene, other: Scene): boolean {
  return written(one) === written(other);
}

function written({ ids, hidden, pins, grouping, open, colours }: Scene): string {
  return JSON.stringify([[...ids].sort(), [...hidden].sort(), [...pins].sort(), grouping, [...open].sort(), colours]);
}
