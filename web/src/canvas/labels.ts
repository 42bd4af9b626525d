import { type Kind, vocabulary } from "../shared/vocabulary";
import type { NodeLook } from "./drawing";
import { type Palette, kindColour } from "./palette";
import { type Drawn, GROUP } from "./picture";
import { sayer } from "../shared/words";
import { words } from "./words";

const say = sayer(words);
const LONGEST = 36;

/** What things are called, in the present language. */
export class Names {
  kinds: readonly Kind[] = [];

  async load(): Promise<void> {
    this.kinds = (await vocabulary()).kinds;
  }

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
