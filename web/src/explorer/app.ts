import { LitElement, html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { html as staticHtml, unsafeStatic } from "lit/static-html.js";
import { ask } from "../shared/ask";
import { forgetQuestions } from "../shared/asked";
import { Keys } from "../shared/keys";
import { base, buttons } from "../shared/look";
import { MeDocument, type MeQuery } from "../shared/me.generated";
import { address, go, place, places } from "../shared/place";
import { forgetRecent } from "../shared/recent";
import { session, sessionState, signOut } from "../shared/session";
import "../shared/toast";
import { Spoken, sayer } from "../shared/words";
import { appLook } from "./app-look";
import "./help";
import "./login";
import "./menu";
import { type Tab, isTab, words as tabWords } from "./tab-words";
import { TABS } from "./tabs";
import { words } from "./words";

const say = sayer(words);
const sayTab = sayer(tabWords);
const NAMES = Object.keys(TABS) as Tab[];

/** The explorer: its tabs, who is signed in, help. A tab once opened keeps its state, its place and how far it was scrolled. */
@customElement("m-app")
export class App extends LitElement {
  @state() private tab: Tab = "causes";
  @state() private opened: readonly Tab[] = [];
  @state() private failed = false;
  @state() private me: MeQuery["me"] | null = null;
  @state() private helping = false;
  /** Somebody whose sign-in has ended looks at what is left before they sign in again. */
  @state() private later = false;

  protected readonly spoken = new Spoken(this);
  protected readonly keys = new Keys(this, () => [
    { key: "?", does: say("showHelp"), run: () => (this.helping = true) },
    { key: "/", does: say("findSomething"), run: () => go({ tab: "search" }) },
    ...NAMES.map((name, index) => ({ key: String(index + 1), does: say("goTo", { tab: sayTab(name) }), run: () => this.goTo(name) })),
  ]);
  /** Where each tab was left. */
  private readonly left = new Map<Tab, { address: string; scroll: number }>();

  private readonly move = () => void this.open();
  private readonly signed = () => {
    this.later = false;
    if (sessionState() === "in") void this.meet();
    this.requestUpdate();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    places.addEventListener("change", this.move);
    session.addEventListener("change", this.signed);
    void this.meet();
    this.move();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    places.removeEventListener("change", this.move);
    session.removeEventListener("change", this.signed);
  }

  override updated(): void {
    this.renderRoot.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private async meet(): Promise<void> {
    try {
      const { me } = await ask(MeDocument, {}, { tab: "" });
      const before = this.me;
      this.me = me;
      // What is on the screen was for the eyes of somebody else.
      if (before && (before.name !== me.name || before.role !== me.role)) this.startAnew();
    } catch {
      // Who it was is remembered: they may sign in again. That the service does not answer, each tab says.
    }
  }

  private startAnew(): void {
    this.opened = [];
    this.left.clear();
    forgetQuestions();
    forgetRecent();
    void this.updateComplete.then(() => this.open());
  }

  private leave(): void {
    signOut("out");
    this.me = null;
    this.opened = [];
    this.left.clear();
    forgetQuestions();
    forgetRecent();
    go({ tab: "causes", path: [], chosen: new URLSearchParams() });
  }

  private async open(): Promise<void> {
    const { tab } = place();
    const next: Tab = isTab(tab) ? tab : "causes";
    const moved = next !== this.tab;
    if (moved) this.left.set(this.tab, { address: this.left.get(this.tab)?.address ?? `#${this.tab}`, scroll: scrollY });
    this.left.set(next, { address: address(place()), scroll: this.left.get(next)?.scroll ?? 0 });
    this.tab = next;
    document.title = `${sayTab(next)} · Motivo`;
    try {
      await TABS[next].load();
      this.failed = false;
      if (!this.opened.includes(next)) this.opened = [...this.opened, next];
    } catch {
      this.failed = true;
    }
    this.requestUpdate();
    await this.updateComplete;
    if (moved && this.tab === next) scrollTo(0, this.left.get(next)?.scroll ?? 0);
  }

  /** Leads to a tab as it was left; from the tab itself, to its beginning. */
  private linkOf(name: Tab): string {
    if (name === this.tab) return `#${name}`;
    return name === "query" ? `#query?of=${this.tab}` : (this.left.get(name)?.address ?? `#${name}`);
  }

  private goTo(name: Tab): void {
    location.hash = this.linkOf(name);
  }

  private header() {
    return html`<header>
      <button class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>("#main")?.focus()}>${say("skip")}</button>
      <a class="brand" href="#causes">Motivo</a>
      <nav aria-label=${say("tabs")}>
        ${NAMES.map(
          (name) => html`<a href=${this.linkOf(name)} aria-current=${name === this.tab ? "page" : nothing}>${sayTab(name)}</a>`,
        )}
      </nav>
      <div class="corner">
        ${this.tab === "query" || !this.opened.length
          ? nothing
          : html`<a class="behind" href="#query?of=${this.tab}" title=${say("behind")}>
              <span aria-hidden="true">{}</span><span class="heard">${say("behind")}</span>
            </a>`}
        <button class="plain behind" aria-label=${say("keys")} title=${say("keys")} @click=${() => (this.helping = true)}>?</button>
        <m-menu .me=${this.me} @sign-in=${() => (this.later = false)} @sign-out=${this.leave}></m-menu>
      </div>
    </header>`;
  }

  override render() {
    const out = sessionState() === "out" || sessionState() === "expired";
    return html`
      ${this.header()}
      <main id="main" tabindex="-1">
        <h1 class="heard">${sayTab(this.tab)}</h1>
        ${this.failed
          ? html`<p class="failed" role="alert">${say("unloaded")} <button @click=${this.move}>${say("retry")}</button></p>`
          : nothing}
        ${this.opened.map((name) => {
          const element = unsafeStatic(TABS[name].element);
          return staticHtml`<${element} ?hidden=${name !== this.tab}></${element}>`;
        })}
      </main>
      ${out && !this.later
        ? html`<m-login ?expired=${sessionState() === "expired" && this.me !== null} @later=${() => (this.later = true)}></m-login>`
        : nothing}
      <m-help ?open=${this.helping} @close=${() => (this.helping = false)}></m-help>
      <m-toast></m-toast>
    `;
  }

  static override styles = [base, buttons, appLook];
}
