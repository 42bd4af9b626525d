import { AskError } from "../shared/ask";
import { Steps } from "../shared/history";
import { choose, place } from "../shared/place";
import { keepRecent } from "../shared/recent";
import { session, sessionState } from "../shared/session";
import { askJoins, askSubgraph } from "./asking";
import { readScene, writeScene } from "./address";
import { readSaved, save } from "./autosave";
import { type Causes, askCauses } from "./causes";
import { Expanding } from "./expanding";
import { Facts, type Found } from "./facts";
import { type Picture, otherEnd, picture } from "./picture";
import { EMPTY, type Point, type Scene, change, show } from "./scene";
import { readValues } from "./values";
import { spiral } from "./walking";

const APART = 12;
const PAUSE = 400;

/**
 * What one tab has of the graph: what is known, what is shown, what is chosen, and where each node lies. Fires `change`
 * when something is to be drawn anew, and `tell` with what to say of it.
 */
export class Workspace extends EventTarget {
  readonly facts = new Facts();
  readonly steps = new Steps<Scene>(EMPTY, 100);
  readonly expanding = new Expanding(this);
  readonly positions = new Map<string, Point>();
  /** What is drawn. */
  picture: Picture = picture(EMPTY, this.facts);
  /** What the panel shows: a node or group, or the two ends of a line. */
  at: readonly string[] = [];
  /** What is marked by lasso or in the table. */
  marked: ReadonlySet<string> = new Set();
  /** Whom root causes touch, once somebody has wanted to see that. */
  causes: Causes | null = null;
  busy = 0;
  error: unknown = null;
  /** Whether it is known what is to be shown. */
  ready = false;
  /** Whether another tab is shown, and whether something came since, so that the address of this one has it not. */
  private away = false;
  private stale = false;
  private again: (() => Promise<void>) | null = null;
  private timer = 0;

  constructor(readonly tab: string) {
    super();
    this.steps.addEventListener("change", () => this.redraw());
    session.addEventListener("change", () => {
      if (sessionState() === "in" && this.waiting) this.retry();
    });
  }

  get scene(): Scene {
    return this.steps.state;
  }

  get waiting(): boolean {
    return this.error instanceof AskError && this.error.code === "unauthenticated";
  }

  /** Reads where one is: at first, and when Back or a link led elsewhere. */
  follow(): void {
    const { tab, chosen } = place();
    const returned = this.away;
    this.away = tab !== this.tab;
    if (this.away) return;
    // What came while another tab was shown, or what lies here when one comes by the tab's bare name.
    const linked = chosen.has("show") && !chosen.has("step");
    if (returned && this.scene.ids.size && !linked && (this.stale || !chosen.has("show"))) return this.writePlace(true);
    const at = (chosen.get("at") ?? "").split(" ").filter(Boolean);
    const step = chosen.get("step") ?? "";
    const known = this.steps.seek((scene) => scene.name === step && step !== "");
    if (!known) {
      const saved = this.ready ? null : readSaved(this.tab);
      const read = readScene(chosen);
      const asked = read && step ? { ...read, name: step } : read;
      if (saved && (!asked || saved.scene.name === step)) {
        for (const [id, point] of saved.positions) this.positions.set(id, point);
        void this.open(saved.scene);
      } else if (asked) void this.open(asked);
      else if (this.ready && !step) this.clear();
    }
    this.ready = true;
    if (at.join(" ") !== this.at.join(" ")) this.at = at;
    this.changed();
  }

  /** Goes to an empty canvas, as the address has none: back to it, or by another step. */
  private clear(): void {
    if (this.scene.ids.size && !this.steps.seek(({ ids }) => !ids.size)) this.steps.take(change(EMPTY, {}));
  }

  /** Shows a state whose nodes are to be asked for; the address has it already. */
  private async open(scene: Scene): Promise<void> {
    await this.work(async () => {
      const asked = [...scene.ids];
      const { nodes, edges, missing } = await askSubgraph(asked, this.tab);
      this.facts.add({ nodes, edges });
      const gone = new Set(missing);
      if (gone.size) this.tell("missing", { n: gone.size });
      await this.prepare(scene);
      const ids = new Set(asked.filter((id) => !gone.has(id)));
      this.settle(ids, null);
      const next = gone.size ? change(scene, { ids }) : scene;
      this.take(next, { replace: true });
      this.tell("opened", { n: ids.size });
    });
  }

  /** Asks again what is shown, as in another language. */
  async refresh(): Promise<void> {
    if (!this.scene.ids.size) return;
    await this.work(async () => {
      this.causes = null;
      this.facts.add(await askSubgraph([...this.scene.ids], this.tab));
      await this.prepare(this.scene);
      this.redraw();
    });
  }

  /** Goes on to another state; in the address too, unless another tab is shown by now. */
  take(next: Scene, { replace = false } = {}): void {
    if (next === this.scene) return;
    this.steps.take(next);
    this.writePlace(replace);
  }

  undo(): void {
    if (!this.steps.canUndo) return;
    this.steps.undo();
    this.writePlace(true);
    this.tell("undone");
  }

  redo(): void {
    if (!this.steps.canRedo) return;
    this.steps.redo();
    this.writePlace(true);
    this.tell("redone");
  }

  private writePlace(replace: boolean): void {
    this.stale = place().tab !== this.tab;
    if (this.stale) return;
    const written = writeScene(this.scene) ?? {};
    const parts = { show: null, hide: null, pin: null, group: null, open: null, colours: null, ...written };
    const still = this.at.filter((id) => this.picture.nodes.has(id));
    if (still.length < this.at.length) this.at = [];
    choose({ ...parts, step: this.scene.ids.size ? this.scene.name : null, at: this.at.join(" ") }, { replace });
  }

  /** Shows a node, a group or (both ends) a line in the panel; with `passing`, Back does not lead there. */
  select(at: readonly string[], { passing = false } = {}): void {
    if (at.join(" ") === this.at.join(" ")) return;
    this.at = at;
    if (at.length === 1 && this.facts.nodes.has(at[0] as string)) keepRecent(at[0] as string);
    if (place().tab === this.tab) choose({ at: at.join(" ") }, { replace: passing });
    this.changed();
  }

  mark(ids: Iterable<string>): void {
    this.marked = new Set(ids);
    this.changed();
  }

  /** Puts one node on the canvas, with what joins it to the others. */
  async put(id: string): Promise<void> {
    if (this.picture.nodes.has(id)) return this.select([id]);
    await this.work(async () => {
      const found = await askSubgraph([id], this.tab);
      if (!found.nodes.length) return this.tell("missing", { n: 1 });
      this.add(found, null);
      this.select([id], { passing: true });
      await this.join([id]);
    });
  }

  /** Puts what was found on the canvas, around one of it or on its own; returns what was not there. */
  add(found: Found, around: string | null): string[] {
    this.facts.add(found);
    const added = found.nodes.map(({ id }) => id).filter((id) => !this.scene.ids.has(id));
    this.settle(added, around);
    const next = show(this.scene, around ? [around, ...found.nodes.map(({ id }) => id)] : added);
    if (next === this.scene) this.redraw();
    else this.take(next);
    return added;
  }

  /** Looks for what joins new nodes to the others: that is no step, it was always so. */
  async join(added: readonly string[]): Promise<void> {
    const there = [...this.scene.ids].filter((id) => !added.includes(id));
    const edges = await askJoins(added, there);
    const fresh = edges.filter(({ id }) => !this.facts.edges.has(id));
    await this.prepare(this.scene);
    if (!fresh.length) return;
    this.facts.add({ nodes: [], edges: fresh });
    this.redraw();
  }

  private settle(ids: Iterable<string>, around: string | null): void {
    const centre = (around && this.positions.get(around)) || { x: 0, y: 0 };
    let index = around ? 0 : this.positions.size;
    for (const id of ids) if (!this.positions.has(id)) this.positions.set(id, spiral(centre, index++, APART));
  }

  /** Goes on to a state that is grouped or coloured otherwise. */
  async rearrange(next: Scene): Promise<void> {
    await this.work(async () => {
      await this.prepare(next);
      const regrouped = next.grouping !== this.scene.grouping;
      this.take(next);
      if (regrouped) this.tell(next.grouping ? "grouped" : "ungrouped", { n: this.picture.groups.size });
    });
  }

  /** Asks for what a state needs beside its nodes. */
  private async prepare(scene: Scene): Promise<void> {
    if (scene.grouping?.property) await readValues(this.facts, scene.ids, scene.grouping);
    if (scene.colours === "cause") this.causes ??= await askCauses(this.tab);
  }

  /** Does something that asks the service; what fails for want of a sign-in is done once somebody has signed in. */
  async work(does: () => Promise<void>): Promise<void> {
    this.busy++;
    this.changed();
    try {
      await does();
      this.error = null;
    } catch (error) {
      this.error = error;
      this.again = () => this.work(does);
    }
    this.busy--;
    this.changed();
  }

  retry(): void {
    const again = this.again;
    this.again = null;
    this.error = null;
    void again?.();
  }

  /** Draws anew from what is known; positions of what is drawn are made where there are none. */
  redraw(): void {
    this.picture = picture(this.scene, this.facts);
    const drawn = (id: string) => this.picture.nodes.has(id);
    if ([...this.marked].some((id) => !drawn(id))) this.marked = new Set([...this.marked].filter(drawn));
    let index = this.positions.size;
    for (const { id, members } of this.picture.nodes.values()) {
      if (!this.positions.has(id)) this.positions.set(id, this.middle(members) ?? spiral({ x: 0, y: 0 }, index++, APART));
    }
    this.keep();
    this.changed();
  }

  private middle(members: readonly string[]): Point | null {
    const places = members.flatMap((id) => this.positions.get(id) ?? []);
    if (!places.length) return null;
    const sum = places.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
    return { x: sum.x / places.length, y: sum.y / places.length };
  }

  /** Keeps the state in the browser, soon. */
  keep(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      if (sessionState() === "in" || sessionState() === "unknown") save(this.tab, this.scene, this.positions);
    }, PAUSE);
  }

  neighboursOf(id: string): string[] {
    return (this.picture.around.get(id) ?? []).map((line) => otherEnd(line, id));
  }

  changed(): void {
    this.dispatchEvent(new Event("change"));
  }

  tell(what: string, values: Record<string, string | number> = {}): void {
    this.dispatchEvent(new CustomEvent("tell", { detail: { what, values } }));
  }
}
