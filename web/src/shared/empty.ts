import { LitElement, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { base, buttons, prose } from "./look";
import { Spoken, sayer } from "./words";
import { common } from "./common";

const say = sayer(common);

/** Where there is nothing to show: says so, and what to do next. Buttons and links go inside it. */
@customElement("m-empty")
export class Empty extends LitElement {
  @property() heading = "";
  @property() hint = "";

  protected readonly spoken = new Spoken(this);

  override render() {
    return html`
      <h2>${this.heading || say("nothing")}</h2>
      ${this.hint ? html`<p>${this.hint}</p>` : nothing}
      <div class="next"><slot></slot></div>
    `;
  }

  static override styles = [
    base,
    buttons,
    prose,
    css`
      :host {
        display: grid;
        justify-items: center;
        align-content: center;
        gap: 0.25rem;
        padding: 2.5rem 1rem;
        text-align: center;
      }
      p {
        max-width: 34rem;
        color: var(--faint);
      }
      .next {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }
    `,
  ];
}
