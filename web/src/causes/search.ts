import type { ReactiveController, ReactiveControllerHost } from "lit";
import { AskError, ask } from "../shared/ask";
import { follow } from "../shared/follow";
import { session, sessionState } from "../shared/session";
import type { RootCauseFilter } from "../shared/types.generated";
import { CancelSearchDocument, CauseSearchDocument, SearchCausesDocument, type JobStateFragment } from "./search.generated";

const SECONDS = 300;
const SETTLED = 500; // ms after a filter was changed into another: more changes may follow

export type SearchState = "idle" | "looking" | "found" | "stopped" | "failed";
export const STAGES = 5;

/** How far a search is, by what it says that it does. */
export function readProgress(messages: readonly string[]): { stage: number; patterns: number } {
  let stage = 0;
  let patterns = 0;
  for (const message of messages) {
    const pattern = /^pattern (\d+) found/.exec(message);
    if (pattern) patterns = Number(pattern[1]);
    const reached = /^(building|looking at)/.test(message) ? 1
      : /^searching|literals/.test(message) ? 2
      : /conjunctions|^pattern/.test(message) ? 3
      : /^(gathering|finding)/.test(message) ? 4
      : 0;
    stage = Math.max(stage, reached);
  }
  return { stage, patterns };
}

/**
 * Has the service look for root causes with a filter, as a job that tells how far it is and can be stopped. What it finds
 * the service keeps: whoever is "found" asks for it. Another filter ends the search for the one before.
 */
export class Search implements ReactiveController {
  state: SearchState = "idle";
  error: unknown = null;
  messages: readonly string[] = [];
  /** Called with whatever happens to it. */
  readonly listeners = new Set<() => void>();

  private wanted = "";
  private job = "";
  private under: AbortController | null = null;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly filter: () => RootCauseFilter | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    session.addEventListener("change", this.signed);
  }

  hostDisconnected(): void {
    session.removeEventListener("change", this.signed);
    this.end();
    this.wanted = "";
  }

  hostUpdate(): void {
    const filter = this.filter();
    const wanted = filter ? JSON.stringify(filter) : "";
    if (wanted === this.wanted) return;
    const first = this.wanted === "";
    this.wanted = wanted;
    this.end();
    if (filter) void this.begin(filter, first ? 0 : SETTLED);
    else this.state = "idle";
  }

  /** Ends the search; nothing is found. */
  stop(): void {
    this.end();
    this.set("stopped");
  }

  /** Looks again: after it was stopped, or has failed. */
  again(): void {
    this.end();
    const filter = this.filter();
    if (filter) void this.begin(filter, 0);
  }

  private readonly signed = () => {
    if (sessionState() === "in" && this.state === "failed") this.again();
  };

  private end(): void {
    this.under?.abort();
    this.under = null;
    if (this.job) this.cancel(this.job);
    this.job = "";
  }

  /** That a search goes on for nobody, if this fails, is of no concern to who has gone on. */
  private cancel(id: string): void {
    void ask(CancelSearchDocument, { id }, { tab: "" }).catch(() => undefined);
  }

  private set(state: SearchState): void {
    this.state = state;
    this.tell();
  }

  private tell(): void {
    this.host.requestUpdate();
    for (const hear of this.listeners) hear();
  }

  private async begin(filter: RootCauseFilter, wait: number): Promise<void> {
    const mine = (this.under = new AbortController());
    this.error = null;
    this.messages = [];
    this.set("looking");
    await new Promise((resolve) => setTimeout(resolve, wait));
    if (mine.signal.aborted) return;
    try {
      const { startRootCauseSearch: job } = await ask(SearchCausesDocument, { filter, seconds: SECONDS });
      if (mine.signal.aborted) return this.cancel(job.id);
      this.job = job.id;
      if (this.hear(job)) return;
      for await (const { jobProgress } of follow(CauseSearchDocument, { id: job.id }, mine.signal)) if (this.hear(jobProgress)) return;
      if (!mine.signal.aborted) throw new AskError("", "network");
    } catch (error) {
      if (mine.signal.aborted) return;
      // Who may not begin searches may ask for what one would find; they wait without being told how far it is.
      if (error instanceof AskError && error.code === "refused") return this.set("found");
      this.error = error;
      this.set("failed");
    }
  }

  /** Takes in how far it is; returns whether it is over. */
  private hear({ state, messages, error }: JobStateFragment): boolean {
    this.messages = messages;
    this.tell();
    if (state === "QUEUED" || state === "RUNNING") return false;
    this.job = "";
    if (error) this.error = new AskError(error.message, error.code, error.hint ?? "");
    this.set(state === "DONE" ? "found" : state === "CANCELLED" ? "stopped" : "failed");
    return true;
  }
}
