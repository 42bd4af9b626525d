import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../shared/events";
import { sign } from "../shared/kinds";
import { base, controls } from "../shared/look";
import "../shared/table";
import type { Column } from "../shared/table";
import { Spoken, sayer } from "../shared/words";
import { Followed } from "./followed";
import type { Names } from "./labels";
import { words } from "./panel-words";
import type { Drawn, Line } from "./picture";
import type { Workspace } from "./workspace";

const say = sayer(words);

interface Row {
  drawn: Drawn;
  name: string;
  hidden: boolean;
  degree: number;
}

/**
 * What the canvas shows, and what is hidden there, as tables. Fires `choose` (ids, as the canvas does), `mark` (ids),
 * `reveal` (id).
 */
@customElement("m-graph-table")
export class GraphTable extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @property({ attribute: false }) names!: Names;
  @state() private of: "nodes" | "lines" = "nodes";
  @state() private filter = "";
  @state() private kind = "";

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);

  private rows(): Row[] {
    const { picture, scene, facts } = this.work;
    const drawn = [...picture.nodes.values()].map((one) => ({ drawn: one, hidden: false }));
    const hidden = [...scene.hidden].flatMap((id) => {
      const fact = facts.nodes.get(id);
      return fact ? [{ drawn: { ...fact, members: [] }, hidden: true }] : [];
    });
    return [...drawn, ...hidden]
      .map((one) => ({ ...one, name: this.names.of(one.drawn), degree: picture.around.get(one.drawn.id)?.length ?? 0 }))
      .filter(({ drawn: { kind }, name }) => (!this.kind || kind === this.kind) && this.fits(name));
  }

  private fits(text: string): boolean {
    return text.toLocaleLowerCase().includes(this.filter.trim().toLocaleLowerCase());
  }

  private toggle(id: string): void {
    const marked = new Set(this.work.marked);
    if (!marked.delete(id)) marked.add(id);
    fire(this, "mark", [...marked]);
  }

  private columns(): Column<Row>[] {
    const { marked, scene } = this.work;
    return [
      { name: "name", title: say("node"), value: ({ name }) => name, show: ({ drawn, name }) => html`${sign(drawn.kind)}<span title=${name}>${this.names.short(drawn)}</span>` },
      { name: "kind", title: say("kind"), value: ({ drawn }) => this.names.kind(drawn.kind) },
      { name: "degree", title: say("degree"), value: ({ degree }) => degree, numeric: true },
      {
        name: "state",
        title: say("state"),
        value: ({ drawn, hidden }) => (hidden ? say("hidden") : scene.pins.has(drawn.id) ? say("pinned") : ""),
        show: ({ drawn, hidden, name }) =>
          hidden
            ? html`<button class="plain" @click=${() => fire(this, "reveal", drawn.id)}>${say("showAgain")}</button>`
            : html`<label class="marker"
                ><input type="checkbox" aria-label=${say("mark", { what: name })} .checked=${marked.has(drawn.id)} @change=${() => this.toggle(drawn.id)} />${scene.pins.has(drawn.id)
                  ? say("pinned")
                  : nothing}</label
              >`,
      },
    ];
  }

  private nameOf(id: string): string {
    const drawn = this.work.picture.nodes.get(id);
    return drawn ? this.names.of(drawn) : id;
  }

  private lineColumns(): Column<Line>[] {
    return [
      { name: "from", title: say("from"), value: ({ from }) => this.nameOf(from) },
      { name: "why", title: say("why"), value: ({ labels }) => labels.join(", ") },
      { name: "to", title: say("to"), value: ({ to }) => this.nameOf(to) },
    ];
  }

  private table() {
    const { picture, at } = this.work;
    if (this.of === "nodes") {
      return html`<m-table
        quiet
        choosable
        caption=${say("nodes")}
        .columns=${this.columns()}
        .rows=${this.rows()}
        .key=${({ drawn }: Row) => drawn.id}
        chosen=${at.length === 1 ? (at[0] ?? "") : ""}
        @choose=${({ detail }: CustomEvent<Row>) => !detail.hidden && fire(this, "choose", [detail.drawn.id])}
      ></m-table>`;
    }
    const lines = [...picture.lines.values()].filter(({ from, to, labels }) => this.fits([this.nameOf(from), ...labels, this.nameOf(to)].join(" ")));
    return html`<m-table
      quiet
      choosable
      caption=${say("relationships")}
      .columns=${this.lineColumns()}
      .rows=${lines}
      .key=${({ id }: Line) => id}
      chosen=${at.join(" ")}
      @choose=${({ detail }: CustomEvent<Line>) => fire(this, "choose", [detail.from, detail.to])}
    ></m-table>`;
  }

  override render() {
    const { picture } = this.work;
    const kinds = [...new Set([...picture.nodes.values()].map(({ kind }) => kind))];
    return html`
      <div class="bar">
        <div role="group">
          <button aria-pressed=${this.of === "nodes"} @click=${() => (this.of = "nodes")}>${say("nodes")}</button>
          <button aria-pressed=${this.of === "lines"} @click=${() => (this.of = "lines")}>${say("relationships")}</button>
        </div>
        <input type="search" aria-label=${say("filter")} placeholder=${say("filter")} .value=${this.filter} @input=${(event: Event) => (this.filter = (event.target as HTMLInputElement).value)} />
        ${this.of === "nodes"
          ? html`<select aria-label=${say("kind")} @change=${(event: Event) => (this.kind = (event.target as HTMLSelectElement).value)}>
              <option value="">${say("allKinds")}</option>
              ${kinds.map((kind) => html`<option value=${kind} .selected=${kind === this.kind}>${this.names.kind(kind)}</option>`)}
            </select>`
          : nothing}
      </div>
      ${this.table()}
    `;
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        padding: 0.6rem 0.75rem;
        overflow: auto;
        background: var(--ground);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-bottom: 0.6rem;
      }
      .bar [role="group"] {
        display: flex;
      }
      .bar button:first-child {
        border-start-end-radius: 0;
        border-end-end-radius: 0;
      }
      .bar button:last-child {
        margin-inline-start: -1px;
        border-start-start-radius: 0;
        border-end-start-radius: 0;
      }
      input[type="search"] {
        flex: 1;
        min-width: 8rem;
        max-width: 20rem;
      }
    `,
  ];
}
