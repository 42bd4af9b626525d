import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { AskError } from "./ask";
import { common } from "./common";
import { fire } from "./events";
import { base, buttons } from "./look";
import { Spoken, sayer } from "./words";

const say = sayer(common);

/** What went wrong, what may help, and a button to try again (fires `retry`). */
@customElement("m-error")
export class ErrorNote extends LitElement {
  /** An AskError, or whatever was thrown. */
  @property({ attribute: false }) error: unknown = null;
  /** Without the button: trying again would not help. */
  @property({ type: Boolean }) final = false;

  protected readonly spoken = new Spoken(this);

  private told(): { message: string; hint: string; id: string } {
    if (!(this.error instanceof AskError)) return { message: say("failed"), hint: "", id: "" };
    const { code, message, hint, requestId: id } = this.error;
    if (code === "network") return { message: say("unreachable"), hint: "", id };
    if (code === "overtime") return { message: say("tooLong"), hint, id };
    return { message: message.charAt(0).toUpperCase() + message.slice(1), hint, id };
  }

  override render() {
    const { message, hint, id } = this.told();
    return html`
      <div role="alert">
        <strong>${message}</strong>
        ${hint ? html`<p>${hint}</p>` : nothing}
        ${id ? html`<p class="id">${say("request", { id })}</p>` : nothing}
      </div>
      ${this.final ? nothing : html`<button @click=${() => fire(this, "retry", null)}>${say("retry")}</button>`}
    `;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0.5rem 1rem;
        padding: 0.75rem 1rem;
        color: var(--ink);
        background: var(--bad-soft);
        border: 1px solid var(--bad);
        border-radius: var(--round);
      }
      strong {
        color: var(--bad);
      }
      p {
        margin: 0.15rem 0 0;
        font-size: 0.9rem;
      }
      .id {
        font-family: var(--digits);
        font-size: 0.8rem;
        overflow-wrap: anywhere;
      }
    `,
  ];
}
