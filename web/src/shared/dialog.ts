import { LitElement, css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { common } from "./common";
import { fire } from "./events";
import { base, buttons, prose } from "./look";
import { Spoken, sayer } from "./words";

const say = sayer(common);

/**
 * A dialog above the page: `<m-dialog .open=${...} heading="..." @close=${...}>`, with what it is about inside, and
 * its buttons in the slot `actions`. Fires `close` when it closes; the focus goes back to where it was.
 */
@customElement("m-dialog")
export class Dialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property() heading = "";
  /** Neither Escape nor a button closes it: an answer is needed. */
  @property({ type: Boolean }) firm = false;
  @property({ type: Boolean, reflect: true }) wide = false;
  @query("dialog") private readonly dialog!: HTMLDialogElement;

  protected readonly spoken = new Spoken(this);

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has("open")) return;
    if (this.open && !this.dialog.open) this.dialog.showModal();
    else if (!this.open && this.dialog.open) this.dialog.close();
  }

  private closed(): void {
    if (!this.open) return;
    this.open = false;
    fire(this, "close", null);
  }

  private pressed(event: MouseEvent): void {
    // Only the backdrop is outside of what is inside the dialog.
    if (event.target === this.dialog && !this.firm) this.dialog.close();
  }

  override render() {
    return html`
      <dialog
        aria-labelledby="heading"
        @close=${this.closed}
        @cancel=${(event: Event) => this.firm && event.preventDefault()}
        @mousedown=${this.pressed}
      >
        <div class="inside">
          <div class="head">
            <h2 id="heading">${this.heading}</h2>
            ${this.firm
              ? nothing
              : html`<button class="plain" aria-label=${say("close")} @click=${() => this.dialog.close()}>✕</button>`}
          </div>
          <div class="body"><slot></slot></div>
          <div class="foot"><slot name="actions"></slot></div>
        </div>
      </dialog>
    `;
  }

  static override styles = [
    base,
    buttons,
    prose,
    css`
      dialog {
        width: min(28rem, calc(100vw - 1.5rem));
        max-height: calc(100dvh - 1.5rem);
        padding: 0;
        color: var(--ink);
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--round-big);
        box-shadow: var(--shadow);
      }
      :host([wide]) dialog {
        width: min(52rem, calc(100vw - 1.5rem));
      }
      dialog::backdrop {
        background: rgb(10 20 24 / 45%);
      }
      .inside {
        padding: 1.25rem;
      }
      .head {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: 1rem;
        margin-bottom: 0.75rem;
      }
      h2 {
        font-size: 1.15rem;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: end;
        gap: 0 0.5rem;
      }
      .foot ::slotted(*) {
        margin-top: 1rem;
      }
    `,
  ];
}
