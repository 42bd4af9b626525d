import { html, nothing, type TemplateResult } from "lit";
import { choose } from "../shared/place";
import { day, sayer } from "../shared/words";
import { writeCondition } from "./conditions";
import { labelOfCondition } from "./labels";
import type { View } from "./view";
import { words } from "./words";

const say = sayer(words);
const GONE = { behind: null, after: null, before: null };

function drawChip(label: string, remove: () => void): TemplateResult {
  return html`<li class="chip accent">
    ${label}<button class="plain" aria-label=${say("removeFilter", { what: label })} @click=${remove}>✕</button>
  </li>`;
}

/** The filters that hold, each with a button that takes it away. */
export function drawChips(view: View): TemplateResult | typeof nothing {
  const { where, since, until } = view.question;
  if (!where.length && !since && !until) return nothing;
  const days =
    since && until
      ? say("days", { from: day(since), until: day(until) })
      : since
        ? `${say("from")} ${day(since)}`
        : until
          ? `${say("until")} ${day(until)}`
          : "";
  return html`<ul class="chips" aria-label=${say("filters")}>
    ${days ? drawChip(days, () => choose({ since: null, until: null, ...GONE })) : nothing}
    ${where.map((one, index) =>
      drawChip(labelOfCondition(one, view.groupings, say("none")), () =>
        choose({ where: where.filter((_, place) => place !== index).map(writeCondition), ...GONE }),
      ),
    )}
    <li><button class="plain" @click=${() => choose({ where: null, since: null, until: null, ...GONE })}>${say("clearAll")}</button></li>
  </ul>`;
}
