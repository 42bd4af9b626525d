import { css, html, nothing, type TemplateResult } from "lit";
import { sign } from "../shared/kinds";
import { count, day, list, sayer } from "../shared/words";
import { words } from "./cause-words";
import { type KindWords, type Path, findStep, labelOf, propertyLabel, readPath } from "./path";

const say = sayer(words);

interface Part {
  path: string;
  op: string;
  value?: unknown;
}

const OPS = {
  "=": "is", in: "oneOf", ">=": "atLeast", "<=": "atMost", ">": "above", "<": "below", between: "between",
  is_null: "unknown", not_null: "known", "!=": "not",
} as const;

/** Writes a value of a pattern as people do. */
export function writeValue(value: unknown): string {
  if (Array.isArray(value)) return list(value.map(writeValue));
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "number") return count(value);
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}(T|$)/.test(value)) return day(value);
  return value == null ? "" : String(value);
}

/** The condition that a part puts: "is at least 8". */
export function writeCondition({ op, value }: Pick<Part, "op" | "value">): { words: string; value: string } {
  const known = OPS[op as keyof typeof OPS];
  return { words: known ? say(known) : op, value: op.endsWith("null") ? "" : writeValue(value) };
}

function way({ unit, steps, property, fold }: Path, kinds: readonly KindWords[]): TemplateResult {
  const kind = (name: string) => html`<span class="kind">${sign(name)} ${labelOf(kinds, name)}</span>`;
  let from = unit;
  const hops = steps.map((step) => {
    const { label } = findStep(kinds, from, step);
    from = step.kind;
    return html` <span class="hop">${label} →</span> ${kind(step.kind)}`;
  });
  return html`${kind(unit)}${hops}${property || fold
    ? html`<span class="hop">:</span> <span class="property">${fold && fold in FOLDS ? say(fold as Fold) : ""} ${property ? propertyLabel(kinds, from, property) : nothing}</span>`
    : nothing}`;
}

const FOLDS = { count: 1, sum: 1, max: 1, min: 1, latest: 1, gap: 1 };
type Fold = keyof typeof FOLDS;

/** Draws a pattern in words: how a unit is joined to what is looked at, and what that has to be. */
export function drawPattern(pattern: readonly Part[], kinds: readonly KindWords[]): TemplateResult {
  return html`<ul class="pattern">
    ${pattern.map((part) => {
      const path = readPath(part.path);
      const { words: condition, value } = writeCondition(part);
      const ways = path.ends.length ? [way({ ...path.ends[0] as Path, fold: "gap" }, kinds), ...path.ends.slice(1).map((one) => html` – ${way(one, kinds)}`)] : way(path, kinds);
      return html`<li>${ways} <span class="hop">${condition}</span> <strong>${value}</strong></li>`;
    })}
  </ul>`;
}

export const patternLook = css`
  .pattern {
    display: grid;
    gap: 0.5rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .pattern li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3rem 0.45rem;
  }
  .kind {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    padding: 0.15rem 0.55rem;
    background: var(--raised);
    border-radius: 999px;
  }
  .hop {
    font-size: 0.85rem;
    color: var(--faint);
  }
`;
