import { EDGE, type FromWorker, NODE, type ToWorker } from "./layout-protocol";
import type { Picture } from "./picture";
import type { Point } from "./scene";

const LEAST_PAUSE = 50;

/**
 * Lays a picture out in a worker. Positions come when the page has drawn those before, so that it never has more to do
 * than it can; it ends by itself when nothing moves any more.
 */
export class Layout {
  running = false;
  private readonly worker = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
  private run = 0;
  private ids: string[] = [];

  /** `placed` gets positions; `calm` is told when it begins or ends. */
  constructor(
    private readonly placed: (ids: readonly string[], positions: Float32Array) => void,
    private readonly calm: () => void,
  ) {
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.hear(data));
  }

  begin({ nodes, lines }: Picture, positions: ReadonlyMap<string, Point>, pins: ReadonlyMap<string, Point>): void {
    this.ids = [...nodes.keys()];
    if (this.ids.length < 2) return this.stop();
    const places = new Map(this.ids.map((id, index) => [id, index * NODE]));
    const figures = new Float32Array(this.ids.length * NODE);
    for (const [index, id] of this.ids.entries()) {
      const at = pins.get(id) ?? positions.get(id) ?? { x: index, y: index };
      figures.set([at.x, at.y, 0, 0, 0, 0, 1, 1, 1, pins.has(id) ? 1 : 0], index * NODE);
    }
    const joins = new Float32Array(lines.size * EDGE);
    let to = 0;
    for (const line of lines.values()) {
      const [one, other] = [places.get(line.from) as number, places.get(line.to) as number];
      joins.set([one, other, 1], to);
      to += EDGE;
      for (const end of [one, other]) figures[end + 6] = (figures[end + 6] as number) + 1;
    }
    const settings = {
      linLogMode: false,
      outboundAttractionDistribution: false,
      adjustSizes: false,
      edgeWeightInfluence: 1,
      scalingRatio: 10,
      strongGravityMode: true,
      gravity: 0.05,
      slowDown: 1 + Math.log(this.ids.length),
      barnesHutOptimize: this.ids.length > 500,
      barnesHutTheta: 0.5,
    };
    this.running = true;
    this.send({ does: "begin", run: ++this.run, nodes: figures, edges: joins, settings });
    this.calm();
  }

  stop(): void {
    this.run++;
    this.running = false;
    this.send({ does: "stop" });
    this.calm();
  }

  end(): void {
    this.worker.terminate();
  }

  private hear({ run, positions, calm }: FromWorker): void {
    if (run !== this.run) return;
    const since = performance.now();
    if (calm) this.running = false;
    this.placed(this.ids, positions);
    if (calm) return this.calm();
    // When it is drawn, twice as long as that took is left to whoever uses the page.
    requestAnimationFrame(() => {
      const pause = Math.max(LEAST_PAUSE, 2 * (performance.now() - since));
      setTimeout(() => run === this.run && this.send({ does: "on" }), pause);
    });
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
