import { LitElement, css, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { common } from "./common";
import { base, buttons } from "./look";
import { Spoken, sayer } from "./words";

const say = sayer(common);
const SECONDS = 12;

export interface Toast {
  message: string;
  kind: "done" | "bad";
  undo?: () => void;
}

const toasts = new EventTarget();

/** Says in passing that something was done; `undo` takes it back while it is shown. */
export function toast(message: string, { undo, kind = "done" }: { undo?: () => void; kind?: Toast["kind"] } = {}): void {
  const detail: Toast = undo ? { message, kind, undo } : { message, kind };
  toasts.dispatchEvent(new CustomEvent<Toast>("toast", { detail }));
}

/** Where it is said; the shell has one. The newest takes the place of the one before; it stays while pointed at or focused. */
@customElement("m-toast")
export class ToastBar extends LitElement {
  @state() private toast: Toast | null = null;
  private timer = 0;

  protected readonly spoken = new Spoken(this);
  private readonly hear = (event: Event) => {
    this.toast = (event as CustomEvent<Toast>).detail;
    this.wait();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    toasts.addEventListener("toast", this.hear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    toasts.removeEventListener("toast", this.hear);
    clearTimeout(this.timer);
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => (this.toast = null), SECONDS * 1000);
  }

  private undo(): void {
    this.toast?.undo?.();
    this.toast = null;
  }

  override render() {
    const shown = this.toast;
    const stay = () => clearTimeout(this.timer);
    const resume = () => this.wait();
    return html`
      <div role="status" @mouseenter=${stay} @mouseleave=${resume} @focusin=${stay} @focusout=${resume}>
        ${shown
          ? html`<div class="bar ${shown.kind}">
              <span>${shown.message}</span>
              ${shown.undo ? html`<button @click=${this.undo}>${say("undo")}</button>` : nothing}
              <button class="plain" aria-label=${say("dismiss")} @click=${() => (this.toast = null)}>✕</button>
            </div>`
          : nothing}
      </div>
    `;
  }

  static override styles = [
    base,
    buttons,
    css`
      :host {
        position: fixed;
        inset: auto 0 1rem;
        z-index: 20;
        display: flex;
        justify-content: center;
        padding: 0 1rem;
        pointer-events: none;
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 0.75rem;
        padding: 0.5rem 0.5rem 0.5rem 1rem;
        color: var(--ground);
        background: var(--ink);
        border-radius: var(--round);
        box-shadow: var(--shadow);
        pointer-events: auto;
      }
      .bad {
        border-left: 4px solid var(--bad);
      }
      button,
      button.plain {
        min-height: 1.9rem;
        color: inherit;
        background: none;
        border-color: currentcolor;
      }
      button.plain {
        border-color: transparent;
      }
      button:hover:not(:disabled) {
        color: var(--ink);
        background: var(--ground);
      }
      :focus-visible {
        outline-color: var(--ground);
      }
    `,
  ];
}
