import type { ReactiveController, ReactiveControllerHost } from "lit";
import { AskError } from "../shared/ask";

interface Asking {
  error: unknown;
  loading: boolean;
  reload(): void;
}

const AGAIN = 1500; // ms

/** Whether the service is still looking for what was asked, and keeps at it: it may be asked for again. */
export function goesOn(error: unknown): boolean {
  return error instanceof AskError && error.code === "overtime";
}

/** Asks again for what the service is still looking for, and after a while for what it is finding anew. */
export class Patience implements ReactiveController {
  private readonly timers = new Map<Asking, number>();

  constructor(
    host: ReactiveControllerHost,
    private readonly asking: readonly Asking[],
    private readonly stale: () => Asking | null = () => null,
    private readonly rest = 30_000,
  ) {
    host.addController(this);
  }

  hostUpdated(): void {
    for (const one of this.asking) if (goesOn(one.error) && !one.loading) this.reload(one, AGAIN);
    const stale = this.stale();
    if (stale && !stale.loading) this.reload(stale, this.rest);
  }

  hostDisconnected(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private reload(one: Asking, wait: number): void {
    if (this.timers.has(one)) return;
    const again = () => {
      this.timers.delete(one);
      one.reload();
    };
    this.timers.set(one, window.setTimeout(again, wait));
  }
}
