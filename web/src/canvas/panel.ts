import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../shared/events";
import { sign } from "../shared/kinds";
import { base, buttons, panels, prose } from "../shared/look";
import { Spoken, count, sayer } from "../shared/words";
import "./edge-panel";
import { Followed } from "./followed";
import type { Names } from "./labels";
import "./node-panel";
import { words as panelWords } from "./panel-words";
import { GROUP, type Line } from "./picture";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);
const sayPanel = sayer(panelWords);
const LISTED = 50;

/** Whether the panel has something to show. */
export function hasPanel({ at, marked, picture }: Workspace): boolean {
  return marked.size > 0 || (at.length > 0 && at.every((id) => picture.nodes.has(id)));
}

/**
 * What is chosen: a node, a relationship, a group, or all that is marked. Fires `choose` (ids), `expand` and
 * `expand-some` (id), `hide` and `hold` (ids).
 */
@customElement("m-panel")
export class Panel extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @property({ attribute: false }) names!: Names;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);

  private nameOf(id: string): string {
    const drawn = this.work.picture.nodes.get(id);
    return drawn ? this.names.of(drawn) : "";
  }

  private node(id: string) {
    return html`<m-node-panel node=${id} tab=${this.work.tab}>
      <div class="actions">
        <button class="main" @click=${() => fire(this, "expand", id)}>${say("expand")}</button>
        <button @click=${() => fire(this, "expand-some", id)}>${say("expandSome")}</button>
        <button @click=${() => fire(this, "hide", [id])}>${say("hide")}</button>
        <button @click=${() => fire(this, "hold", [id])}>${say(this.work.scene.pins.has(id) ? "unpin" : "pin")}</button>
      </div>
    </m-node-panel>`;
  }

  private group(id: string) {
    const { members, kind } = this.work.picture.nodes.get(id) ?? { members: [], kind: "" };
    return html`
      <p class="faint">${sign(kind)} ${sayPanel("groupHint", { n: members.length })}</p>
      <h2>${this.nameOf(id)}</h2>
      <div class="actions">
        <button class="main" @click=${() => fire(this, "expand", id)}>${say("openGroup")}</button>
        <button @click=${() => fire(this, "hide", [id])}>${say("hide")}</button>
      </div>
      <ul>
        ${members.slice(0, LISTED).map((one) => html`<li>${this.work.facts.nodes.get(one)?.caption}</li>`)}
      </ul>
      ${members.length > LISTED ? html`<p class="faint">${sayPanel("andMore", { n: members.length - LISTED })}</p>` : nothing}
    `;
  }

  private line({ from, to, labels, edges }: Line) {
    if ([from, to].some((id) => id.startsWith(GROUP))) {
      return html`<p class="faint">${sayPanel("relationships")}: ${count(edges.length)}</p>
        <h2>${this.nameOf(from)} – ${this.nameOf(to)}</h2>
        <p>${labels.join(", ")}</p>`;
    }
    return html`<m-edge-panel
      tab=${this.work.tab}
      from=${from}
      to=${to}
      .names=${[this.nameOf(from), this.nameOf(to)]}
      @choose=${({ detail }: CustomEvent<string>) => fire(this, "choose", [detail])}
    ></m-edge-panel>`;
  }

  private marked() {
    const { marked, picture } = this.work;
    const others = () => [...picture.nodes.keys()].filter((id) => !marked.has(id));
    return html`
      <h2>${sayPanel("markedHint", { n: marked.size })}</h2>
      <div class="actions">
        <button @click=${() => fire(this, "hide", [...marked])}>${sayPanel("hideMarked")}</button>
        <button @click=${() => fire(this, "hide", others())}>${sayPanel("keepMarked")}</button>
        <button @click=${() => fire(this, "hold", [...marked])}>${say("pin")}</button>
      </div>
      <ul>
        ${[...marked]
          .slice(0, LISTED)
          .map((id) => html`<li><button class="plain" @click=${() => fire(this, "choose", [id])}>${this.nameOf(id)}</button></li>`)}
      </ul>
      ${marked.size > LISTED ? html`<p class="faint">${sayPanel("andMore", { n: marked.size - LISTED })}</p>` : nothing}
    `;
  }

  override render() {
    const { at, marked, picture } = this.work;
    const [one = "", other] = at;
    if (marked.size) return this.marked();
    if (other) {
      const line = (picture.around.get(one) ?? []).find(({ from, to }) => from === other || to === other);
      return line ? this.line(line) : nothing;
    }
    return one.startsWith(GROUP) ? this.group(one) : this.node(one);
  }

  static override styles = [
    base,
    buttons,
    panels,
    prose,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 0.4rem;
        margin: 0.6rem 0;
      }
      ul {
        margin: 0.5rem 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 0.15rem 0;
        overflow-wrap: anywhere;
      }
      li button {
        text-align: start;
      }
    `,
  ];
}
