import { LitElement, css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import "../shared/empty";
import { sign } from "../shared/kinds";
import { Loading } from "../shared/loading";
import { base, controls, prose } from "../shared/look";
import { choose, places } from "../shared/place";
import { Placed } from "../shared/placed";
import "../shared/typeahead";
import type { Suggested } from "../shared/typeahead";
import { Spoken, sayer } from "../shared/words";
import { readEdge, nodeReader } from "./asking";
import { Followed } from "./followed";
import { EndsDocument, PathsDocument, type PathsQuery, type PathsQueryVariables } from "./found.generated";
import "./graph";
import { Names } from "./labels";
import { readScene } from "./address";
import { EMPTY, change } from "./scene";
import { tabLook } from "./tab-look";
import { words } from "./tab-words";
import { Workspace } from "./workspace";

const say = sayer(words);
const LONGEST = [2, 3, 4, 5, 6, 8, 10];
const USUAL = 6;
/** Another question begins with an empty canvas. */
const ANEW = { show: null, hide: null, pin: null, group: null, open: null, colours: null, step: null, at: null };
type Path = NonNullable<PathsQuery["shortestPaths"]>[number];

/** The Pathfinding tab: how two things hang together, drawn and in words. */
@customElement("m-paths-tab")
export class PathsTab extends LitElement {
  protected readonly spoken = new Spoken(this);
  private readonly placed = new Placed(this, "paths");
  readonly work = new Workspace("paths");
  protected readonly followed = new Followed(this);
  private readonly names = new Names(this);
  private readonly ends = new Loading(
    this,
    EndsDocument,
    () => (this.from || this.to ? { ids: [this.from, this.to].filter(Boolean) } : null),
    { tab: "paths" },
  );
  private readonly paths = new Loading(this, PathsDocument, () => this.question(), { tab: "paths", onData: (data) => void this.draw(data) });
  private readonly follow = () => this.work.follow();

  override connectedCallback(): void {
    super.connectedCallback();
    places.addEventListener("change", this.follow);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    places.removeEventListener("change", this.follow);
  }

  private get from(): string {
    return this.placed.chosen.get("from") ?? "";
  }

  private get to(): string {
    return this.placed.chosen.get("to") ?? "";
  }

  private get longest(): number {
    return Number(this.placed.chosen.get("longest")) || USUAL;
  }

  /** The kinds to go through; empty: all. */
  private get through(): string[] {
    return this.placed.chosen.getAll("through");
  }

  private question(): PathsQueryVariables | null {
    if (!this.from || !this.to || this.from === this.to) return null;
    const kinds = (this.through.length ? this.through : null) as NonNullable<PathsQueryVariables["kinds"]> | null;
    return { from: this.from, to: this.to, kinds, longest: this.longest };
  }

  private async draw({ shortestPaths }: PathsQuery): Promise<void> {
    const read = await nodeReader();
    const nodes = (shortestPaths ?? []).flatMap((path) => path.nodes.map(read));
    const ids = new Set(nodes.map(({ id }) => id));
    const { work } = this;
    work.facts.add({ nodes, edges: (shortestPaths ?? []).flatMap((path) => path.edges.map(readEdge)) });
    // After a reload more may lie there than the paths, which somebody found from them.
    const kept = readScene(this.placed.chosen)?.ids ?? work.scene.ids;
    if (ids.size && [...ids].every((id) => kept.has(id))) {
      work.redraw();
      return;
    }
    work.take(change(EMPTY, { ids }), { replace: true });
  }

  private captionOf(id: string): string {
    return this.ends.data?.nodes?.find((node) => node?.id === id)?.caption ?? "";
  }

  private toggle(kind: string): void {
    const all = this.names.kinds.map(({ name }) => name);
    const chosen = new Set(this.through.length ? this.through : all);
    if (!chosen.delete(kind)) chosen.add(kind);
    if (!chosen.size) return this.requestUpdate();
    choose({ ...ANEW, through: chosen.size === all.length ? null : [...chosen] });
  }

  private form() {
    const chosen = (name: "from" | "to") => ({ detail }: CustomEvent<Suggested>) => choose({ ...ANEW, [name]: detail.id });
    const through = this.through;
    return html`<div class="head">
      <div class="ends">
        <m-typeahead label=${say("from")} value=${this.captionOf(this.from)} @choose=${chosen("from")}></m-typeahead>
        <button class="icon" aria-label=${say("swap")} title=${say("swap")} @click=${() => choose({ ...ANEW, from: this.to, to: this.from })}>⇄</button>
        <m-typeahead label=${say("to")} value=${this.captionOf(this.to)} @choose=${chosen("to")}></m-typeahead>
      </div>
      <div class="more">
        <details>
          <summary>${say("through")}: ${through.length ? through.map((kind) => this.names.kind(kind)).join(", ") : say("allKinds")}</summary>
          <fieldset>
            <legend class="hint">${say("throughHint")}</legend>
            ${this.names.kinds.map(
              ({ name, label }) => html`<label>
                <input type="checkbox" .checked=${!through.length || through.includes(name)} @change=${() => this.toggle(name)} />
                ${sign(name)} ${label}
              </label>`,
            )}
          </fieldset>
          ${through.length ? html`<button @click=${() => choose({ ...ANEW, through: null })}>${say("widenKinds")}</button>` : nothing}
        </details>
        <select aria-label=${say("longest", { n: this.longest })} @change=${(event: Event) => choose({ ...ANEW, longest: (event.target as HTMLSelectElement).value })}>
          ${LONGEST.map((n) => html`<option value=${n} .selected=${n === this.longest}>${say("longest", { n })}</option>`)}
        </select>
      </div>
    </div>`;
  }

  private told(paths: readonly Path[]) {
    return html`<section class="told" aria-label=${say("pathsTitle")}>
      <h2>${say("pathsFound", { n: paths.length, length: paths[0]?.length ?? 0 })}</h2>
      ${paths.map(
        (path, index) => html`<details ?open=${index === 0}>
          <summary>${say("path", { n: index + 1 })}: ${path.nodes.map(({ caption }) => shorten(caption)).join(" – ")}</summary>
          <ol>${path.edges.map(({ sentence }) => html`<li>${sentence}</li>`)}</ol>
        </details>`,
      )}
    </section>`;
  }

  private nothingFound() {
    const longer = LONGEST.find((n) => n > this.longest);
    return html`<m-empty heading=${say("noPath", { n: this.longest })} hint=${say("noPathHint")}>
      ${longer ? html`<button @click=${() => choose({ ...ANEW, longest: String(longer) })}>${say("widenLength", { n: longer })}</button>` : nothing}
      ${this.through.length ? html`<button @click=${() => choose({ ...ANEW, through: null })}>${say("widenKinds")}</button>` : nothing}
    </m-empty>`;
  }

  private result() {
    if (!this.from || !this.to) return html`<m-empty heading=${say("pathsTitle")} hint=${say("pathsHint")}></m-empty>`;
    if (this.from === this.to) return html`<m-empty heading=${say("same")}></m-empty>`;
    return this.paths.show(
      ({ shortestPaths }) =>
        shortestPaths?.length ? html`${this.told(shortestPaths)}<m-graph .work=${this.work}></m-graph>` : this.nothingFound(),
      html`<m-skeleton kind="cards" count="2"></m-skeleton>`,
    );
  }

  override render() {
    return html`${this.form()}${this.result()}`;
  }

  static override styles = [
    base,
    controls,
    prose,
    tabLook,
    css`
      .ends {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr);
        align-items: end;
        gap: 0.5rem;
      }
      .head .ends m-typeahead {
        max-width: none;
      }
      .more {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 0.5rem 1.5rem;
        margin-top: 0.5rem;
      }
      details {
        flex: 1 1 16rem;
        min-width: 0;
      }
      summary {
        padding: 0.3rem 0;
        font-size: 0.9rem;
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        gap: 0.2rem 1.2rem;
        margin: 0.25rem 0 0.5rem;
        padding: 0;
        border: 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.35rem;
      }
      .told {
        max-height: 30vh;
        overflow: auto;
        padding: 0.6rem 0.75rem;
        border-bottom: 1px solid var(--line);
      }
      ol {
        margin: 0.25rem 0 0.5rem;
        font-size: 0.9rem;
        overflow-wrap: anywhere;
      }
      m-skeleton {
        padding: 1rem;
      }
      @media (max-width: 560px) {
        .ends {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        .ends button {
          grid-area: 1 / 2 / span 2;
          align-self: center;
        }
      }
    `,
  ];
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39).trimEnd()}…` : text;
}
