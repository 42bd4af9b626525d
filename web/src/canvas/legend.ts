import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../shared/events";
import { sign } from "../shared/kinds";
import { base, buttons } from "../shared/look";
import { styled } from "../shared/styled";
import { Spoken, sayer } from "../shared/words";
import { causeOf } from "./causes";
import { Followed } from "./followed";
import type { Names } from "./labels";
import { readGroup } from "./picture";
import { words } from "./words";
import type { Workspace } from "./workspace";

const say = sayer(words);

/** What signs and colours stand for, and the groups that are open. Fires `close` (name of a group). */
@customElement("m-legend")
export class Legend extends LitElement {
  @property({ attribute: false }) work!: Workspace;
  @property({ attribute: false }) names!: Names;

  protected readonly spoken = new Spoken(this);
  protected readonly followed = new Followed(this);

  /** The root causes that colour something here. */
  private causes() {
    const { scene, causes, picture } = this.work;
    if (scene.colours !== "cause" || !causes) return nothing;
    const ranks = new Set([...picture.nodes.keys()].map((id) => causeOf(id, picture, causes, this.names.shared)));
    const entry = (colour: string, name: string) => html`<li><i ${styled({ background: `var(${colour})` })}></i>${name}</li>`;
    return html`${causes.titles.map((title, rank) => (ranks.has(rank) ? entry(`--hue-${rank + 1}`, title) : nothing))}
    ${ranks.has(undefined) ? entry("--edge", say("noCause")) : nothing}`;
  }

  private openGroups() {
    const { scene, picture } = this.work;
    return [...scene.open].map((name) => {
      const members = picture.groups.get(name);
      if (!members) return nothing;
      const { kind, value } = readGroup(name);
      const what = this.names.of({ id: name, kind, caption: value, members });
      return html`<li><button @click=${() => fire(this, "close", name)}>${say("closeGroup")}: ${what}</button></li>`;
    });
  }

  override render() {
    const kinds = [...new Set([...this.work.picture.nodes.values()].map(({ kind }) => kind))];
    return html`<ul aria-label=${say("legend")}>
      ${kinds.map((kind) => html`<li>${sign(kind)} ${this.names.kind(kind)}</li>`)} ${this.causes()} ${this.openGroups()}
    </ul>`;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: absolute;
        left: 0.6rem;
        top: 0.6rem;
        max-width: calc(100% - 1.2rem);
        pointer-events: none;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.15rem 0.9rem;
        margin: 0;
        padding: 0.3rem 0.6rem;
        font-size: 0.82rem;
        list-style: none;
        background: color-mix(in srgb, var(--ground) 88%, transparent);
        border-radius: var(--round);
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.3rem;
      }
      i {
        width: 0.75rem;
        height: 0.75rem;
        border-radius: 50%;
      }
      @media (max-width: 760px) {
        :host {
          position: static;
          order: -1;
          max-width: none;
        }
      }
      button {
        min-height: 1.6rem;
        padding: 0 0.5rem;
        font-size: inherit;
        pointer-events: auto;
      }
    `,
  ];
}
