import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { common } from "./common";
import { base } from "./look";
import { Spoken, sayer } from "./words";

const say = sayer(common);

/** The shape of what is being loaded, so that nothing jumps when it comes. */
@customElement("m-skeleton")
export class Skeleton extends LitElement {
  @property() kind: "lines" | "cards" | "table" | "chart" = "lines";
  /** How many lines, cards or rows. */
  @property({ type: Number }) count = 3;

  protected readonly spoken = new Spoken(this);

  override render() {
    return html`
      <span class="heard" role="status">${say("loading")}</span>
      <div class=${this.kind} aria-hidden="true">${Array.from({ length: this.count }, () => html`<i></i>`)}</div>
    `;
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
      }
      div {
        display: grid;
        gap: 0.6rem;
      }
      i {
        display: block;
        height: 1rem;
        background: var(--raised);
        border-radius: var(--round);
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      i:nth-child(3n) {
        width: 70%;
      }
      .cards i {
        width: auto;
        height: 8rem;
      }
      .table i {
        width: auto;
        height: 2rem;
      }
      .chart i {
        width: auto;
        height: 14rem;
      }
      @keyframes breathe {
        to {
          opacity: 0.45;
        }
      }
    `,
  ];
}
