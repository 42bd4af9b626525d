import { LitElement, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "../shared/error";
import { choose } from "../shared/place";
import { Keys } from "../shared/keys";
import { base, controls, panels, prose } from "../shared/look";
import { schemes } from "../shared/scheme";
import { toast } from "../shared/toast";
import { Spoken, languages, sayer } from "../shared/words";
import { writeScene } from "./address";
import type { Branch } from "./asking";
import "./canvas";
import type { Canvas } from "./canvas";
import { causeOf } from "./causes";
import "./crowd";
import { type NodeLook, canDraw } from "./drawing";
import { type Format } from "./exports";
import { graphLook } from "./graph-look";
import { Followed } from "./followed";
import "./graph-table";
import { Names } from "./labels";
import "./legend";
import { type Palette, readPalette } from "./palette";
import "./panel";
import { hasPanel } from "./panel";
import { type Drawn, GROUP } from "./picture";
import { saveAs } from "./saving";
import { type Colours, type Grouping, type Point, EMPTY, change, group, hide, pin, show, toggle } from "./scene";
import { shortcutsOf } from "./graph-keys";
import "./tools";
import type { Act } from "./tools";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);

/** A graph with all that is done with it: the bar, the canvas, the table in step with it, and the panel beside them. */
@customElement("m-graph")
export class GraphView extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @state() tabled = !canDraw();
  @state() private told = "";
  @query("m-canvas") readonly canvas!: Canvas | null;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);
  readonly names = new Names(this);
  private readonly drawable = canDraw();
  private palette: Palette = readPalette();
  protected readonly keys = new Keys(this, () => shortcutsOf(this));

  private readonly recolour = () => {
    this.palette = readPalette();
    this.requestUpdate();
  };
  private readonly rename = () => void this.work.refresh();
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

  /** Shows what is around a node, or in a group; with `some`, after a choice. */
  expand(id: string, some = false): void {
    if (id.startsWith(GROUP)) this.work.take(toggle(this.work.scene, id));
    else void this.work.expanding.expand(id, { choose: some });
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

  /** How a node or group looks; another function each time that may have changed. */
  lookOf: (id: string) => NodeLook = (id) => this.look(id);
  private looks: readonly unknown[] = [];

  override willUpdate(): void {
    const { picture, scene, causes } = this.work;
    const looks = [picture, scene.colours, causes, this.names.kinds, this.palette];
    if (looks.every((one, index) => one === this.looks[index])) return;
    this.looks = looks;
    this.lookOf = (id) => this.look(id);
  }

  private look(id: string): NodeLook {
    const { picture, scene, causes } = this.work;
    const drawn = picture.nodes.get(id) as Drawn;
    if (scene.colours === "kind" || !causes) return this.names.look(drawn, this.palette);
    const rank = causeOf(id, picture, causes, this.names.shared);
    return this.names.look(drawn, this.palette, rank === undefined ? this.palette.edge : this.palette.hues[rank]);
  }

  /** Leaves what is chosen and marked. */
  leave(): void {
    this.work.mark([]);
    this.choose([]);
  }

  private readonly chosen = ({ detail }: CustomEvent<readonly string[]>): void => {
    if (this.work.marked.size) this.work.mark([]);
    this.choose(detail);
  };

  private views() {
    const choose = this.chosen;
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
    return html`<m-legend .work=${this.work} .names=${this.names} @close=${({ detail }: CustomEvent<string>) => this.expand(detail)}></m-legend>
      <div class="zoom">
        <button class="icon" aria-label=${say("zoomIn")} title="${say("zoomIn")} (+)" @click=${() => this.act("zoomIn")}>+</button>
        <button class="icon" aria-label=${say("zoomOut")} title="${say("zoomOut")} (-)" @click=${() => this.act("zoomOut")}>−</button>
        <button class="icon" aria-label=${say("fit")} title="${say("fit")} (0)" @click=${() => this.act("fit")}>⤢</button>
      </div>`;
  }

  override render() {
    const { work } = this;
    const panelled = hasPanel(work);
    const { crowd } = work.expanding;
    return html`
      <m-tools
        .work=${work}
        .names=${this.names}
        ?tabled=${this.tabled}
        .drawable=${this.drawable}
        @act=${({ detail }: CustomEvent<Act>) => this.act(detail)}
        @group=${({ detail }: CustomEvent<Grouping | null>) => void work.rearrange(group(work.scene, detail))}
        @colour=${({ detail }: CustomEvent<Colours>) => void work.rearrange(change(work.scene, { colours: detail }))}
        @export=${({ detail }: CustomEvent<Format>) => void saveAs(detail, this)}
      ></m-tools>
      ${work.error && !work.waiting ? html`<m-error .error=${work.error} @retry=${() => work.retry()}></m-error>` : nothing}
      <div class="body ${panelled ? "panelled" : ""}">
        ${work.busy ? html`<div class="busy" aria-hidden="true"></div>` : nothing}
        ${this.views()}
        ${panelled
          ? html`<aside aria-label=${say("panel")}>
              <button class="plain shut" aria-label=${say("closePanel")} @click=${this.leave}>✕</button>
              <m-panel
                .work=${work}
                .names=${this.names}
                @choose=${this.chosen}
                @expand=${({ detail }: CustomEvent<string>) => this.expand(detail)}
                @expand-some=${({ detail }: CustomEvent<string>) => this.expand(detail, true)}
                @hide=${({ detail }: CustomEvent<string[]>) => this.hide(detail)}
                @hold=${({ detail }: CustomEvent<string[]>) => this.hold(detail)}
              ></m-panel>
            </aside>`
          : nothing}
      </div>
      <p class="heard" role="status">${this.told}</p>
      ${crowd
        ? html`<m-crowd
            .crowd=${crowd}
            .names=${this.names}
            .shownOf=${(branch: Branch) => work.expanding.shownOf(crowd.id, branch)}
            @choose=${({ detail }: CustomEvent<Branch[]>) => void work.expanding.showBranches(crowd.id, detail)}
            @close=${() => work.expanding.leave()}
          ></m-crowd>`
        : nothing}
    `;
  }

  static override styles = [base, controls, panels, prose, graphLook];
}

