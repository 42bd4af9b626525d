import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ask } from "../shared/ask";
import { common } from "../shared/common";
import "../shared/dialog";
import "../shared/error";
import { fire } from "../shared/events";
import { base, controls } from "../shared/look";
import { toast } from "../shared/toast";
import type { RootCauseFilter } from "../shared/types.generated";
import { Spoken, sayer } from "../shared/words";
import { RecordActionDocument, type RecordActionMutationVariables, RemoveActionDocument } from "./actions.generated";
import { words as ownWords } from "./action-words";
import { words } from "./cause-words";

const say = sayer(words);
const sayOwn = sayer(ownWords);
const sayCommon = sayer(common);

/** Records an action; while the toast is shown, that can be undone. Calls `done` after both. */
export async function record(action: RecordActionMutationVariables, done: () => void): Promise<void> {
  const { recordAction } = await ask(RecordActionDocument, action);
  const undo = () => void remove(recordAction.action.id).then(done, told);
  toast(sayOwn("recorded", { n: recordAction.exposed }), { undo });
  done();
}

/** Takes an action back. */
export async function remove(id: string): Promise<void> {
  await ask(RemoveActionDocument, { id });
}

/** Says in passing what went wrong. */
export function told(error: unknown): void {
  toast(error instanceof Error && error.message ? error.message : sayCommon("failed"), { kind: "bad" });
}

/** Asks what is done about a root cause, from when on and by whom. Fires `done` when it was recorded, or that was undone. */
@customElement("m-record-action")
export class RecordActionDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property() cause = "";
  @property() heading = "";
  @property({ attribute: false }) filter: RootCauseFilter | null = null;
  @state() private error: unknown = null;
  @state() private needed: readonly string[] = [];
  @state() private sending = false;

  protected readonly spoken = new Spoken(this);

  private field<E extends HTMLInputElement>(name: string): E {
    return this.renderRoot.querySelector<E>(`#${name}`) as E;
  }

  private async send(event: Event): Promise<void> {
    event.preventDefault();
    const what = this.field("what").value.trim();
    const startsOn = this.field("starts").value;
    this.needed = [...(what ? [] : ["what"]), ...(startsOn ? [] : ["starts"])];
    if (this.needed.length) return this.field(this.needed[0] as string).focus();
    this.sending = true;
    this.error = null;
    const by = this.field("by").value.trim() || null;
    try {
      await record({ id: this.cause, what, startsOn, by, newOnly: this.field("new").checked, filter: this.filter }, () => fire(this, "done", null));
      this.renderRoot.querySelector("form")?.reset();
    } catch (error) {
      this.error = error;
    }
    this.sending = false;
  }

  private problem(name: string) {
    return this.needed.includes(name) ? html`<span class="hint problem" id="${name}-problem">${sayOwn("needed")}</span>` : nothing;
  }

  override render() {
    const today = new Date().toISOString().slice(0, 10);
    const invalid = (name: string) => (this.needed.includes(name) ? "true" : nothing);
    return html`<m-dialog ?open=${this.open} heading=${say("record")} @close=${() => fire(this, "close", null)}>
      <form id="form" novalidate @submit=${this.send}>
        <p class="hint">${this.heading}</p>
        <div class="field">
          <label for="what">${sayOwn("what")}</label>
          <input id="what" autocomplete="off" maxlength="200" required aria-invalid=${invalid("what")} aria-describedby="what-hint" />
          <span class="hint" id="what-hint">${sayOwn("whatHint")}</span>
          ${this.problem("what")}
        </div>
        <div class="pair">
          <div class="field">
            <label for="starts">${sayOwn("startsOn")}</label>
            <input id="starts" type="date" required value=${today} aria-invalid=${invalid("starts")} />
            ${this.problem("starts")}
          </div>
          <div class="field">
            <label for="by">${sayOwn("by")}</label>
            <input id="by" autocomplete="off" maxlength="100" aria-describedby="by-hint" />
            <span class="hint" id="by-hint">${sayOwn("byHint")}</span>
          </div>
        </div>
        <label class="choice"><input id="new" type="checkbox" aria-describedby="new-hint" /> ${sayOwn("newOnly")}</label>
        <p class="hint" id="new-hint">${sayOwn("newOnlyHint")}</p>
        ${this.error ? html`<m-error final .error=${this.error}></m-error>` : nothing}
      </form>
      <button slot="actions" @click=${() => fire(this, "close", null)}>${sayCommon("cancel")}</button>
      <button slot="actions" class="main" ?disabled=${this.sending} @click=${this.send}>${say("record")}</button>
    </m-dialog>`;
  }

  static override styles = [
    base,
    controls,
    css`
      form {
        display: grid;
        gap: 0.9rem;
      }
      p {
        margin: 0;
      }
      .field {
        align-content: start;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: 0.9rem;
      }
      .choice {
        display: flex;
        align-items: baseline;
        gap: 0.5rem;
      }
      form .choice + .hint {
        margin: -0.7rem 0 0 1.6rem;
      }
    `,
  ];
}
