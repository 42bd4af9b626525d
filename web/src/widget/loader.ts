import type { Shown, State, Told } from "./protocol";

// What a CRM loads: the element <motivo-customer>, which shows a customer in a frame of the service. It is a script of
// its own, as small as it can be; what the page in the frame is given goes by messages, so that no address has a token.

const HERE = new URL("widget", (document.currentScript as HTMLScriptElement | null)?.src ?? location.href);
const THEME = ["accent", "ground", "round", "size", "letters"];
const PATIENCE = 15_000;
const SILENT: Record<string, [string, string]> = {
  en: ["Motivo does not answer here.", "Try again"],
  es: ["Motivo no responde aquí.", "Reintentar"],
  pt: ["O Motivo não responde aqui.", "Tentar de novo"],
};

type Renewal = () => string | Promise<string>;

class MotivoCustomer extends HTMLElement {
  static observedAttributes = ["customer", "token", "language", "scheme"];

  /** What is shown. */
  state: State = "loading";

  private readonly root = this.attachShadow({ mode: "open" });
  private frame: HTMLIFrameElement | undefined;
  private ready = false;
  private given: string | undefined;
  private renewal: Renewal | undefined;
  private wanted = false;
  private timer = 0;

  constructor() {
    super();
    // What a page set before this script was there.
    const early = { ...this } as unknown as { token?: string; refresh?: Renewal };
    delete (this as { token?: string }).token;
    delete this.refresh;
    this.given = early.token;
    this.renewal = early.refresh;
  }

  /** Gives a new token when one is needed. */
  get refresh(): Renewal | undefined {
    return this.renewal;
  }

  set refresh(renewal: Renewal | undefined) {
    this.renewal = renewal;
    if (this.wanted) void this.renew();
  }

  get token(): string {
    return this.given ?? this.getAttribute("token") ?? "";
  }

  set token(value: string) {
    this.given = value;
    this.update();
  }

  connectedCallback(): void {
    addEventListener("message", this);
    addEventListener("load", this); // by then, style sheets are there
    this.load();
  }

  disconnectedCallback(): void {
    removeEventListener("message", this);
    removeEventListener("load", this);
    clearTimeout(this.timer);
    this.root.replaceChildren();
    this.ready = false;
  }

  attributeChangedCallback(name: string): void {
    if (name === "token") this.given = undefined;
    this.update();
  }

  /** Tells the frame whom to show and how; to be called when only custom properties have changed. */
  update(): void {
    if (!this.ready) return;
    const style = getComputedStyle(this);
    const read = (name: string) => this.getAttribute(name) ?? "";
    const shown: Shown = {
      motivo: "show",
      customer: read("customer"),
      token: this.token,
      language: this.language,
      scheme: read("scheme"),
      theme: Object.fromEntries(THEME.map((name) => [name, style.getPropertyValue(`--motivo-${name}`).trim()])),
    };
    this.frame?.contentWindow?.postMessage(shown, HERE.origin);
  }

  handleEvent({ type, source, origin, data }: MessageEvent<Told | null>): void {
    if (type === "load") this.update();
    if (!source || source !== this.frame?.contentWindow || origin !== HERE.origin) return;
    if (data?.motivo === "ready") {
      this.ready = true;
      clearTimeout(this.timer);
      this.update();
    } else if (data?.motivo === "height") {
      if (data.height > 0) this.frame.style.height = `${Math.min(data.height, 20_000)}px`;
    } else if (data?.motivo === "refresh") void this.renew();
    else if (data?.motivo === "state") this.tell(data.state);
  }

  private get language(): string {
    return this.getAttribute("language") || (this.closest("[lang]") as HTMLElement | null)?.lang || navigator.language;
  }

  private tell(state: State): void {
    this.state = state;
    this.dispatchEvent(new CustomEvent("motivo-state", { detail: state }));
  }

  private async renew(): Promise<void> {
    const from = this.getAttribute("token-url");
    this.wanted = !this.renewal;
    this.dispatchEvent(new CustomEvent("motivo-refresh"));
    try {
      if (this.renewal) this.token = await this.renewal();
      else if (from) {
        const answer = await fetch(from, { cache: "no-store" });
        if (answer.ok) this.token = (await answer.text()).trim();
      }
    } catch (error) {
      console.warn("motivo-customer", error);
    }
  }

  private load(): void {
    const frame = document.createElement("iframe");
    frame.title = this.title || "Motivo";
    frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
    frame.referrerPolicy = "no-referrer";
    frame.style.cssText = "display:block;width:100%;height:12rem;border:0";
    frame.src = HERE.href;
    this.frame = frame;
    this.root.replaceChildren(frame);
    this.timer = window.setTimeout(() => this.giveUp(), PATIENCE);
  }

  private giveUp(): void {
    const [said, again] = SILENT[this.language.slice(0, 2)] ?? SILENT["en"]!;
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    const button = document.createElement("button");
    button.textContent = again;
    button.onclick = () => this.load();
    note.append(said, " ", button);
    this.root.replaceChildren(note);
    this.tell("unreachable");
  }
}

if (!customElements.get("motivo-customer")) customElements.define("motivo-customer", MotivoCustomer);
