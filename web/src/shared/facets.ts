import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { common } from "./common";
import { fire } from "./events";
import { base, controls } from "./look";
import { Spoken, count, sayer } from "./words";

const say = sayer(common);
const SHORT = 6;
const LONG = 14;

export interface FacetValue {
  value: string;
  label: string;
  /** Null: withheld; undefined: not counted. */
  count: number | null | undefined;
}

export interface Facet {
  name: string;
  title: string;
  values: readonly FacetValue[];
  /** How many values more there are that are not listed. */
  others?: number;
}

/** What is chosen: by facet, its values. */
export type Choice = Readonly<Record<string, readonly string[]>>;

/** Lists to choose from, with counts; several of a list may be chosen. Fires `choose` with `{ name, values }` of the list. */
@customElement("m-facets")
export class Facets extends LitElement {
  @property({ attribute: false }) facets: readonly Facet[] = [];
  @property({ attribute: false }) chosen: Choice = {};
  @state() private whole = new Set<string>();
  @state() private typed: Readonly<Record<string, string>> = {};

  protected readonly spoken = new Spoken(this);

  private set(name: string, values: readonly string[]): void {
    fire(this, "choose", { name, values: [...values] });
  }

  private toggle(name: string, value: string): void {
    const now = this.chosen[name] ?? [];
    this.set(name, now.includes(value) ? now.filter((one) => one !== value) : [...now, value]);
  }

  /** Up and down lead through a list, as Tab does through all. */
  private walk(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(event.target instanceof HTMLInputElement) || event.target.type !== "checkbox") return;
    event.preventDefault();
    const boxes = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
    boxes[boxes.indexOf(event.target) + step]?.focus();
  }

  private list({ name, title, values, others = 0 }: Facet): TemplateResult {
    const chosen = this.chosen[name] ?? [];
    const missing = chosen.filter((value) => !values.some((one) => one.value === value));
    const known = [...values, ...missing.map((value) => ({ value, label: value, count: 0 }))];
    const typed = (this.typed[name] ?? "").toLocaleLowerCase();
    const fitting = known.filter(({ label }) => label.toLocaleLowerCase().includes(typed));
    const whole = this.whole.has(name) || typed !== "" || fitting.length <= SHORT + 1;
    const shown = fitting.filter(({ value }, index) => whole || index < SHORT || chosen.includes(value));
    const most = Math.max(1, ...values.map((one) => one.count ?? 0));
    return html`<fieldset @keydown=${this.walk}>
      <legend>${title}</legend>
      ${chosen.length
        ? html`<button class="plain clear" aria-label="${say("clear")}: ${title}" @click=${() => this.set(name, [])}>
            ${say("clear")}
          </button>`
        : nothing}
      ${known.length > LONG
        ? html`<input type="search" aria-label="${say("narrow")}: ${title}" placeholder=${say("narrow")}
            @input=${(event: Event) => (this.typed = { ...this.typed, [name]: (event.target as HTMLInputElement).value })} />`
        : nothing}
      ${shown.map(
        (one) => html`<label>
          <input type="checkbox" .checked=${chosen.includes(one.value)} @change=${() => this.toggle(name, one.value)} />
          <span class="label">${one.label}</span>
          ${one.count === undefined
            ? nothing
            : html`<span class="count">${one.count === null ? say("withheld") : count(one.count)}</span>
                <svg aria-hidden="true"><rect width="${((100 * (one.count ?? 0)) / most).toFixed(1)}%" height="100%"></rect></svg>`}
        </label>`,
      )}
      ${fitting.length > shown.length || (whole && this.whole.has(name) && !typed)
        ? html`<button class="plain" aria-expanded=${whole} @click=${() => this.spread(name)}>
            ${whole ? say("fewer") : say("more", { n: fitting.length - shown.length })}
          </button>`
        : nothing}
      ${others && whole ? html`<p class="others">${say("others")}: ${count(others)}</p>` : nothing}
    </fieldset>`;
  }

  private spread(name: string): void {
    const whole = new Set(this.whole);
    if (!whole.delete(name)) whole.add(name);
    this.whole = whole;
  }

  override render() {
    return this.facets.map((facet) => this.list(facet));
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 1.25rem;
      }
      fieldset {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: baseline;
        gap: 0.1rem 0.5rem;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      fieldset > :not(legend, .clear) {
        grid-column: 1 / -1;
      }
      legend {
        float: left; /* so that it is a part of the grid */
        padding: 0;
        margin-bottom: 0.25rem;
        font-weight: 650;
        font-size: 0.9rem;
      }
      .clear {
        padding: 0;
      }
      input[type="search"] {
        min-height: 2rem;
        margin-bottom: 0.25rem;
      }
      label {
        position: relative;
        display: grid;
        grid-template-columns: auto 1fr auto;
        align-items: center;
        gap: 0.5rem;
        min-height: 1.75rem;
        padding: 0.1rem 0.35rem 0.1rem 0;
        border-radius: var(--round);
        cursor: pointer;
      }
      label:hover {
        background: var(--raised);
      }
      .label {
        overflow-wrap: anywhere;
        line-height: 1.25;
      }
      .count {
        font-size: 0.82rem;
        color: var(--faint);
        font-variant-numeric: tabular-nums;
      }
      svg {
        position: absolute;
        inset: auto 0 0 1.5rem;
        width: calc(100% - 1.5rem);
        height: 2px;
        pointer-events: none;
      }
      rect {
        fill: var(--accent);
        opacity: 0.55;
      }
      input[type="checkbox"] {
        width: 1rem;
        height: 1rem;
        margin: 0;
      }
      button.plain {
        justify-self: start;
        font-size: 0.85rem;
      }
      .others {
        margin: 0;
        font-size: 0.82rem;
        color: var(--faint);
      }
    `,
  ];
}
