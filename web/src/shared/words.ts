import type { ReactiveController, ReactiveControllerHost } from "lit";
import { keep, readKept } from "./kept";

export const LANGUAGES = ["en", "es", "pt"] as const;
export type Language = (typeof LANGUAGES)[number];
/** Words by name, in every language; `{name}` is a place for a value, and `{n} row|{n} rows` follow the number n. */
export type Words<N extends string = string> = Record<Language, Record<N, string>>;

/** Fires `change` when another language is spoken. */
export const languages = new EventTarget();
let spoken = choose();

function choose(): Language {
  for (const one of [readKept("language"), ...navigator.languages]) {
    const found = LANGUAGES.find((language) => one?.toLowerCase().startsWith(language));
    if (found) return found;
  }
  return "en";
}

export function language(): Language {
  return spoken;
}

/** Speaks another language from now on; everything on the screen follows. */
export function speak(next: Language): void {
  keep("language", next);
  follow(next);
}

/** The same for now: it is not kept, where somebody else has chosen it. */
export function follow(next: Language): void {
  spoken = next;
  document.documentElement.lang = next;
  languages.dispatchEvent(new Event("change"));
}

// It may be chosen in another page of ours, or in the one that has this one in a frame.
addEventListener("storage", (event) => {
  if (event.key === "motivo.language") follow(choose());
});

/** Returns a function that gives words in the present language: `say("found", { n: 3 })`. */
export function sayer<N extends string>(words: Words<N>): (name: N, values?: Record<string, string | number>) => string {
  return (name, values = {}) =>
    choosePlural(words[spoken][name], values["n"]).replace(/\{(\w+)\}/g, (_, key: string) => {
      const value = values[key];
      return typeof value === "number" ? count(value) : (value ?? "");
    });
}

function choosePlural(text: string, n: string | number | undefined): string {
  const [one = "", other] = text.split("|", 2);
  if (other === undefined || typeof n !== "number") return one;
  return format(`plural ${spoken}`, () => new Intl.PluralRules(spoken)).select(n) === "one" ? one : other;
}

// Formats are dear to make, and tables have many figures.
const formats = new Map<string, unknown>();

function format<F>(name: string, make: () => F): F {
  const found = (formats.get(name) as F | undefined) ?? make();
  formats.set(name, found);
  return found;
}

function figures(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return format(spoken + JSON.stringify(options), () => new Intl.NumberFormat(spoken, options));
}

export function count(value: number): string {
  return figures({}).format(value);
}

export function decimal(value: number, digits = 1): string {
  return figures({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

export function percent(value: number): string {
  return figures({ style: "percent", maximumFractionDigits: 0 }).format(value);
}

export function money(amount: string, currency: string): string {
  return figures({ style: "currency", currency, maximumFractionDigits: 0 }).format(Number(amount));
}

function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return format(spoken + JSON.stringify(options), () => new Intl.DateTimeFormat(spoken, options));
}

function readDate(value: string): Date {
  return new Date(value.length === 10 ? `${value}T00:00:00Z` : value);
}

/** A day, of a date or moment: 10 Aug 2026. */
export function day(value: string): string {
  return dates({ dateStyle: "medium", timeZone: "UTC" }).format(readDate(value));
}

/** A month, of a date or of 2026-08: Aug 2026. Short in every language, for axes have little room. */
export function month(value: string): string {
  const name = dates({ month: "short", timeZone: "UTC" }).format(readDate(`${value.slice(0, 7)}-01`));
  return `${name.replace(".", "")} ${value.slice(0, 4)}`;
}

/** A moment, in the reader's time: 10 Aug 2026, 09:30. */
export function moment(value: string): string {
  return dates({ dateStyle: "medium", timeStyle: "short" }).format(new Date(value));
}

/** Several things in a row, as the language joins them: a, b and c. */
export function list(parts: readonly string[]): string {
  return format(`list ${spoken}`, () => new Intl.ListFormat(spoken, { type: "conjunction" })).format(parts);
}

/** Draws an element again when the language changes. */
export class Spoken implements ReactiveController {
  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }
  private readonly follow = () => this.host.requestUpdate();
  hostConnected(): void {
    languages.addEventListener("change", this.follow);
  }
  hostDisconnected(): void {
    languages.removeEventListener("change", this.follow);
  }
}
