import type { NodeFilter, RootCauseFilter } from "../shared/types.generated";

/** What is chosen on the page, as the address has it. */
export interface Choice {
  from: string;
  until: string;
  region: readonly string[];
  product: readonly string[];
  cause: readonly string[];
}

export const FACETS = ["region", "product", "cause"] as const;
export type FacetName = (typeof FACETS)[number];

/** What a filter of units is made from: the kind that is exposed, and what the vocabulary says of it. */
export interface UnitKind {
  name: string;
  type: string;
  begins?: string | null;
  ends?: string | null;
  properties: readonly { name: string; field: string; type: string }[];
  relationships: readonly { field: string; name: string; direction: string; kind: string }[];
}

type Conditions = Record<string, unknown>;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readChoice(chosen: URLSearchParams): Choice {
  const day = (name: string) => (DAY.test(chosen.get(name) ?? "") ? (chosen.get(name) as string) : "");
  return {
    from: day("from"),
    until: day("until"),
    region: chosen.getAll("region"),
    product: chosen.getAll("product"),
    cause: chosen.getAll("cause"),
  };
}

/** How many things are chosen; 0: all complaints are looked at. */
export function countChosen({ from, until, region, product, cause }: Choice): number {
  return (from || until ? 1 : 0) + region.length + product.length + cause.length;
}

/** The address of a choice alone, to go behind another path. */
export function writeChoice({ from, until, region, product, cause }: Choice): URLSearchParams {
  const chosen = new URLSearchParams();
  if (from) chosen.set("from", from);
  if (until) chosen.set("until", until);
  for (const value of region) chosen.append("region", value);
  for (const value of product) chosen.append("product", value);
  for (const value of cause) chosen.append("cause", value);
  return chosen;
}

function ofComplaints({ from, until, region, product, cause }: Choice, without?: FacetName): Conditions[] {
  const found: Conditions[] = [];
  if (from) found.push({ filedAt: { gte: `${from}T00:00:00Z` } });
  if (until) found.push({ filedAt: { lte: `${until}T23:59:59.999999Z` } });
  if (region.length && without !== "region") found.push({ filedFromCustomer: { inRegion: { key: { in: region } } } });
  if (product.length && without !== "product") {
    const those = { key: { in: product } };
    found.push({ or: [{ aboutSubscription: { ofProduct: those } }, { aboutProduct: those }] });
  }
  if (cause.length && without !== "cause") found.push({ attributedToCause: { key: { in: cause } } });
  return found;
}

/** The filter of complaints of a choice; that of a facet leaves out what is chosen in it, so that it can be changed. */
export function filterComplaints(choice: Choice, without?: FacetName): NodeFilter | null {
  const and = ofComplaints(choice, without);
  return and.length ? ({ complaint: { and } } as NodeFilter) : null;
}

function ofUnits({ from, until, region, product }: Choice, kind: UnitKind): Conditions[] {
  const found: Conditions[] = [];
  const boundary = (name: string | null | undefined, op: "lte" | "gte", day: string, missing: boolean) => {
    const property = kind.properties.find((one) => one.name === name);
    if (!property || !day) return;
    const value = property.type === "time" ? `${day}T${op === "lte" ? "23:59:59" : "00:00:00"}Z` : day;
    const there = { [property.field]: { [op]: value } };
    found.push(missing ? { or: [there, { [property.field]: { isNull: true } }] } : there);
  };
  boundary(kind.begins, "lte", until, false);
  boundary(kind.ends, "gte", from, true);
  const to = (name: string) => kind.relationships.find((one) => one.kind === name)?.field;
  const lead = (name: string, keys: readonly string[], below?: string) => {
    if (!keys.length) return;
    const those = { key: { in: keys } };
    if (kind.name === name) found.push(those);
    else if (to(name)) found.push({ [to(name) as string]: those });
    else if (below && to("Customer")) found.push({ [to("Customer") as string]: { [below]: those } });
  };
  // Where somebody lives counts, as with their complaints; else where the unit is.
  if (kind.name !== "Customer" && to("Customer")) {
    if (region.length) found.push({ [to("Customer") as string]: { inRegion: { key: { in: region } } } });
  } else lead("Region", region);
  lead("Product", product);
  return found;
}

/**
 * The filter that root causes are looked for with; null for all complaints. The units that are compared are chosen as
 * the complaints are: else those of one region would be held against units of all regions.
 */
export function filterCauses(choice: Choice, kind: UnitKind): RootCauseFilter | null {
  const complaints = ofComplaints(choice);
  if (!complaints.length) return null;
  const units = ofUnits(choice, kind);
  const filter: Conditions = { complaint: { and: complaints } };
  if (units.length) filter[uncapitalise(kind.type)] = { and: units };
  return filter as RootCauseFilter;
}

function uncapitalise(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
