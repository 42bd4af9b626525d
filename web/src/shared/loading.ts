import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from "lit";
import { AskError, type Asked, ask } from "./ask";
import "./error";
import { session, sessionState } from "./session";
import "./skeleton";
import { language, languages } from "./words";

type Variables = Record<string, unknown>;

/**
 * What an element shows of the service: `new Loading(this, CausesDocument, () => ({ first: 20 }))`.
 *
 * It is asked for when the variables change (null: not yet), in another language when that is changed, and again when
 * somebody signs in. What was there stays until the new answer is, and stays where the new one fails for want of a
 * sign-in. Of several questions under way, the last one counts. A document that is written as one goes is given as a
 * function.
 */
export class Loading<T, V extends Variables> implements ReactiveController {
  data: T | undefined;
  error: unknown = null;
  loading = false;
  /** Coordinates (`Customer.email`) of what is hidden from whoever asked. */
  masked: readonly string[] = [];

  private asked = "";
  private under: AbortController | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly document: Asked<T, V> | (() => Asked<T, V>),
    private readonly variables: () => V | null,
    private readonly options: { onData?: (data: T) => void; tab?: string } = {},
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    session.addEventListener("change", this.signed);
    languages.addEventListener("change", this.follow);
  }

  hostDisconnected(): void {
    session.removeEventListener("change", this.signed);
    languages.removeEventListener("change", this.follow);
    this.under?.abort();
    if (this.loading) this.asked = "";
    this.loading = false;
  }

  /** Asks, if what is to be asked has changed. */
  hostUpdate(): void {
    const variables = this.variables();
    if (!variables) return;
    const document = typeof this.document === "function" ? this.document() : this.document;
    const question = JSON.stringify([language(), String(document), variables]);
    if (question === this.asked) return;
    this.asked = question;
    void this.ask(document, variables);
  }

  /** Asks again: after an error, or when something was changed. */
  reload(): void {
    this.asked = "";
    this.host.requestUpdate();
  }

  /** Puts other data in place of what was answered, as after a change that is known to have been made. */
  replace(data: T): void {
    this.data = data;
    this.host.requestUpdate();
  }

  private readonly follow = () => this.host.requestUpdate();
  private readonly signed = () => {
    if (sessionState() === "in") this.reload();
    else this.host.requestUpdate();
  };

  private async ask(document: Asked<T, V>, variables: V): Promise<void> {
    this.under?.abort();
    const mine = (this.under = new AbortController());
    this.loading = true;
    let masked: readonly string[] = [];
    try {
      const { tab } = this.options;
      const data = await ask(document, variables, {
        signal: mine.signal,
        onMasked: (coordinates) => (masked = coordinates),
        ...(tab ? { tab } : {}),
      });
      if (mine.signal.aborted) return;
      this.data = data;
      this.error = null;
      this.masked = masked;
      this.options.onData?.(data);
    } catch (error) {
      if (mine.signal.aborted) return;
      this.error = error;
    }
    this.loading = false;
    this.host.requestUpdate();
  }

  /** Whether it waits for somebody to sign in. */
  get waiting(): boolean {
    return this.error instanceof AskError && this.error.code === "unauthenticated";
  }

  /** Draws what there is: the answer, or its skeleton while there is none, or what went wrong with a button to try again. */
  show(draw: (data: T) => unknown, skeleton: TemplateResult = html`<m-skeleton></m-skeleton>`): unknown {
    const failed = this.error && !this.waiting ? html`<m-error .error=${this.error} @retry=${() => this.reload()}></m-error>` : nothing;
    if (this.data === undefined) return failed === nothing ? skeleton : failed;
    return html`${failed}${draw(this.data)}`;
  }
}
