import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { AskError, ask } from "./ask";
import { common } from "./common";
import { fire } from "./events";
import { sign } from "./kinds";
import { base, controls } from "./look";
import { begun, prefixOf, readTyped } from "./prefixes";
import { keepRecent, recent } from "./recent";
import { RecentDocument, SuggestDocument, type SuggestQueryVariables } from "./suggest.generated";
import { type Kind, vocabulary } from "./vocabulary";
import { Spoken, sayer } from "./words";

const say = sayer(common);
const PAUSE = 120;

/** Something that may be meant. */
export interface Suggested {
  id: string;
  kind: string;
  key: string;
  caption: string;
}

type Option = { suggested: Suggested } | { prefix: Kind };

/**
 * A field that suggests what may be meant while one types: of all kinds, of those in `kinds`, or of one by its prefix
 * (`complaint: no signal`); what was opened last, before anything is typed.
 *
 * Fires `choose` (Suggested) and, by Enter without a choice, `search` ({ text, kind }).
 */
@customElement("m-typeahead")
export class Typeahead extends LitElement {
  @property() label = "";
  /** The label is heard, not seen. */
  @property({ type: Boolean }) quiet = false;
  @property() placeholder = "";
  @property() value = "";
  @property({ attribute: false }) kinds: readonly string[] = [];
  @property({ type: Number }) first = 10;
  @state() private options: readonly Option[] = [];
  @state() private open = false;
  @state() private at = -1;
  @state() private known: readonly Kind[] = [];
  @state() private problem: AskError | null = null;
  @query("input") private readonly input!: HTMLInputElement;

  protected readonly spoken = new Spoken(this);
  private timer = 0;
  private under: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.under?.abort();
  }

  override focus(): void {
    this.input?.focus();
  }

  override updated(changed: PropertyValues): void {
    if (changed.has("at")) this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  private typed(): void {
    this.value = this.input.value;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.suggest(), PAUSE);
  }

  private async suggest(): Promise<void> {
    this.under?.abort();
    const { signal } = (this.under = new AbortController());
    try {
      this.known = (await vocabulary()).kinds;
      const offered = this.known.filter(({ name }) => !this.kinds.length || this.kinds.includes(name));
      const { text, kind } = readTyped(this.value, offered);
      const prefixes = text ? begun(this.value, offered).map((prefix) => ({ prefix })) : [];
      const found = text ? await this.find(text, kind, signal) : kind ? [] : await this.findRecent(signal);
      if (signal.aborted) return;
      this.options = [...prefixes, ...found.map((suggested) => ({ suggested }))];
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.options = [];
      this.problem = error instanceof AskError ? error : null;
    }
    this.at = -1;
    this.open = true;
  }

  private async find(text: string, kind: Kind | null, signal: AbortSignal): Promise<Suggested[]> {
    // Kinds that a project declares are in its schema, not in the one that types are made from.
    const kinds = (kind ? [kind.name] : this.kinds.length ? this.kinds : null) as SuggestQueryVariables["kinds"];
    const { suggest } = await ask(SuggestDocument, { text, kinds: kinds ?? null, first: this.first }, { signal });
    return (suggest ?? []).map(({ kind: name, caption, node }) => ({ id: node.id, key: node.key, kind: name, caption }));
  }

  private async findRecent(signal: AbortSignal): Promise<Suggested[]> {
    const ids = recent();
    if (!ids.length) return [];
    const { nodes } = await ask(RecentDocument, { ids }, { signal, tab: "" });
    const kindOf = new Map(this.known.map(({ name, type }) => [type, name]));
    return (nodes ?? []).flatMap((node) => {
      const kind = node && kindOf.get(node.__typename ?? "");
      const fits = kind && (!this.kinds.length || this.kinds.includes(kind));
      return node && fits ? [{ id: node.id, key: node.key, caption: node.caption, kind }] : [];
    });
  }

  private take(option: Option): void {
    if ("prefix" in option) {
      this.value = this.input.value = `${prefixOf(option.prefix)} `;
      this.input.focus();
      void this.suggest();
      return;
    }
    this.shut();
    this.value = option.suggested.caption;
    keepRecent(option.suggested.id);
    fire(this, "choose", option.suggested);
  }

  private shut(): void {
    clearTimeout(this.timer);
    this.under?.abort();
    this.open = false;
    this.at = -1;
  }

  private pressed(event: KeyboardEvent): void {
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) void this.suggest();
      else if (event.key === "ArrowDown") this.at = this.at >= last ? 0 : this.at + 1;
      else this.at = this.at <= 0 ? last : this.at - 1;
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = this.options[this.at];
      if (this.open && option) this.take(option);
      else this.submit();
    } else if (event.key === "Escape" && (this.open || this.value)) {
      event.preventDefault();
      event.stopPropagation();
      if (this.open) this.shut();
      else this.value = this.input.value = "";
    }
  }

  private submit(): void {
    const { text, kind } = readTyped(this.value, this.known);
    this.shut();
    if (text) fire(this, "search", { text, kind: kind?.name ?? null });
  }

  private option(option: Option, index: number): TemplateResult {
    const kind = "prefix" in option ? option.prefix.name : option.suggested.kind;
    const label = this.known.find(({ name }) => name === kind)?.label ?? kind;
    return html`<li
      id="option-${index}"
      role="option"
      aria-selected=${index === this.at}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${() => this.take(option)}
    >
      ${sign(kind)}
      ${"prefix" in option
        ? html`<span>${say("only", { what: label, prefix: prefixOf(option.prefix) })}</span>`
        : html`<span class="caption">${option.suggested.caption}</span><span class="kind">${label}</span>`}
    </li>`;
  }

  override render() {
    const { options, open } = this;
    const told = this.problem ? this.problem.message : options.length ? say("results", { n: options.length }) : say("noResults");
    const listed = open && options.length > 0;
    const empty = open && !options.length && (this.value.trim() !== "" || this.problem);
    return html`
      <div class="field">
        <label for="input" class=${this.quiet ? "heard" : nothing}>${this.label}</label>
        <input
          id="input"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          aria-autocomplete="list"
          aria-expanded=${listed}
          aria-controls="list"
          aria-activedescendant=${listed && this.at >= 0 ? `option-${this.at}` : nothing}
          placeholder=${this.placeholder}
          .value=${this.value}
          @input=${this.typed}
          @keydown=${this.pressed}
          @click=${() => !this.open && void this.suggest()}
          @blur=${this.shut}
        />
      </div>
      <div class="list" ?hidden=${!listed && !empty}>
        ${!this.value && listed ? html`<p class="title">${say("recent")}</p>` : nothing}
        <ul id="list" role="listbox" aria-label=${this.label} ?hidden=${!listed}>${options.map((option, index) => this.option(option, index))}</ul>
        ${empty ? html`<p class="title">${told}</p>` : nothing}
      </div>
      <span class="heard" role="status">${open && this.value ? told : ""}</span>
    `;
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: block;
        position: relative;
        min-width: 0;
      }
      input {
        width: 100%;
      }
      .list {
        position: absolute;
        inset: calc(100% + 4px) 0 auto;
        z-index: 12;
        max-height: 22rem;
        overflow-y: auto;
        background: var(--surface);
        border: 1px solid var(--line);
        border-radius: var(--round);
        box-shadow: var(--shadow);
      }
      ul {
        margin: 0;
        padding: 0.25rem;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        padding: 0.4rem 0.5rem;
        border-radius: var(--round);
        cursor: pointer;
      }
      li[aria-selected="true"],
      li:hover {
        background: var(--accent-soft);
      }
      .sign {
        flex: none;
      }
      .caption {
        flex: 1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .kind,
      .title {
        font-size: 0.82rem;
        color: var(--faint);
      }
      li[aria-selected="true"] .kind {
        color: var(--ink);
      }
      .title {
        margin: 0;
        padding: 0.5rem 0.75rem 0;
      }
      .title:last-child {
        padding-bottom: 0.5rem;
      }
    `,
  ];
}
