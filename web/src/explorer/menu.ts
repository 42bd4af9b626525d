import { LitElement, css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { fire } from "../shared/events";
import { base, controls } from "../shared/look";
import type { MeQuery } from "../shared/me.generated";
import { type Scheme, applyScheme, scheme } from "../shared/scheme";
import { token } from "../shared/session";
import { LANGUAGES, type Language, Spoken, language, sayer, speak } from "../shared/words";
import { words } from "./words";

const say = sayer(words);
const NAMES: Record<Language, string> = { en: "English", es: "Español", pt: "Português" };

/** Who is signed in, language and colours. Fires `sign-in` and `sign-out`. */
@customElement("m-menu")
export class Menu extends LitElement {
  @property({ attribute: false }) me: MeQuery["me"] | null = null;
  @query("#menu") private readonly menu!: HTMLElement;

  protected readonly spoken = new Spoken(this);

  private leave(name: "sign-in" | "sign-out"): void {
    this.menu.hidePopover();
    fire(this, name, null);
  }

  private account() {
    if (!this.me) return html`<button class="main" @click=${() => this.leave("sign-in")}>${say("signIn")}</button>`;
    const role = say(this.me.role);
    return html`
      <p class="who">
        <strong>${role}</strong>
        <span>${token() ? this.me.name : say("anybody")}</span>
      </p>
      ${token() ? html`<button @click=${() => this.leave("sign-out")}>${say("signOut")}</button>` : nothing}
    `;
  }

  override render() {
    return html`
      <button class="plain opener" popovertarget="menu">
        <span class="heard">${say("settings")}</span>
        <svg viewBox="0 0 16 16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.4">
          <circle cx="8" cy="5.5" r="2.75"></circle>
          <path d="M2.75 14a5.25 5.25 0 0 1 10.5 0" stroke-linecap="round"></path>
        </svg>
        <span class="name">${this.me ? say(this.me.role) : say("nobody")}</span>
        <span class="language">${language().toUpperCase()}</span>
      </button>
      <div id="menu" popover>
        ${this.account()}
        <div class="field">
          <label for="language">${say("language")}</label>
          <select id="language" @change=${(event: Event) => speak((event.target as HTMLSelectElement).value as Language)}>
            ${LANGUAGES.map((one) => html`<option value=${one} lang=${one} .selected=${one === language()}>${NAMES[one]}</option>`)}
          </select>
        </div>
        <div class="field">
          <label for="scheme">${say("scheme")}</label>
          <select id="scheme" @change=${(event: Event) => applyScheme((event.target as HTMLSelectElement).value as Scheme)}>
            ${(["auto", "light", "dark"] as const).map((one) => html`<option value=${one} .selected=${one === scheme()}>${say(one)}</option>`)}
          </select>
        </div>
      </div>
    `;
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
      }
      .opener {
        min-height: 2.25rem;
        color: var(--faint);
      }
      .opener:hover {
        color: var(--ink);
      }
      .name {
        max-width: 10rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .language {
        padding: 0 0.25rem;
        font-size: 0.75rem;
        font-weight: 600;
        border: 1px solid var(--line);
        border-radius: 4px;
      }
      #menu {
        position: fixed;
        inset: 3rem 0.75rem auto auto;
        width: min(17rem, calc(100vw - 1.5rem));
        margin: 0;
        padding: 1rem;
        color: var(--ink);
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--round-big);
        box-shadow: var(--shadow);
      }
      #menu:popover-open {
        display: grid;
        gap: 0.75rem;
      }
      .who {
        display: grid;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .who span {
        font-size: 0.85rem;
        color: var(--faint);
      }
      @media (max-width: 900px) {
        .name {
          display: none;
        }
      }
    `,
  ];
}
