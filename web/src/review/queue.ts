/** How far one has come: what is decided of all that waited when one began or came since. */
export interface Progress {
  done: number;
  all: number;
}

export function progressOf(left: number, done: number): Progress {
  return { done, all: left + done };
}

/** The place of an item in a queue; the first, where it is not there (any more). */
export function placeOf(ids: readonly string[], id: string): number {
  return Math.max(0, ids.indexOf(id));
}

/** The item that one step leads to; the ends are ends. */
export function stepFrom(ids: readonly string[], id: string, by: number): string {
  const place = Math.min(Math.max(placeOf(ids, id) + by, 0), ids.length - 1);
  return ids[place] ?? "";
}

/** The item to go on with when one is decided: the next, else the one before; empty: none is left. */
export function after(ids: readonly string[], id: string): string {
  const place = ids.indexOf(id);
  const left = ids.filter((one) => one !== id);
  return left[Math.min(Math.max(place, 0), left.length - 1)] ?? "";
}

export interface Stated {
  quote?: string | null;
  startsAt?: unknown;
  node: { key: string };
}

/** Which of a complaint's statements has these words, from 1, as a correction names it; null where it states one only. */
export function numberOf(stated: readonly Stated[], quote: string): number | null {
  if (stated.length < 2) return null;
  const ordered = [...stated].sort((one, other) => Number(one.startsAt ?? 0) - Number(other.startsAt ?? 0));
  const exact = ordered.findIndex((one) => one.quote === quote && one.node.key === "unknown");
  const alike = ordered.findIndex((one) => one.quote === quote);
  const unknown = ordered.findIndex((one) => one.node.key === "unknown");
  const place = [exact, alike, unknown].find((one) => one >= 0) ?? 0;
  return place + 1;
}

export type Likeness = "agrees" | "differs" | "missing" | "none";

const fold = (value: string) => value.normalize("NFC").replace(/\s+/g, " ").trim().toLocaleLowerCase();

/**
 * How what is known of several customers is to each other, each with the values that its records have: they agree
 * where all have one in common, and differ where two have none. A case of letters or a space more is no other value.
 */
export function compare(customers: readonly (readonly (string | null)[])[]): Likeness {
  const known = customers.map((values) => new Set(values.flatMap((value) => (value ? [fold(value)] : []))));
  const some = known.filter((values) => values.size > 0);
  if (!some.length) return "none";
  if (some.length < 2) return "missing";
  const apart = some.some((one, index) => some.slice(index + 1).some((other) => ![...one].some((value) => other.has(value))));
  if (apart) return "differs";
  return some.length < known.length ? "missing" : "agrees";
}
