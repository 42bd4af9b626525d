const AROUND = 90; // letters before and behind

/** Cuts a text to what is around a quote, at words; all of it where it is short, none where the quote is not in it. */
export function excerpt(text: string, quote: string): string {
  const at = quote ? text.indexOf(quote) : -1;
  if (at < 0) return "";
  const end = at + quote.length;
  const from = at <= AROUND ? 0 : text.indexOf(" ", at - AROUND) + 1;
  const last = text.length - end <= AROUND ? text.length : text.lastIndexOf(" ", end + AROUND);
  const begin = from > at || from < 1 ? (at <= AROUND ? 0 : at) : from;
  const stop = last < end ? end : last;
  return `${begin > 0 ? "… " : ""}${text.slice(begin, stop)}${stop < text.length ? " …" : ""}`;
}
