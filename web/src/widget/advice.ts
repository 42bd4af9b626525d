import type { Action, View } from "./open";

/** Something to do or not to do next, as its name in words.ts with its values. */
export interface Advice {
  say: "tellUnderWay" | "tellPlanned" | "noneYet" | "dontAskAgain" | "dontPromise" | "dontOpenAnew";
  values: Record<string, string | number>;
  /** A day among the values, to be written as people do. */
  day?: string;
}

interface Advised {
  do: Advice[];
  dont: Advice[];
}

const MOST = 3;

/**
 * What follows from the open actions on what a customer hangs on, and from what they have said already. It tells only what
 * is recorded; it decides nothing. today: as 2026-11-27.
 */
export function advise(view: View, today: string): Advised {
  const found: Advised = { do: [], dont: [] };
  for (const { action, addresses } of onePerAction(view.actions)) {
    const values = { action: action.caption, cause: addresses.caption };
    const later = !!action.startsOn && action.startsOn > today;
    found.do.push({ say: later ? "tellPlanned" : "tellUnderWay", values, ...(later ? { day: action.startsOn! } : {}) });
    if (action.newOnly) found.dont.push({ say: "dontPromise", values });
    else if (!later) found.dont.push({ say: "dontOpenAnew", values });
  }
  const repeated = findRepeated(view);
  found.dont.unshift(...repeated.map(({ cause, n, last }): Advice => ({ say: "dontAskAgain", values: { cause, n }, day: last })));
  const troubled = view.rootCauses.length || view.complaints?.nodes.length;
  if (troubled && !view.actions.length && !view.rootCausesPending) found.do.push({ say: "noneYet", values: {} });
  return { do: found.do.slice(0, MOST), dont: found.dont.slice(0, MOST) };
}

function onePerAction(actions: readonly Action[]): Action[] {
  return [...new Map(actions.map((one) => [one.action.id, one] as const).reverse()).values()].reverse();
}

/** The causes that several of the shown complaints state, the most repeated first. */
function findRepeated(view: View): { cause: string; n: number; last: string }[] {
  const told = new Map<string, { cause: string; n: number; last: string }>();
  for (const { filedAt, attributedToCause } of view.complaints?.nodes ?? []) {
    for (const { node } of new Map((attributedToCause?.edges ?? []).map((edge) => [edge.node.id, edge])).values()) {
      const one = told.get(node.id) ?? { cause: node.caption, n: 0, last: filedAt ?? "" };
      told.set(node.id, { ...one, n: one.n + 1 });
    }
  }
  return [...told.values()].filter(({ n }) => n > 1).sort((one, other) => other.n - one.n);
}
