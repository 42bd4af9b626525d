import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "../shared/dialog";
import { fire } from "../shared/events";
import { type Shortcut, setSingleKeys, shortcuts, singleKeys } from "../shared/keys";
import { base, inputs, prose } from "../shared/look";
import { Spoken, sayer } from "../shared/words";
import { words } from "./words";

const say = sayer(words);
const SIGNS: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "␣", Delete: "Del" };

/** What keys do where one is now. */
@customElement("m-help")
export class Help extends LitElement {
  @property({ type: Boolean }) open = false;
  @state() private single = singleKeys();

  protected readonly spoken = new Spoken(this);

  private sign({ key, ctrl, shift }: Shortcut) {
    const parts = [ctrl ? "Ctrl" : "", shift ? "⇧" : "", SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key)];
    return parts.filter(Boolean).map((part) => html`<kbd>${part}</kbd>`);
  }

  private switch(event: Event): void {
    this.single = (event.target as HTMLInputElement).checked;
    setSingleKeys(this.single);
  }

  override render() {
    if (!this.open) return nothing;
    return html`
      <m-dialog open wide heading=${say("keys")} @close=${() => fire(this, "close", null)}>
        <p>${say("helpHint")}</p>
        <dl>
          ${shortcuts().map((one) => html`<div><dt>${this.sign(one)}</dt><dd>${one.does}</dd></div>`)}
          <div><dt><kbd>Alt</kbd><kbd>←</kbd><kbd>→</kbd></dt><dd>${say("back")}</dd></div>
        </dl>
        <label>
          <input type="checkbox" .checked=${this.single} @change=${this.switch} />
          <span>${say("singleKeys")} <span class="hint">${say("singleKeysHint")}</span></span>
        </label>
      </m-dialog>
    `;
  }

  static override styles = [
    base,
    inputs,
    prose,
    css`
      dl {
        columns: 2 16rem;
        gap: 2rem;
        margin: 0.75rem 0;
      }
      dl div {
        display: flex;
        align-items: baseline;
        gap: 0.75rem;
        padding: 0.2rem 0;
        break-inside: avoid;
      }
      dt {
        flex: 0 0 5.5rem;
        display: flex;
        gap: 0.2rem;
      }
      dd {
        margin: 0;
      }
      kbd {
        min-width: 1.6rem;
        padding: 0.05rem 0.35rem;
        font: 0.85rem var(--digits);
        text-align: center;
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: 4px;
      }
      label {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
      }
      .hint {
        display: block;
      }
    `,
  ];
}
