import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { AskError } from "../shared/ask";
import "../shared/error";
import { fire } from "../shared/events";
import { base, buttons, panels, prose } from "../shared/look";
import "../shared/skeleton";
import { Spoken, sayer } from "../shared/words";
import { STAGES, type Search, readProgress } from "./search";
import { words } from "./words";

const say = sayer(words);

/** How far a search is, with a button to stop it; or that it was stopped, or failed, with one to begin it. Fires `clear`. */
@customElement("m-cause-progress")
export class CauseProgress extends LitElement {
  @property({ attribute: false }) search!: Search;

  protected readonly spoken = new Spoken(this);

  // The search is the same from one step to the next: it is drawn with whatever holds it.
  override connectedCallback(): void {
    super.connectedCallback();
    this.search.listeners.add(this.hear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.search.listeners.delete(this.hear);
  }

  private readonly hear = () => this.requestUpdate();

  private looking() {
    const { stage, patterns } = readProgress(this.search.messages);
    const what = say(`stage${stage as 0 | 1 | 2 | 3 | 4}`);
    const step = say("stepsOf", { step: stage + 1, all: STAGES, what });
    return html`<div class="panel">
        <div class="head">
          <h3>${say("searching")}</h3>
          <button @click=${() => this.search.stop()}>${say("stop")}</button>
        </div>
        <progress aria-label=${say("searching")} value=${stage + 0.5} max=${STAGES}></progress>
        <p role="status">${step}${patterns ? ` · ${say("found", { n: patterns })}` : ""}</p>
      </div>
      <m-skeleton kind="cards" count="3"></m-skeleton>`;
  }

  override render() {
    const { state, error } = this.search;
    const waits = error instanceof AskError && error.code === "unauthenticated";
    if (state === "failed" && !waits) return html`<m-error .error=${error} @retry=${() => this.search.again()}></m-error>`;
    if (state === "stopped")
      return html`<m-empty heading=${say("stopped")} hint=${say("stoppedHint")}>
        <button class="main" @click=${() => this.search.again()}>${say("look")}</button>
        <button @click=${() => fire(this, "clear", null)}>${say("clearFilters")}</button>
      </m-empty>`;
    return this.looking();
  }

  static override styles = [
    base,
    buttons,
    panels,
    prose,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
      }
      progress {
        appearance: none;
        display: block;
        width: 100%;
        height: 6px;
        margin: 0.75rem 0 0.5rem;
        background: var(--raised);
        border: 0;
        border-radius: 3px;
        overflow: hidden;
      }
      progress::-webkit-progress-bar {
        background: var(--raised);
      }
      progress::-webkit-progress-value {
        background: var(--accent);
        transition: inline-size 0.3s;
      }
      progress::-moz-progress-bar {
        background: var(--accent);
      }
      p {
        margin: 0;
        font-size: 0.9rem;
        color: var(--faint);
      }
    `,
  ];
}
