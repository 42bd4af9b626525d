import { AskError, ask } from "../shared/ask";
import { ExposedToCausesDocument, type ExposedToCausesQuery, MoreExposedDocument } from "./found.generated";
import { idOf } from "./facts";
import { type Picture, otherEnd } from "./picture";

/** As many as there are hues that are told apart at a glance. */
const MOST = 8;
const TRIES = 10;
const PAUSE = 1500; // ms
type Finding = ExposedToCausesQuery["rootCauses"]["nodes"][number];

/** The root causes, ranked, and which of them touches whom. */
export interface Causes {
  titles: readonly string[];
  /** Of customers that are exposed, and of what the causes are patterns of: the rank of the first cause. */
  touched: ReadonlyMap<string, number>;
}

/** Asks whom the first root causes touch. */
export async function askCauses(tab: string): Promise<Causes> {
  const { rootCauses } = await askPatiently(tab);
  const touched = new Map<string, number>();
  const add = (id: string, rank: number) => touched.has(id) || touched.set(id, rank);
  for (const [rank, cause] of rootCauses.nodes.entries()) {
    for (const id of patternIds(cause.pattern)) add(id, rank);
    let { nodes, pageInfo } = cause.exposedCustomers;
    for (;;) {
      for (const { id } of nodes) add(id, rank);
      if (!pageInfo.hasNextPage) break;
      const more = await ask(MoreExposedDocument, { id: cause.id, after: pageInfo.endCursor ?? null }, { tab: "" });
      if (!more.rootCause) break;
      ({ nodes, pageInfo } = more.rootCause.exposedCustomers);
    }
  }
  return { titles: rootCauses.nodes.map(({ title }) => title), touched };
}

/** After an ingest they are looked for anew, which takes longer than a question may: they are asked for again until then. */
async function askPatiently(tab: string): Promise<ExposedToCausesQuery> {
  for (let left = TRIES; ; left--) {
    try {
      return await ask(ExposedToCausesDocument, { first: MOST }, { tab });
    } catch (error) {
      if (!(error instanceof AskError && error.code === "overtime") || !left) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

/** The nodes that a pattern names: of `Subscription-SERVED_BY->Tower = T41-1` that tower. */
export function patternIds(pattern: Finding["pattern"]): string[] {
  return pattern.flatMap(({ path, op, value }) => {
    const kind = /[->](\w+)$/.exec(path)?.[1];
    if (!kind || !["=", "in"].includes(op)) return [];
    return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string").map((one) => idOf(kind, one as string));
  });
}

/**
 * The root cause of each that is drawn: its own, or that of a customer or thing beside it; what many share has none by
 * its neighbours, and a group has what most of its members have.
 */
export function causeOf(drawn: string, picture: Picture, { touched }: Causes, shared: (kind: string) => boolean): number | undefined {
  const own = touched.get(drawn);
  const node = picture.nodes.get(drawn);
  if (own !== undefined || !node) return own;
  const ranks = new Map<number, number>();
  const add = (id: string) => {
    const rank = touched.get(id);
    if (rank !== undefined) ranks.set(rank, (ranks.get(rank) ?? 0) + 1);
  };
  for (const id of node.members) add(id);
  if (!node.members.length && !shared(node.kind)) for (const line of picture.around.get(drawn) ?? []) add(otherEnd(line, drawn));
  return [...ranks].sort(([a, many], [b, other]) => other - many || a - b)[0]?.[0];
}
