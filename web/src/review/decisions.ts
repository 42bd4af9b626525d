import { AskError } from "../shared/ask";
import { toast } from "../shared/toast";

export type Topic = "causes" | "identities";

/** Something that was decided here, and how it is taken back. */
interface Made {
  topic: Topic;
  item: string;
  undo: () => Promise<unknown>;
}

export interface Decision {
  topic: Topic;
  /** The item of the queue that it settles; empty: it stays there. */
  item: string;
  /** Makes it; returns its number. */
  make: () => Promise<number>;
  undo: (number: number) => Promise<unknown>;
  said: string;
  undone: string;
}

/**
 * What one decides, one after the other: an item is gone from the queue at once, and is back if it could not be
 * decided. Fires `change` when the queue is another one, `decided` (of which topic) when the service knows, and `back` (the
 * item) when one waits again.
 */
export class Decisions extends EventTarget {
  private readonly made: Made[] = [];
  private readonly gone = new Map<string, Topic>();
  private last: Promise<unknown> = Promise.resolve();

  /** Whether an item waits no more. */
  isGone(item: string): boolean {
    return this.gone.has(item);
  }

  /** How many were decided here. */
  done(topic: Topic): number {
    return [...this.gone.values()].filter((one) => one === topic).length;
  }

  get canUndo(): boolean {
    return this.made.length > 0;
  }

  decide({ topic, item, make, undo, said, undone }: Decision): void {
    if (item) this.gone.set(item, topic);
    this.tell("change");
    this.then(async () => {
      try {
        const number = await make();
        const made = { topic, item, undo: () => undo(number) };
        this.made.push(made);
        this.tell("decided", topic);
        toast(said, { undo: () => this.undo(undone) });
      } catch (error) {
        this.gone.delete(item);
        this.tell("change");
        this.goBack({ topic, item });
        this.complain(error);
      }
    });
  }

  /** Takes the last decision back. */
  undo(said: string, nothing = ""): void {
    this.then(async () => {
      const made = this.made.pop();
      if (!made) {
        if (nothing) toast(nothing);
        return;
      }
      try {
        await made.undo();
        this.gone.delete(made.item);
        toast(said);
        this.tell("decided", made.topic);
        this.goBack(made);
      } catch (error) {
        // Signed out in between: it can still be taken back.
        if (error instanceof AskError && ["unauthenticated", "network"].includes(error.code)) this.made.push(made);
        this.complain(error);
      }
    });
  }

  private then(act: () => Promise<void>): void {
    this.last = this.last.then(act);
  }

  private tell(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private goBack({ topic, item }: { topic: Topic; item: string }): void {
    this.tell("back", { topic, item });
  }

  private complain(error: unknown): void {
    if (error instanceof AskError && error.code === "unauthenticated") return; // it is asked for a key already
    toast(error instanceof AskError ? [error.message, error.hint].filter(Boolean).join(": ") : String(error), { kind: "bad" });
  }
}
