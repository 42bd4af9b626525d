/** Where words are in a text, in characters as the service counts them: each letter one, an emoji too. */
export interface Span {
  start: number;
  end: number;
}

/** Cuts a text at spans; overlapping ones are joined. */
export function cut(text: string, spans: readonly Span[]): { words: string; marked: boolean }[] {
  const letters = [...text];
  const parts: { words: string; marked: boolean }[] = [];
  let at = 0;
  const add = (to: number, marked: boolean) => {
    if (to <= at) return;
    const words = letters.slice(at, to).join("");
    const last = parts.at(-1);
    if (last?.marked === marked) last.words += words;
    else parts.push({ words, marked });
    at = to;
  };
  for (const { start, end } of [...spans].sort((one, other) => one.start - other.start)) {
    add(Math.min(start, letters.length), false);
    add(Math.min(end, letters.length), true);
  }
  add(letters.length, false);
  return parts;
}

/** Finds the words of a quote in the text that it is from; null if they are not there. */
export function find(text: string, quote: string): Span | null {
  const at = quote ? text.indexOf(quote) : -1;
  if (at < 0) return null;
  const start = [...text.slice(0, at)].length;
  return { start, end: start + [...quote].length };
}
