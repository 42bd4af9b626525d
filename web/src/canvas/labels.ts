import type { ReactiveController, ReactiveControllerHost } from "lit";
import { session } from "../shared/session";
import { type Kind, vocabulary } from "../shared/vocabulary";
import type { NodeLook } from "./drawing";
import { type Palette, kindColour } from "./palette";
import { type Drawn, GROUP } from "./picture";
import { languages, sayer } from "../shared/words";
import { words } from "./words";

const say = sayer(words);
const LONGEST = 36;

/** What things are called, in the present language; the element is drawn again when that is known. */
export class Names implements ReactiveController {
  kinds: readonly Kind[] = [];

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    languages.addEventListener("change", this.load);
    session.addEventListener("change", this.load);
    this.load();
  }

  hostDisconnected(): void {
    languages.removeEventListener("change", this.load);
    session.removeEventListener("change", this.load);
  }

  private readonly load = () => {
    // Where it fails, what is asked for with it fails too, and says so.
    vocabulary().then(
      ({ kinds }) => {
        this.kinds = kinds;
        this.host.requestUpdate();
      },
      () => undefined,
    );
  };

  kind(name: string): string {
    return this.kinds.find((one) => one.name === name)?.label ?? name;
  }

  /** The name of a node, or of a group by its kind, value and size. */
  of(drawn: Drawn): string {
    if (!drawn.id.startsWith(GROUP)) return drawn.caption;
    const what = drawn.id.includes("=") ? drawn.caption || say("noValue") : this.kind(drawn.kind);
    return say("groupOf", { what, n: drawn.members.length });
  }

  short(drawn: Drawn): string {
    const name = this.of(drawn);
    return name.length > LONGEST ? `${name.slice(0, LONGEST - 1).trimEnd()}…` : name;
  }

  /** Whether what is of a kind is shared by many. */
  readonly shared = (kind: string): boolean => this.kinds.find(({ name }) => name === kind)?.shared ?? false;

  look(drawn: Drawn, palette: Palette, colour?: string): NodeLook {
    return { label: this.short(drawn), kind: drawn.kind, colour: colour ?? kindColour(drawn.kind, palette), members: drawn.members.length };
  }
}
