import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../shared/dialog";
import { fire } from "../shared/events";
import { base, controls, prose } from "../shared/look";
import "../shared/typeahead";
import type { Suggested } from "../shared/typeahead";
import { Spoken, sayer } from "../shared/words";
import { words } from "./words";

const say = sayer(words);

export interface NamedCause {
  key: string;
  caption: string;
}

/** Asks which cause it is: one of those that are near, or any that one types. Fires `choose` (NamedCause) and `close`. */
@customElement("m-cause-chooser")
export class CauseChooser extends LitElement {
  @property({ type: Boolean }) open = false;
  @property() heading = "";
  @property() hint = "";
  @property({ attribute: false }) nearest: readonly NamedCause[] = [];

  protected readonly spoken = new Spoken(this);

  override updated(): void {
    if (this.open) void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("m-typeahead")?.focus());
  }

  private choose(cause: NamedCause): void {
    fire(this, "choose", cause);
  }

  override render() {
    if (!this.open) return nothing;
    return html`<m-dialog open heading=${this.heading} @close=${() => fire(this, "close", null)}>
      <p class="hint">${this.hint}</p>
      <div class="inside">
        ${this.nearest.length
          ? html`<div class="near">
              <span class="hint">${say("nearest")}</span>
              ${this.nearest.map((cause) => html`<button @click=${() => this.choose(cause)}>${cause.caption}</button>`)}
            </div>`
          : nothing}
        <m-typeahead
          label=${say("findCause")}
          .kinds=${["Cause"]}
          @choose=${({ detail }: CustomEvent<Suggested>) => this.choose({ key: detail.key, caption: detail.caption })}
        ></m-typeahead>
      </div>
    </m-dialog>`;
  }

  static override styles = [
    base,
    controls,
    prose,
    css`
      .inside {
        display: grid;
        align-content: start;
        gap: 1rem;
        min-height: 20rem; /* room for what is suggested */
      }
      .near {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.4rem;
      }
    `,
  ];
}
