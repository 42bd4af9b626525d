import type { Shortcut } from "../shared/keys";
import { sayer } from "../shared/words";
import type { GraphView } from "./graph";
import { type Way, step } from "./walking";
import { words } from "./words";

const say = sayer(words);
const WAYS = { ArrowUp: "walkUp", ArrowDown: "walkDown", ArrowLeft: "walkLeft", ArrowRight: "walkRight" } as const;

/** What keys do with a graph; arrows and Enter on the canvas alone, since elsewhere they have their own meaning. */
export function shortcutsOf(view: GraphView): Shortcut[] {
  const onCanvas = (event: KeyboardEvent) => event.composedPath().some((one) => one instanceof HTMLElement && one.id === "stage");
  // Escape closes the bar's menu first.
  const closable = (event: KeyboardEvent) =>
    view.work.at.length + view.work.marked.size > 0 && !event.composedPath().some((one) => one instanceof HTMLElement && one.localName === "m-tools");
  const some = () => view.meant.length > 0;
  const expand = () => view.meant.slice(0, 1).forEach((id) => view.expand(id));
  return [
    ...(Object.keys(WAYS) as Way[]).map((key) => ({ key, does: say(WAYS[key]), when: onCanvas, run: () => walk(view, key) })),
    { key: "Enter", does: say("expand"), when: onCanvas, run: expand },
    { key: "e", shift: true, does: say("expandSome"), when: some, run: () => view.meant.slice(0, 1).forEach((id) => view.expand(id, true)) },
    { key: "e", does: say("expand"), when: some, run: expand },
    { key: "Delete", does: say("hide"), when: some, run: () => view.hide() },
    { key: "p", does: say("pin"), when: some, run: () => view.hold() },
    { key: "z", ctrl: true, shift: false, does: say("undo"), run: () => view.act("undo") },
    { key: "y", ctrl: true, does: say("redo"), run: () => view.act("redo") },
    { key: "t", does: say("showTable"), run: () => view.act("table") },
    { key: "+", does: say("zoomIn"), run: () => view.act("zoomIn") },
    { key: "-", does: say("zoomOut"), run: () => view.act("zoomOut") },
    { key: "0", does: say("fit"), run: () => view.act("fit") },
    { key: "Escape", does: say("closePanel"), when: closable, run: () => view.leave() },
  ];
}

/** Walks to the neighbour that lies that way; with nothing chosen, begins in the middle. */
function walk(view: GraphView, way: Way): void {
  const { picture, positions, at } = view.work;
  const [from] = at;
  const here = from && picture.nodes.has(from) ? positions.get(from) : undefined;
  if (!from || !here) {
    const [first] = picture.nodes.keys();
    if (first) view.choose([first], true);
    return;
  }
  const around = view.work.neighboursOf(from).flatMap((id) => {
    const place = positions.get(id);
    return place ? [[id, place] as [string, typeof place]] : [];
  });
  const next = step(here, way, around);
  if (!next) return;
  view.choose([next], true);
  view.canvas?.reach(next);
}
