import type { Kind } from "./vocabulary";

/** What somebody typed to find something: words, and of which kind alone. */
export interface Typed {
  text: string;
  kind: Kind | null;
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** What is written before the words to find one kind alone, in the present language: `complaint:`. */
export function prefixOf({ label }: Kind): string {
  return `${label.toLocaleLowerCase()}:`;
}

/** Reads `complaint: no signal`: a kind by its name or what people call it, or the beginning of one of these. */
export function readTyped(typed: string, kinds: readonly Kind[]): Typed {
  const [, before, after] = /^\s*([^:]{2,}):(.*)$/s.exec(typed) ?? [];
  if (before === undefined || after === undefined) return { text: typed.trim(), kind: null };
  const wanted = plain(before.trim());
  const found =
    kinds.find(({ name, label }) => plain(label) === wanted || plain(name) === wanted) ??
    kinds.find(({ name, label }) => plain(label).startsWith(wanted) || plain(name).startsWith(wanted));
  return found ? { text: after.trim(), kind: found } : { text: typed.trim(), kind: null };
}

/** The kinds whose prefix somebody has begun to type. */
export function begun(typed: string, kinds: readonly Kind[]): Kind[] {
  const wanted = plain(typed.trim());
  if (wanted.length < 2 || typed.includes(":")) return [];
  return kinds.filter(({ name, label }) => plain(label).startsWith(wanted) || plain(name).startsWith(wanted));
}
