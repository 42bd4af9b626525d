import { count, day, month } from "../shared/words";
import { type Condition, writeValue } from "./conditions";
import { type Grouping, readGrouped } from "./groupings";

const known = new Map<string, string>();

/** Remembers what the service calls a group, for chips and headings. */
export function remember(by: string, groups: readonly { value?: unknown; label: string }[]): void {
  for (const { value, label } of groups) known.set(`${by}:${writeValue(value) ?? "\u0000"}`, label);
}

/** What a grouping is called. */
export function labelOf(by: string, groupings: readonly Grouping[]): string {
  const { path } = readGrouped(by);
  return groupings.find((one) => one.path === path)?.label ?? path;
}

/** The same within a phrase: "by cause". */
export function labelWithin(by: string, groupings: readonly Grouping[]): string {
  const label = labelOf(by, groupings);
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLocaleLowerCase() + label.slice(1);
}

/** What a group is called, as people read it. */
export function labelOfValue({ by, value }: Condition, none: string): string {
  const { per } = readGrouped(by);
  if (value === null) return none;
  if (per === "MONTH") return month(value);
  if (per) return /^\d{4}-\d{2}-\d{2}/.test(value) ? day(value) : value;
  const label = known.get(`${by}:${value}`);
  if (label) return label;
  const range = /^(-?[\d.]*)\.\.(-?[\d.]*)(.*)$/.exec(value);
  return range ? `${range[1] && count(Number(range[1]))} – ${range[2] && count(Number(range[2]))}${range[3]}` : value;
}

/** What a condition is called: cause: charged twice. */
export function labelOfCondition(condition: Condition, groupings: readonly Grouping[], none: string): string {
  return `${labelOf(condition.by, groupings)}: ${labelOfValue(condition, none)}`;
}
