import { LitElement, html, nothing } from "lit";
import { customElement, query } from "lit/decorators.js";
import "../shared/empty";
import { Keys } from "../shared/keys";
import { base, controls } from "../shared/look";
import { choose, place, places } from "../shared/place";
import { Placed } from "../shared/placed";
import "../shared/typeahead";
import type { Suggested, Typeahead } from "../shared/typeahead";
import { Spoken, sayer } from "../shared/words";
import { Followed } from "./followed";
import "./graph";
import { Names } from "./labels";
import "./results";
import { tabLook } from "./tab-look";
import { words } from "./tab-words";
import { Workspace } from "./workspace";

const say = sayer(words);

/** The Search tab: find something, and walk the graph from there. */
@customElement("m-search-tab")
export class SearchTab extends LitElement {
  @query("m-typeahead") private readonly field!: Typeahead;

  protected readonly spoken = new Spoken(this);
  private readonly placed = new Placed(this, "search");
  readonly work = new Workspace("search");
  protected readonly followed = new Followed(this);
  private readonly names = new Names(this);
  protected readonly keys = new Keys(this, () => [{ key: "/", does: say("find"), run: () => this.field.focus() }]);
  private was = "";
  private readonly follow = () => {
    const { tab, chosen } = place();
    this.work.follow();
    if (tab === "search" && this.was !== "search" && ![...chosen].length) void this.updateComplete.then(() => this.field.focus());
    this.was = tab;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    places.addEventListener("change", this.follow);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    places.removeEventListener("change", this.follow);
  }

  private found({ detail }: CustomEvent<Suggested>): void {
    choose({ q: null, kind: null });
    void this.work.put(detail.id);
  }

  private search({ detail }: CustomEvent<{ text: string; kind: string | null }>): void {
    choose({ q: detail.text, kind: detail.kind });
  }

  override render() {
    const { work } = this;
    const { chosen } = this.placed;
    const text = chosen.get("q") ?? "";
    const started = work.scene.ids.size > 0 || work.steps.canUndo || work.steps.canRedo || work.busy > 0 || work.error;
    return html`
      <div class="head">
        <m-typeahead quiet label=${say("find")} placeholder=${say("findHint")} @choose=${this.found} @search=${this.search}></m-typeahead>
      </div>
      ${text
        ? html`<m-results
            .text=${text}
            .kind=${chosen.get("kind") ?? ""}
            .work=${work}
            .names=${this.names}
            ?whole=${!started}
            @choose=${({ detail }: CustomEvent<string>) => void work.put(detail)}
            @close=${() => choose({ q: null, kind: null })}
          ></m-results>`
        : nothing}
      ${started
        ? html`<m-graph .work=${work}></m-graph>`
        : text
          ? nothing
          : html`<m-empty heading=${say("startTitle")} hint=${say("startHint")}><a class="button" href="#causes">${say("causesLink")}</a></m-empty>`}
    `;
  }

  static override styles = [base, controls, tabLook];
}
