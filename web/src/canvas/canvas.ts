import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fire } from "../shared/events";
import { base } from "../shared/look";
import { schemes } from "../shared/scheme";
import { Spoken, sayer } from "../shared/words";
import { Drawing, type NodeLook, canDraw } from "./drawing";
import { Followed } from "./followed";
import { Layout } from "./layout";
import { Lasso } from "./lasso";
import type { Picture } from "./picture";
import type { Point } from "./scene";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Draws what a workspace shows. Fires `choose` (ids: a node, or both ends of a line, or none), `expand` (id), `hold`
 * ({ id, at }: held in place there), `mark` (ids, by lasso).
 */
@customElement("m-canvas")
export class Canvas extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  /** How each looks; another function where that has changed. */
  @property({ attribute: false }) lookOf: (id: string) => NodeLook = () => ({ label: "", kind: "", colour: "", members: 0 });
  @state() private laying = false;
  @query("#stage") private readonly stage!: HTMLElement;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);
  drawing: Drawing | null = null;
  private layout: Layout | null = null;
  private placed = 0;
  private drawn: Picture | null = null;
  private looked: ((id: string) => NodeLook) | null = null;
  /** Sigma looks at the window's size alone, and the canvas changes its own beside panel and table. */
  private readonly sized = new ResizeObserver(() => this.drawing?.sigma.resize().scheduleRender());
  private held: { id: string; moved: boolean } | null = null;
  private readonly recolour = () => {
    this.drawing?.recolour();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    schemes.addEventListener("change", this.recolour);
    if (this.hasUpdated) this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    schemes.removeEventListener("change", this.recolour);
    this.sized.disconnect();
    this.layout?.end();
    this.drawing?.sigma.kill();
    this.drawing = this.layout = this.drawn = null;
  }

  override firstUpdated(): void {
    this.begin();
  }

  private begin(): void {
    if (!canDraw()) return;
    const drawing = (this.drawing = new Drawing(this.stage));
    this.layout = new Layout(
      (ids, positions) => this.place(ids, positions),
      () => (this.laying = this.layout?.running ?? false),
    );
    this.sized.observe(this.stage);
    const { sigma } = drawing;
    sigma.on("clickNode", ({ node }) => fire(this, "choose", [node]));
    sigma.on("clickStage", ({ event }) => {
      const line = drawing.findLine(event);
      fire(this, "choose", line ? [line.from, line.to] : []);
    });
    sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      fire(this, "expand", event.node);
    });
    sigma.on("downNode", ({ node }) => {
      this.held = { id: node, moved: false };
      if (!sigma.getCustomBBox()) sigma.setCustomBBox(sigma.getBBox());
    });
    sigma.on("moveBody", ({ event }) => this.drag(event));
    sigma.on("upNode", () => this.drop());
    sigma.on("upStage", () => this.drop());
    new Lasso(this.stage, (line, inside) => {
      const ids = drawing.graph.nodes().filter((id) => {
        const at = drawing.viewport(id);
        return at !== null && inside(at, line);
      });
      fire(this, "mark", ids);
    });
    this.requestUpdate();
  }

  private drag(event: Point & { preventSigmaDefault(): void; original: Event }): void {
    if (!this.held || !this.drawing) return;
    const { x, y } = this.drawing.sigma.viewportToGraph(event);
    if (!this.held.moved) {
      this.layout?.stop();
      this.held.moved = true;
    }
    this.drawing.graph.mergeNodeAttributes(this.held.id, { x, y });
    event.preventSigmaDefault();
    event.original.preventDefault();
  }

  private drop(): void {
    const { held, drawing } = this;
    this.held = null;
    drawing?.sigma.setCustomBBox(null);
    if (!held?.moved || !drawing?.graph.hasNode(held.id)) return;
    const { x, y } = drawing.graph.getNodeAttributes(held.id);
    fire(this, "hold", { id: held.id, at: { x, y } });
  }

  private place(ids: readonly string[], positions: Float32Array): void {
    const { pins } = this.work.scene;
    for (const [index, id] of ids.entries()) {
      if (!pins.has(id)) this.work.positions.set(id, { x: positions[index * 2] as number, y: positions[index * 2 + 1] as number });
    }
    // Whoever wants less to move sees where things are now and then, and at the end.
    const calm = !this.layout?.running;
    if (!calm && STILL.matches && performance.now() - this.placed < 1000) return;
    this.placed = performance.now();
    this.drawing?.place(ids, positions, pins);
    this.work.keep();
  }

  /** Lays out anew. */
  arrange(): void {
    this.layout?.begin(this.work.picture, this.work.positions, this.work.scene.pins);
  }

  zoom(by: number): void {
    const camera = this.drawing?.sigma.getCamera();
    if (!camera) return;
    void (by === 0 ? camera.animatedReset({ duration: 0 }) : camera.animatedZoom({ factor: by > 0 ? 1.5 : 1 / 1.5, duration: 0 }));
  }

  /** Moves what is drawn so that a node is in view. */
  reach(id: string): void {
    const { sigma } = this.drawing ?? {};
    const data = sigma?.getNodeDisplayData(id);
    if (!sigma || !data) return;
    const { x, y } = sigma.framedGraphToViewport(data);
    const { width, height } = sigma.getDimensions();
    if (x < 20 || y < 20 || x > width - 20 || y > height - 20) sigma.getCamera().setState({ x: data.x, y: data.y });
  }

  override updated(): void {
    const { drawing, work } = this;
    if (!drawing) return;
    const { picture, positions, scene } = work;
    if (this.drawn !== picture || this.looked !== this.lookOf) {
      for (const [id, at] of scene.pins) positions.set(id, at);
      drawing.draw(picture, positions, this.lookOf);
      this.looked = this.lookOf;
    }
    drawing.choose(new Set([...work.at, ...work.marked]), new Set(scene.pins.keys()));
    if (this.drawn !== picture) {
      const before = this.drawn;
      this.drawn = picture;
      if (isAnother(before, picture)) this.arrange();
    }
  }

  override render() {
    const { nodes, lines } = this.work.picture;
    return html`
      <div
        id="stage"
        tabindex="0"
        role="application"
        aria-roledescription=${say("graph")}
        aria-label=${say("graphOf", { nodes: nodes.size, lines: lines.size })}
        aria-describedby="how"
      ></div>
      <p id="how" class="heard">${say("graphHow")}</p>
      ${this.laying ? html`<span class="laying">${say("laying")}<button class="plain" @click=${() => this.layout?.stop()}>${say("stop")}</button></span>` : nothing}
    `;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
        min-height: 0;
      }
      #stage {
        position: absolute;
        inset: 0;
        overflow: hidden;
      }
      #stage:focus-visible {
        outline-offset: -3px;
      }
      .laying {
        position: absolute;
        inset: auto auto 0.5rem 0.75rem;
        font-size: 0.82rem;
        color: var(--faint);
        pointer-events: none;
      }
      .laying button {
        padding: 0 0.4rem;
        font: inherit;
        color: var(--accent);
        background: none;
        border: 0;
        text-decoration: underline;
        cursor: pointer;
        pointer-events: auto;
      }
    `,
  ];
}

/** Whether something came, went, or is joined otherwise. */
function isAnother(before: Picture | null, now: Picture): boolean {
  if (!before || before.nodes.size !== now.nodes.size || before.lines.size !== now.lines.size) return true;
  return [...now.nodes.keys()].some((id) => !before.nodes.has(id)) || [...now.lines.keys()].some((id) => !before.lines.has(id));
}
