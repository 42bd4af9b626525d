import Graph from "graphology";
import Sigma from "sigma";
import type { Settings } from "sigma/settings";
import type { NodeDisplayData, PartialButFor } from "sigma/types";
import { type Palette, drawSign, readPalette } from "./palette";
import type { Line, Picture } from "./picture";
import type { Point } from "./scene";
import { distance } from "./walking";

const SIGNED = 150; // signs are drawn while this many nodes are in view at most
const ARROWED = 800;
const LABELLED = 120;
const NAMED = 60; // of few nodes most have their name beside them
const PADDING = 48;
const ROOM = 240; // px that a name may need; where there are fewer, it is looked at, and stands at the left
const NEAR = 6; // px from a line
const SIZE = 9;
const SMALL = 5;

/** How one node looks beside its place. */
export interface NodeLook {
  label: string;
  kind: string;
  colour: string;
  members: number;
}

interface NodeData extends NodeLook {
  x: number;
  y: number;
  size: number;
  color: string;
}

interface EdgeData {
  label: string;
  color: string;
  size: number;
  type: string;
}

/** Whether this browser can draw a graph. */
export function canDraw(): boolean {
  const probe = document.createElement("canvas");
  return probe.getContext("webgl2") !== null || probe.getContext("webgl") !== null;
}

/** A picture on a canvas: sigma, with signs, rings and pins drawn above it. */
export class Drawing {
  readonly graph = new Graph<NodeData, EdgeData>({ type: "directed", allowSelfLoops: false });
  readonly sigma: Sigma<NodeData, EdgeData>;
  palette: Palette = readPalette();
  chosen: ReadonlySet<string> = new Set();
  pinned: ReadonlySet<string> = new Set();
  private readonly above: CanvasRenderingContext2D;
  private lines: readonly Line[] = [];

  constructor(container: HTMLElement) {
    this.sigma = new Sigma<NodeData, EdgeData>(this.graph, container, {
      allowInvalidContainer: true,
      defaultEdgeType: "line",
      labelFont: getComputedStyle(container).fontFamily,
      labelSize: 12,
      labelRenderedSizeThreshold: 4,
      edgeLabelFont: getComputedStyle(container).fontFamily,
      edgeLabelSize: 11,
      stagePadding: PADDING,
      minCameraRatio: 0.03,
      maxCameraRatio: 6,
      zIndex: false,
      ...this.colours(),
    });
    const canvas = this.sigma.createCanvas("signs", { afterLayer: "nodes" });
    canvas.style.pointerEvents = "none";
    this.above = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.sigma.on("resize", () => this.fit(canvas));
    this.sigma.on("afterRender", () => this.drawAbove());
    this.fit(canvas);
  }

  private fit(canvas: HTMLCanvasElement): void {
    const { width, height } = this.sigma.getDimensions();
    const ratio = devicePixelRatio;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    this.above.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.set({ stagePadding: Math.max(16, Math.min(PADDING, height / 8)) });
  }

  private colours(): Partial<Settings<NodeData, EdgeData>> {
    const { ink, faint, surface } = this.palette;
    const hover = (context: CanvasRenderingContext2D, data: PartialButFor<NodeDisplayData, "x" | "y" | "size" | "label" | "color">) => {
      this.drawName(context, data, surface, ink);
    };
    return {
      labelColor: { color: ink },
      defaultDrawNodeLabel: (context, data, { labelSize, labelFont, labelWeight }) => {
        if (!data.label) return;
        context.fillStyle = ink;
        context.font = `${labelWeight} ${labelSize}px ${labelFont}`;
        const beside = data.size + 6; // of the ring
        const room = this.sigma.getDimensions().width - data.x - beside;
        const width = room < ROOM ? context.measureText(data.label).width : 0;
        const left = width > room && width < data.x - beside;
        context.fillText(data.label, left ? data.x - beside - width : data.x + beside, data.y + labelSize / 3);
      },
      edgeLabelColor: { color: faint },
      defaultDrawNodeHover: hover as Settings<NodeData, EdgeData>["defaultDrawNodeHover"],
    };
  }

  /** What is pointed at has its name on a ground of its own. */
  private drawName(context: CanvasRenderingContext2D, data: { x: number; y: number; size: number; label: string | null }, ground: string, ink: string): void {
    if (!data.label) return;
    context.font = `600 12px ${this.sigma.getSetting("labelFont")}`;
    const width = context.measureText(data.label).width;
    context.fillStyle = ground;
    context.strokeStyle = this.palette.accent;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(data.x + data.size + 1, data.y - 11, width + 10, 22, 5);
    context.fill();
    context.stroke();
    context.fillStyle = ink;
    context.fillText(data.label, data.x + data.size + 6, data.y + 4);
  }

  /** Draws another picture: what is in both stays as it is. */
  draw({ nodes, lines }: Picture, positions: ReadonlyMap<string, Point>, lookOf: (id: string) => NodeLook): void {
    this.lines = [...lines.values()];
    const size = nodes.size > 1000 ? SMALL : SIZE;
    const type = lines.size > ARROWED ? "line" : "arrow";
    const few = nodes.size <= NAMED;
    this.set({ renderEdgeLabels: lines.size <= LABELLED, labelDensity: few ? 1.5 : 0.5, labelGridCellSize: few ? 90 : 150 });
    for (const id of this.graph.nodes()) if (!nodes.has(id)) this.graph.dropNode(id);
    for (const id of this.graph.edges()) if (!lines.has(id)) this.graph.dropEdge(id);
    for (const id of nodes.keys()) {
      const look = lookOf(id);
      const { x, y } = positions.get(id) ?? { x: 0, y: 0 };
      const data: NodeData = { ...look, x, y, color: look.colour, size: look.members ? size * (1.3 + Math.log10(look.members)) : size };
      if (!this.graph.hasNode(id)) this.graph.addNode(id, data);
      else if (!same(this.graph.getNodeAttributes(id), data)) this.graph.replaceNodeAttributes(id, data);
    }
    for (const line of this.lines) {
      const { color, size: width } = this.lineLook(line);
      const data: EdgeData = { label: line.labels.join(", "), color, size: width, type };
      if (!this.graph.hasEdge(line.id)) this.graph.addEdgeWithKey(line.id, line.from, line.to, data);
      else if (!same(this.graph.getEdgeAttributes(line.id), data)) this.graph.replaceEdgeAttributes(line.id, data);
    }
  }

  /** Sigma does all of its work anew when it is given settings, so it gets none that it has. */
  private set(settings: Partial<Settings<NodeData, EdgeData>>): void {
    if (!same(this.sigma.getSettings(), settings as Settings<NodeData, EdgeData>)) this.sigma.setSettings(settings);
  }

  private lineLook({ from, to }: Line): { color: string; size: number } {
    const both = this.chosen.has(from) && this.chosen.has(to);
    const touched = this.chosen.size === 1 && (this.chosen.has(from) || this.chosen.has(to));
    if (both || touched) return { color: this.palette.accent, size: both ? 3.5 : this.lines.length > LABELLED ? 1.2 : 2 };
    return { color: this.palette.line, size: this.lines.length > ARROWED ? 1 : 1.6 };
  }

  /** Marks what is chosen and held in place. */
  choose(chosen: ReadonlySet<string>, pinned: ReadonlySet<string>): void {
    this.pinned = pinned;
    const before = this.chosen;
    this.chosen = chosen;
    const still = before.size === chosen.size && [...chosen].every((id) => before.has(id));
    for (const line of still ? [] : this.lines) {
      if (![line.from, line.to].some((end) => before.has(end) || chosen.has(end))) continue;
      if (this.graph.hasEdge(line.id)) this.graph.mergeEdgeAttributes(line.id, this.lineLook(line));
    }
    this.sigma.scheduleRender();
  }

  place(ids: readonly string[], positions: Float32Array, pins: ReadonlyMap<string, Point>): void {
    const at = new Map(ids.map((id, index) => [id, index * 2]));
    this.graph.updateEachNodeAttributes(
      (id, data) => {
        const index = at.get(id);
        if (index === undefined || pins.has(id)) return data;
        data.x = positions[index] as number;
        data.y = positions[index + 1] as number;
        return data;
      },
      { attributes: ["x", "y"] },
    );
  }

  /** Takes up the colours of the present scheme. */
  recolour(): void {
    this.palette = readPalette();
    this.sigma.setSettings(this.colours());
    for (const line of this.lines) if (this.graph.hasEdge(line.id)) this.graph.mergeEdgeAttributes(line.id, this.lineLook(line));
  }

  private drawAbove(): void {
    const { above, sigma, palette } = this;
    const { width, height } = sigma.getDimensions();
    above.clearRect(0, 0, width, height);
    if (this.graph.order <= SIGNED) {
      for (const id of this.graph.nodes()) this.drawOne(id, width, height, (x, y, radius) => {
        const { kind, members } = this.graph.getNodeAttributes(id);
        if (radius >= 6) drawSign(above, kind, x, y, members ? radius * 0.8 : radius, palette.surface);
        if (members) this.ring(x, y, radius + 3, palette.faint, 1);
      });
    }
    for (const id of this.pinned) this.drawOne(id, width, height, (x, y, radius) => {
      above.beginPath();
      above.arc(x + radius * 0.75, y - radius * 0.75, 3.5, 0, 2 * Math.PI);
      above.fillStyle = palette.ink;
      above.fill();
      this.ring(x + radius * 0.75, y - radius * 0.75, 3.5, palette.surface, 1);
    });
    for (const id of this.chosen) this.drawOne(id, width, height, (x, y, radius) => this.ring(x, y, radius + 3, palette.accent, 3));
  }

  private drawOne(id: string, width: number, height: number, draw: (x: number, y: number, radius: number) => void): void {
    const data = this.sigma.getNodeDisplayData(id);
    if (!data || !this.graph.hasNode(id)) return;
    const { x, y } = this.sigma.framedGraphToViewport(data);
    if (x > -50 && y > -50 && x < width + 50 && y < height + 50) draw(x, y, this.sigma.scaleSize(data.size));
  }

  private ring(x: number, y: number, radius: number, stroke: string, width: number): void {
    this.above.beginPath();
    this.above.arc(x, y, radius, 0, 2 * Math.PI);
    this.above.lineWidth = width;
    this.above.strokeStyle = stroke;
    this.above.stroke();
  }

  /** The line at a point of the viewport; null if there is none. */
  findLine(point: Point): Line | null {
    let best: Line | null = null;
    let least = NEAR;
    for (const line of this.lines) {
      const [from, to] = [this.viewport(line.from), this.viewport(line.to)];
      if (!from || !to) continue;
      const far = distance(point, from, to);
      if (far < least) [best, least] = [line, far];
    }
    return best;
  }

  /** Where a node is in the viewport. */
  viewport(id: string): Point | null {
    const data = this.sigma.getNodeDisplayData(id);
    return data ? this.sigma.framedGraphToViewport(data) : null;
  }
}

function same<D extends object>(one: D, other: D): boolean {
  return (Object.keys(other) as (keyof D)[]).every((name) => one[name] === other[name]);
}
