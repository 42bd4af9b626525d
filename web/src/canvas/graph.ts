import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "../shared/error";
import { choose } from "../shared/place";
import { Keys } from "../shared/keys";
import { sign } from "../shared/kinds";
import { base, controls, panels, prose } from "../shared/look";
import { schemes } from "../shared/scheme";
import { toast } from "../shared/toast";
import { Spoken, languages, sayer } from "../shared/words";
import { writeScene } from "./address";
import type { Branch } from "./asking";
import "./canvas";
import type { Canvas } from "./canvas";
import "./crowd";
import { type NodeLook, canDraw } from "./drawing";
import "./edge-panel";
import { type Format } from "./exports";
import { graphLook } from "./graph-look";
import { Followed } from "./followed";
import "./graph-table";
import { Names } from "./labels";
import "./node-panel";
import { type Palette, readPalette } from "./palette";
import { words as panelWords } from "./panel-words";
import { type Drawn, GROUP, readGroup } from "./picture";
import { saveAs } from "./saving";
import { type Colours, type Grouping, type Point, EMPTY, change, group, hide, pin, show, toggle } from "./scene";
import { shortcutsOf } from "./graph-keys";
import "./tools";
import type { Act } from "./tools";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);
const sayPanel = sayer(panelWords);
const LISTED = 50;

/** A graph with all that is done with it: the bar, the canvas, the table in step with it, and the panel beside them. */
@customElement("m-graph")
export class GraphView extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @state() tabled = !canDraw();
  @state() private told = "";
  @query("m-canvas") readonly canvas!: Canvas | null;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);
  readonly names = new Names();
  private readonly drawable = canDraw();
  private palette: Palette = readPalette();
  protected readonly keys = new Keys(this, () => shortcutsOf(this));

  private readonly recolour = () => {
    this.palette = readPalette();
    this.requestUpdate();
  };
  private readonly rename = () => {
    void this.names.load().then(() => this.work.refresh());
  };
  private readonly hear = (event: Event) => {
    const { what, values } = (event as CustomEvent<{ what: Parameters<typeof say>[0]; values: Record<string, string | number> }>).detail;
    this.told = say(what, values);
    if (["missing", "alone"].includes(what)) toast(this.told);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.work.addEventListener("tell", this.hear);
    schemes.addEventListener("change", this.recolour);
    languages.addEventListener("change", this.rename);
    void this.names.load().then(() => this.requestUpdate(), () => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.work.removeEventListener("tell", this.hear);
    schemes.removeEventListener("change", this.recolour);
    languages.removeEventListener("change", this.rename);
  }

  /** What is done next is done to these: what is marked, else what is chosen. */
  get meant(): string[] {
    const { marked, at } = this.work;
    return marked.size ? [...marked] : at.length === 1 ? [...at] : [];
  }

  private members(ids: Iterable<string>): string[] {
    return [...ids].flatMap((id) => this.work.picture.nodes.get(id)?.members ?? []).concat([...ids].filter((id) => !id.startsWith(GROUP)));
  }

  expand(id: string): void {
    if (id.startsWith(GROUP)) this.work.take(toggle(this.work.scene, id));
    else void this.work.expand(id);
  }

  hide(ids: readonly string[] = this.meant): void {
    const gone = this.members(ids);
    if (!gone.length) return;
    this.work.select([], { passing: true });
    this.work.take(hide(this.work.scene, gone));
    this.work.tell("hidden", { n: gone.length });
  }

  hold(ids: readonly string[] = this.meant): void {
    let scene = this.work.scene;
    for (const id of ids) {
      const at = this.work.positions.get(id);
      const held = scene.pins.has(id);
      scene = pin(scene, id, held ? null : (at ?? null));
      this.work.tell(held ? "unpinned" : "pinned", { what: this.nameOf(id) });
    }
    this.work.take(scene);
  }

  choose(at: readonly string[], passing = false): void {
    this.work.select(at, { passing });
    const [id] = at;
    if (id && at.length === 1) {
      this.told = say("selected", { what: this.nameOf(id), n: this.work.picture.around.get(id)?.length ?? 0 });
    }
  }

  nameOf(id: string): string {
    const drawn = this.work.picture.nodes.get(id);
    return drawn ? this.names.of(drawn) : (this.work.facts.nodes.get(id)?.caption ?? "");
  }

  act(name: Act): void {
    const { work } = this;
    if (name === "undo") work.undo();
    else if (name === "redo") work.redo();
    else if (name === "table") this.tabled = !this.tabled || !this.drawable;
    else if (name === "arrange") this.canvas?.arrange();
    else if (name === "zoomIn") this.canvas?.zoom(1);
    else if (name === "zoomOut") this.canvas?.zoom(-1);
    else if (name === "fit") this.canvas?.zoom(0);
    else if (name === "share") void this.share();
    else if (name === "reveal") {
      work.tell("revealed", { n: work.scene.hidden.size });
      work.take(show(work.scene, work.scene.hidden));
    } else if (name === "anew") {
      work.select([], { passing: true });
      work.take(change(EMPTY, {}));
      work.tell("cleared");
    }
  }

  private async share(): Promise<void> {
    const written = writeScene(this.work.scene);
    if (!written) return toast(say("tooMany"), { kind: "bad" });
    const link = `${location.origin}${location.pathname}#search?${new URLSearchParams(written)}`;
    try {
      await navigator.clipboard.writeText(link);
      toast(say("shared"));
    } catch {
      if (this.work.tab === "search") choose({ ...written, step: this.work.scene.name }, { replace: true });
      toast(say("copyFailed"), { kind: "bad" });
    }
  }

  /** How a node or group looks. */
  readonly lookOf = (id: string): NodeLook => this.names.look(this.work.picture.nodes.get(id) as Drawn, this.palette);

  /** Leaves what is chosen and marked. */
  leave(): void {
    this.work.mark([]);
    this.choose([]);
  }

  private panel() {
    const { at, marked, picture } = this.work;
    const [one = "", other = ""] = at;
    const drawn = picture.nodes.get(one);
    if (marked.size > 1) return this.markedPanel();
    if (!drawn) return nothing;
    if (other && picture.nodes.has(other)) {
      const line = (picture.around.get(one) ?? []).find(({ from, to }) => from === other || to === other);
      if (!line) return nothing;
      if ([line.from, line.to].some((id) => id.startsWith(GROUP))) return this.linePanel(line.labels.join(", "), line.from, line.to, line.edges.length);
      return html`<m-edge-panel
        tab=${this.work.tab}
        from=${line.from}
        to=${line.to}
        .names=${[this.nameOf(line.from), this.nameOf(line.to)]}
        @choose=${({ detail }: CustomEvent<string>) => this.choose([detail])}
      ></m-edge-panel>`;
    }
    if (one.startsWith(GROUP)) return this.groupPanel(one);
    return html`<m-node-panel node=${one} tab=${this.work.tab}>${this.actions(one)}</m-node-panel>`;
  }

  private actions(id: string) {
    return html`<div class="actions">
      <button class="main" @click=${() => this.expand(id)}>${say("expand")}</button>
      <button @click=${() => this.hide([id])}>${say("hide")}</button>
      <button @click=${() => this.hold([id])}>${say(this.work.scene.pins.has(id) ? "unpin" : "pin")}</button>
    </div>`;
  }

  private groupPanel(id: string) {
    const { members, kind } = this.work.picture.nodes.get(id) ?? { members: [], kind: "" };
    return html`
      <p class="faint">${sign(kind)} ${sayPanel("groupHint", { n: members.length })}</p>
      <h2>${this.nameOf(id)}</h2>
      <div class="actions">
        <button class="main" @click=${() => this.expand(id)}>${say("openGroup")}</button>
        <button @click=${() => this.hide([id])}>${say("hide")}</button>
      </div>
      <ul class="members">${members.slice(0, LISTED).map((one) => html`<li>${this.work.facts.nodes.get(one)?.caption}</li>`)}</ul>
      ${members.length > LISTED ? html`<p class="faint">+${members.length - LISTED}</p>` : nothing}
    `;
  }

  private linePanel(labels: string, from: string, to: string, n: number) {
    return html`<p class="faint">${sayPanel("relationships")}: ${n}</p>
      <h2>${this.nameOf(from)} – ${this.nameOf(to)}</h2>
      <p>${labels}</p>`;
  }

  private markedPanel() {
    const { marked, picture } = this.work;
    const others = () => [...picture.nodes.keys()].filter((id) => !marked.has(id));
    return html`
      <h2>${sayPanel("markedHint", { n: marked.size })}</h2>
      <div class="actions">
        <button @click=${() => this.hide()}>${sayPanel("hideMarked")}</button>
        <button @click=${() => this.hide(others())}>${sayPanel("keepMarked")}</button>
        <button @click=${() => this.hold()}>${say("pin")}</button>
      </div>
      <ul class="members">
        ${[...marked].slice(0, LISTED).map((id) => html`<li><button class="plain" @click=${() => (this.work.mark([]), this.choose([id]))}>${this.nameOf(id)}</button></li>`)}
      </ul>
    `;
  }

  private openGroups() {
    const { scene, picture } = this.work;
    const open = [...scene.open].filter((name) => picture.groups.has(name));
    return open.map(
      (name) => html`<li><button class="plain" @click=${() => this.expand(name)}>${say("closeGroup")}: ${this.names.of({ id: name, ...readName(name), members: picture.groups.get(name) ?? [] })}</button></li>`,
    );
  }

  private legend() {
    const kinds = [...new Set([...this.work.picture.nodes.values()].map(({ kind }) => kind))];
    return html`<ul class="legend" aria-label=${say("legend")}>
      ${kinds.map((kind) => html`<li>${sign(kind)} ${this.names.kind(kind)}</li>`)} ${this.openGroups()}
    </ul>`;
  }

  private views() {
    const choose = ({ detail }: CustomEvent<readonly string[]>) => {
      if (this.work.marked.size) this.work.mark([]);
      this.choose(detail);
    };
    const mark = ({ detail }: CustomEvent<string[]>) => {
      this.work.mark(detail);
      this.work.tell("marked", { n: detail.length });
    };
    return html`<div class="views ${this.tabled ? "both" : ""}">
      ${this.drawable
        ? html`<m-canvas
              .work=${this.work}
              .lookOf=${this.lookOf}
              @choose=${choose}
              @mark=${mark}
              @expand=${({ detail }: CustomEvent<string>) => this.expand(detail)}
              @hold=${({ detail }: CustomEvent<{ id: string; at: Point }>) => {
                this.work.positions.set(detail.id, detail.at);
                this.work.take(pin(this.work.scene, detail.id, detail.at));
              }}
            >
            </m-canvas>
            ${this.tabled ? nothing : this.over()}`
        : html`<p class="note" role="status">${say("noWebgl")}</p>`}
      ${this.tabled
        ? html`<m-graph-table
            .work=${this.work}
            .names=${this.names}
            @choose=${choose}
            @mark=${mark}
            @reveal=${({ detail }: CustomEvent<string>) => this.work.take(show(this.work.scene, [detail]))}
          ></m-graph-table>`
        : nothing}
    </div>`;
  }

  /** What lies above the canvas. */
  private over() {
    return html`${this.legend()}
      <div class="zoom">
        <button class="icon" aria-label=${say("zoomIn")} title="${say("zoomIn")} (+)" @click=${() => this.act("zoomIn")}>+</button>
        <button class="icon" aria-label=${say("zoomOut")} title="${say("zoomOut")} (-)" @click=${() => this.act("zoomOut")}>−</button>
        <button class="icon" aria-label=${say("fit")} title="${say("fit")} (0)" @click=${() => this.act("fit")}>⤢</button>
      </div>`;
  }

  override render() {
    const { work } = this;
    const panel = this.panel();
    return html`
      <m-tools
        .work=${work}
        .names=${this.names}
        ?tabled=${this.tabled}
        .drawable=${this.drawable}
        @act=${({ detail }: CustomEvent<Act>) => this.act(detail)}
        @group=${({ detail }: CustomEvent<Grouping | null>) => void work.regroup(group(work.scene, detail))}
        @colour=${({ detail }: CustomEvent<Colours>) => work.take(change(work.scene, { colours: detail }))}
        @export=${({ detail }: CustomEvent<Format>) => void saveAs(detail, this)}
      ></m-tools>
      ${work.error && !work.waiting ? html`<m-error .error=${work.error} @retry=${() => work.retry()}></m-error>` : nothing}
      <div class="body ${panel === nothing ? "" : "panelled"}">
        ${work.busy ? html`<div class="busy" aria-hidden="true"></div>` : nothing}
        ${this.views()}
        ${panel === nothing
          ? nothing
          : html`<aside aria-label=${say("panel")}>
              <button class="plain shut" aria-label=${say("closePanel")} @click=${this.leave}>✕</button>
              ${panel}
            </aside>`}
      </div>
      <p class="heard" role="status">${this.told}</p>
      ${work.crowd
        ? html`<m-crowd
            .crowd=${work.crowd}
            .names=${this.names}
            .shownOf=${(branch: Branch) => work.shownOf(work.crowd?.id ?? "", branch)}
            @choose=${({ detail }: CustomEvent<Branch[]>) => void work.expandBranches(work.crowd?.id ?? "", detail)}
            @close=${() => {
              work.crowd = null;
              work.changed();
            }}
          ></m-crowd>`
        : nothing}
    `;
  }

  static override styles = [base, controls, panels, prose, graphLook];
}

function readName(name: string): { kind: string; caption: string } {
  const { kind, value } = readGroup(name);
  return { kind, caption: value };
}
