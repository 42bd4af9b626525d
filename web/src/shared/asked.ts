/** A question that a tab asked. */
export interface Question {
  name: string;
  query: string;
  variables: Record<string, unknown>;
}

const MOST = 12;
const kept = new Map<string, Question[]>();

/** Fires `change` when a tab has asked something. */
export const questionsChanged = new EventTarget();

/** Remembers what a tab asked, so that the Query tab can show it; the same query again takes the place of the one before. */
export function remember(tab: string, query: string, variables: Record<string, unknown>): void {
  const name = /\b(?:query|mutation|subscription)\s+(\w+)/.exec(query)?.[1] ?? "";
  const before = (kept.get(tab) ?? []).filter((one) => one.name !== name || one.query !== query);
  kept.set(tab, [{ name, query, variables }, ...before].slice(0, MOST));
  questionsChanged.dispatchEvent(new Event("change"));
}

/** What a tab asked, the last first. */
export function questions(tab: string): readonly Question[] {
  return kept.get(tab) ?? [];
}

/** Forgets all: somebody else may be signing in. */
export function forgetQuestions(): void {
  kept.clear();
  questionsChanged.dispatchEvent(new Event("change"));
}
