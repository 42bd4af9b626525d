import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { fire } from "../shared/events";
import { base, controls } from "../shared/look";
import { Spoken, sayer } from "../shared/words";
import { FORMATS, type Format } from "./exports";
import { Followed } from "./followed";
import type { Names } from "./labels";
import type { Grouping } from "./scene";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);
/** Texts that tell everybody apart put nobody together. */
const GROUPABLE = new Set(["text", "boolean", "integer", "date", "datetime", "time"]);

/** What can be done with the graph. Fires `act` with the name of what. */
export type Act = "undo" | "redo" | "reveal" | "table" | "share" | "anew" | "arrange" | "zoomIn" | "zoomOut" | "fit";

/** The bar above the graph. Fires `act` (Act), `group` (Grouping or null), `colour` (Colours), `export` (Format). */
@customElement("m-tools")
export class Tools extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @property({ attribute: false }) names!: Names;
  @property({ type: Boolean }) tabled = false;
  @property({ type: Boolean }) drawable = true;
  @query("#more") private readonly more!: HTMLElement;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);

  private act(name: Act): void {
    if (this.more.matches(":popover-open")) this.more.hidePopover();
    fire(this, "act", name);
  }

  private save(format: Format): void {
    this.more.hidePopover();
    fire(this, "export", format);
  }

  private groupings(): { name: string; label: string; grouping: Grouping }[] {
    const { scene, facts } = this.work;
    const there = new Set([...scene.ids].map((id) => facts.nodes.get(id)?.kind));
    return this.names.kinds
      .filter(({ name }) => there.has(name))
      .flatMap(({ name: kind, label, properties }) =>
        properties
          .filter(({ type, sensitivity }) => GROUPABLE.has(type) && sensitivity === "PUBLIC")
          .map((one) => ({
            name: `${kind}.${one.name}`,
            label: say("byProperty", { kind: label, property: one.label }),
            grouping: { kind, property: one.name },
          })),
      );
  }

  private grouped(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    const [kind = "", property = ""] = value.split(".");
    fire<Grouping | null>(this, "group", value === "" ? null : value === "kind" ? { kind: "", property: "" } : { kind, property });
  }

  private groupBy() {
    const { grouping } = this.work.scene;
    const now = !grouping ? "" : grouping.property ? `${grouping.kind}.${grouping.property}` : "kind";
    return html`<label>
      <span>${say("groupBy")}</span>
      <select id="group" @change=${this.grouped}>
        <option value="" .selected=${now === ""}>${say("noGroups")}</option>
        <option value="kind" .selected=${now === "kind"}>${say("byKind")}</option>
        ${this.groupings().map(({ name, label }) => html`<option value=${name} .selected=${now === name}>${label}</option>`)}
      </select>
    </label>`;
  }

  private colourBy() {
    const { colours } = this.work.scene;
    return html`<label>
      <span>${say("colourBy")}</span>
      <select id="colour" @change=${(event: Event) => fire(this, "colour", (event.target as HTMLSelectElement).value)}>
        <option value="kind" .selected=${colours === "kind"}>${say("colourKind")}</option>
        <option value="cause" .selected=${colours === "cause"}>${say("colourCause")}</option>
      </select>
    </label>`;
  }

  override render() {
    const { steps, scene } = this.work;
    return html`
      <div role="toolbar" aria-label=${say("tools")}>
        <button class="icon" title="${say("undo")} (Ctrl+Z)" aria-label=${say("undo")} ?disabled=${!steps.canUndo} @click=${() => this.act("undo")}>${UNDO}</button>
        <button class="icon" title="${say("redo")} (Ctrl+Y)" aria-label=${say("redo")} ?disabled=${!steps.canRedo} @click=${() => this.act("redo")}>${REDO}</button>
        ${this.groupBy()}${this.colourBy()}
        ${scene.hidden.size ? html`<button @click=${() => this.act("reveal")}>${say("reveal", { n: scene.hidden.size })}</button>` : nothing}
        <span class="gap"></span>
        ${this.drawable ? html`<button aria-pressed=${this.tabled} title="${say("showTable")} (T)" @click=${() => this.act("table")}>${say("showTable")}</button>` : nothing}
        <button popovertarget="more" class="opener">${say("more")} ▾</button>
        <div id="more" popover>
          <button @click=${() => this.act("share")}>${say("share")}</button>
          <button @click=${() => this.act("arrange")} ?hidden=${!this.drawable}>${say("arrange")}</button>
          <p>${say("export")}</p>
          ${FORMATS.filter((format) => this.drawable || format !== "png").map(
            (format) => html`<button data-format=${format} @click=${() => this.save(format)}>${this.formatName(format)}</button>`,
          )}
          <hr />
          <button @click=${() => this.act("anew")}>${say("startAnew")}</button>
        </div>
      </div>
    `;
  }

  private formatName(format: Format): string {
    if (format === "nodes") return say("nodesCsv");
    if (format === "edges") return say("edgesCsv");
    return say("exportPart", { format: { png: "PNG", svg: "SVG", gexf: "GEXF", graphml: "GraphML" }[format] });
  }

  static override styles = [
    base,
    controls,
    css`
      [role="toolbar"] {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem 0.5rem;
        padding: 0.4rem 0.75rem;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        font-size: 0.85rem;
        color: var(--faint);
      }
      select {
        max-width: 11rem;
      }
      .gap {
        flex: 1;
      }
      .opener {
        anchor-name: --more;
      }
      #more {
        position-anchor: --more;
        inset: auto;
        top: anchor(bottom);
        right: anchor(right);
        margin: 0.25rem 0 0;
        padding: 0.35rem;
        color: var(--ink);
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--round);
        box-shadow: var(--shadow);
      }
      #more:popover-open {
        display: grid;
      }
      #more button {
        justify-content: start;
        border: 0;
      }
      #more p {
        margin: 0.35rem 0.8rem 0;
        font-size: 0.82rem;
        color: var(--faint);
      }
      hr {
        width: 100%;
        margin: 0.3rem 0;
        border: 0;
        border-top: 1px solid var(--line);
      }
      @media (max-width: 640px) {
        label span {
          position: absolute;
          clip-path: inset(50%);
          width: 1px;
          height: 1px;
          overflow: hidden;
        }
        select {
          max-width: 6.5rem;
        }
      }
    `,
  ];
}

const arrow = (path: string) =>
  html`<svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"><path d=${path}></path></svg>`;
const UNDO = arrow("M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H7");
const REDO = arrow("M10 3l3.5 3.5L10 10M13 6.5H6.5a4 4 0 0 0 0 8H9");
