import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "../shared/dialog";
import { fire } from "../shared/events";
import { sign } from "../shared/kinds";
import { base, controls, prose } from "../shared/look";
import { Spoken, count, sayer } from "../shared/words";
import { type Branch, GUARD } from "./asking";
import type { Names } from "./labels";
import { words } from "./panel-words";
import type { Crowd } from "./expanding";

const say = sayer(words);

/** Lets somebody choose what of all that is around a node is shown. Fires `choose` (branches) and `close`. */
@customElement("m-crowd")
export class CrowdDialog extends LitElement {
  @property({ attribute: false }) crowd!: Crowd;
  @property({ attribute: false }) names!: Names;
  /** How many of a branch are shown already. */
  @property({ attribute: false }) shownOf: (branch: Branch) => number = () => 0;
  @state() private chosen: ReadonlySet<Branch> = new Set();

  protected readonly spoken = new Spoken(this);

  override willUpdate(): void {
    const { branches } = this.crowd.expansion;
    // All that comes at once is chosen to begin with; of a crowd what is small, and of one sort alone there is no choice.
    const all = !this.crowded || branches.length === 1;
    if (!this.hasUpdated) this.chosen = new Set(all ? branches : branches.filter((one) => one.count <= GUARD / 5));
  }

  private get crowded(): boolean {
    return this.crowd.expansion.count > GUARD;
  }

  private toggle(branch: Branch): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(branch)) chosen.add(branch);
    this.chosen = chosen;
  }

  override render() {
    const { branches, count: all } = this.crowd.expansion;
    const total = [...this.chosen].reduce((sum, branch) => sum + branch.count, 0);
    return html`<m-dialog open heading=${say(this.crowded ? "crowded" : "around", { n: all })} @close=${() => fire(this, "close", null)}>
      ${this.crowded ? html`<p>${say("crowdedHint", { most: GUARD })}</p>` : nothing}
      <fieldset>
        <legend class="heard">${say("which")}</legend>
        ${branches.map((branch) => {
          const shown = this.shownOf(branch);
          return html`<label>
            <input type="checkbox" .checked=${this.chosen.has(branch)} @change=${() => this.toggle(branch)} />
            ${sign(branch.kind)}
            <span>${branch.direction === "IN" ? "← " : ""}${say("branch", { label: branch.label, kind: this.names.kind(branch.kind) })}${branch.direction === "OUT" ? " →" : ""}</span>
            <span class="count">${count(branch.count)}${shown ? html` <span class="hint">(${say("already", { n: shown })})</span>` : ""}</span>
          </label>`;
        })}
      </fieldset>
      <button slot="actions" class="main" ?disabled=${!total} @click=${() => fire(this, "choose", branches.filter((one) => this.chosen.has(one)))}>
        ${total > GUARD ? say("showFirst", { n: GUARD }) : total ? say("showAll", { n: total }) : say("chooseSome")}
      </button>
    </m-dialog>`;
  }

  static override styles = [
    base,
    controls,
    prose,
    css`
      fieldset {
        margin: 0.75rem 0 0;
        padding: 0;
        border: 0;
      }
      label {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        min-height: 2rem;
      }
      .count {
        margin-inline-start: auto;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];
}
