import type { Series } from "../shared/series";
import { count, decimal } from "../shared/words";

const Z = 1.96;
const PER = 1000;

/** The 95 % interval of a count that is Poisson (Byar's approximation). */
export function intervalOf(n: number): { low: number; high: number } {
  const end = (m: number, sign: number) => m * (1 - 1 / (9 * m) + (sign * Z) / (3 * Math.sqrt(m))) ** 3;
  return { low: n > 0 ? Math.max(0, end(n, -1)) : 0, high: end(n + 1, 1) };
}

/** A rate as it is written: figures that matter, no more. */
export function writeRate(value: number): string {
  return value < 10 && !Number.isInteger(value) ? decimal(value) : count(Math.round(value));
}

interface Figure {
  y: number | null;
  low: number | null;
  high: number | null;
}

/** A count as a rate for 1,000, with its interval; nothing where there is no base, or the count is withheld. */
export function rateOf(count: number | null, base: number): Figure {
  if (count == null || base <= 0) return { y: null, low: null, high: null };
  const { low, high } = intervalOf(count);
  return { y: (PER * count) / base, low: (PER * low) / base, high: (PER * high) / base };
}

export interface Monthly {
  monthly: readonly { month: string; complaints: number }[];
  exposed: number;
}

/** Complaints a month for 1,000 units: of the exposed, and of all others, who are what they are seen against. */
export function ratesByMonth(
  { monthly, exposed }: Monthly,
  all: readonly { label: string; count?: number | null }[],
  units: number,
  names: { those: string; others: string; month: (month: string) => string },
): Series[] {
  const own = new Map(monthly.map(({ month, complaints }) => [month, complaints]));
  const whole = new Map(all.map(({ label, count }) => [label, count ?? null]));
  const months = [...(whole.size ? whole : own).keys()].sort();
  const point = (month: string, count: number | null, base: number) => ({ x: `${month}-15`, label: names.month(month), ...rateOf(count, base) });
  const those = months.map((month) => point(month, own.get(month) ?? 0, exposed));
  const others = months.map((month) => {
    const count = whole.get(month) ?? null;
    return point(month, count == null ? null : Math.max(0, count - (own.get(month) ?? 0)), units - exposed);
  });
  const series: Series[] = [{ name: names.those, points: those }];
  return units > exposed && all.length ? [...series, { name: names.others, points: others, control: true }] : series;
}

interface Periods {
  complaintsBefore: number;
  unitDaysBefore: number;
  complaintsAfter: number;
  unitDaysAfter: number;
}

/** Complaints for 1,000 units in 30 days, before an action and since, of the exposed and of those who were not. */
export function ratesAround(
  { exposed, others }: { exposed: Periods; others: Periods },
  names: { those: string; others: string; before: string; after: string },
): Series[] {
  const points = (of: Periods) => [
    { x: names.before, ...rateOf(of.complaintsBefore, of.unitDaysBefore / 30) },
    { x: names.after, ...rateOf(of.complaintsAfter, of.unitDaysAfter / 30) },
  ];
  return [
    { name: names.those, points: points(exposed) },
    { name: names.others, points: points(others), control: true },
  ];
}
