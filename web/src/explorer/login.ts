import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { AskError, ask } from "../shared/ask";
import "../shared/dialog";
import { fire } from "../shared/events";
import { base, controls, prose } from "../shared/look";
import { MeDocument } from "../shared/me.generated";
import { signIn } from "../shared/session";
import { Spoken, sayer } from "../shared/words";
import { words } from "./words";

const say = sayer(words);

/** Asks for a key or token, above whatever is on the screen. Where that was somebody's already, it can wait (fires `later`). */
@customElement("m-login")
export class Login extends LitElement {
  @property({ type: Boolean }) expired = false;
  @state() private problem: "wrong" | "unreachable" | "" = "";
  @state() private busy = false;

  protected readonly spoken = new Spoken(this);

  override firstUpdated(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = String(new FormData(event.target as HTMLFormElement).get("key")).trim();
    if (!given || this.busy) return;
    this.busy = true;
    this.problem = "";
    try {
      const { me } = await ask(MeDocument, {}, { bearer: given, tab: "" });
      if (me.role === "ANYONE") this.problem = "wrong";
      else signIn(given);
    } catch (error) {
      this.problem = error instanceof AskError && error.code === "network" ? "unreachable" : "wrong";
    }
    this.busy = false;
    if (this.problem) this.renderRoot.querySelector("input")?.select();
  }

  override render() {
    return html`
      <m-dialog open heading=${say("signIn")} ?firm=${!this.expired} @close=${() => fire(this, "later", null)}>
        <form @submit=${this.submit}>
          <p>${say(this.expired ? "expired" : "ask")}</p>
          <div class="field">
            <label for="key">${say("key")}</label>
            <input
              id="key"
              name="key"
              type="password"
              autocomplete="off"
              spellcheck="false"
              required
              autofocus
              aria-describedby="hint"
              aria-invalid=${this.problem ? "true" : nothing}
            />
            <span id="hint" class="hint">${say("keyHint")}</span>
            ${this.problem ? html`<span class="problem" role="alert">${say(this.problem)}</span>` : nothing}
          </div>
          <div class="actions">
            ${this.expired ? html`<button type="button" @click=${() => fire(this, "later", null)}>${say("later")}</button>` : nothing}
            <button class="main" ?disabled=${this.busy}>${say("signIn")}</button>
          </div>
        </form>
      </m-dialog>
    `;
  }

  static override styles = [
    base,
    controls,
    prose,
    css`
      form {
        display: grid;
        gap: 0.75rem;
      }
      p {
        margin: 0;
      }
      .actions {
        display: flex;
        justify-content: end;
        gap: 0.5rem;
      }
    `,
  ];
}
