import { html, nothing, type TemplateResult } from "lit";
import "../shared/chart";
import type { Mark, Series } from "../shared/series";
import "../shared/quote";
import { day, decimal, percent, sayer } from "../shared/words";
import type { Cause, Kinds } from "./cause";
import { words } from "./cause-words";
import { labelOf } from "./path";
import { drawPattern, writeCondition } from "./pattern";
import { writeRate } from "./rates";
import { words as listWords } from "./words";

const say = sayer(words);
const sayList = sayer(listWords);

interface Shown {
  cause: Cause;
  series: readonly Series[];
  marks: readonly Mark[];
  kinds: Kinds;
  /** Coordinates of what is hidden from who looks. */
  masked: readonly string[];
}

function dose({ dose: ranges }: Cause): TemplateResult | typeof nothing {
  if (ranges.length < 2) return nothing;
  const points = ranges.map((range) => {
    const { words: condition, value } = writeCondition(range);
    return { x: `${condition} ${value}`.trim(), y: range.rate };
  });
  return html`<section class="panel">
    <m-chart kind="bars" caption=${say("dose")} axis=${say("doseAxis")} .series=${[{ name: say("rate"), points }]} .format=${(value: number) => decimal(value, 2)}></m-chart>
  </section>`;
}

function stated({ stated: causes }: Cause): TemplateResult | typeof nothing {
  if (!causes.length) return nothing;
  const series = [
    { name: say("here"), points: causes.map(({ name, share }) => ({ x: name, y: share })) },
    { name: say("elsewhere"), points: causes.map(({ name, shareElsewhere }) => ({ x: name, y: shareElsewhere })), control: true },
  ];
  return html`<section class="panel">
    <m-chart kind="bars" caption=${say("stated")} axis=${say("stated")} .series=${series} .format=${percent}></m-chart>
  </section>`;
}

function quotes({ evidence }: Cause, masked: readonly string[]): TemplateResult {
  const told = evidence.filter(({ quote }) => quote);
  return html`<section class="panel">
    <h3>${say("said")}</h3>
    ${masked.includes("Quote.quote")
      ? html`<p class="hint">${sayList("hiddenQuotes")}</p>`
      : told.length
        ? html`<p class="hint">${say("saidHint")}</p>`
        : html`<p class="hint">${sayList("noQuotes")}</p>`}
    ${told.map(({ quote, cause, complaint }) => {
      const filed = complaint.filedAt ? day(complaint.filedAt) : "";
      return html`<m-quote text=${complaint.text ?? ""} quote=${quote ?? ""} speech=${complaint.language ?? ""}>${[filed, cause?.caption].filter(Boolean).join(" · ")}</m-quote>`;
    })}
  </section>`;
}

function origins({ causesOfCauses }: Cause): TemplateResult | typeof nothing {
  if (!causesOfCauses.length) return nothing;
  return html`<section class="panel">
    <h3>${say("comesFrom")}</h3>
    <p class="hint">${say("comesFromHint")}</p>
    <ul class="origins">
      ${causesOfCauses.map(({ cause, causedBy }) => html`<li><span class="chip">${cause.caption}</span> <span class="hop">${say("because")}</span> <span class="chip accent">${causedBy.caption}</span></li>`)}
    </ul>
  </section>`;
}

/** What a root cause is, and what speaks for it. */
export function drawOverview({ cause, series, marks, kinds, masked }: Shown): TemplateResult {
  return html`<div class="overview">
    <div>
      <section class="panel">
        <m-chart
          caption=${say("trend")}
          axis=${say("month")}
          .series=${series}
          .marks=${marks}
          .format=${writeRate}
          file="${cause.id}-months.csv"
        ></m-chart>
        <p class="hint">${say("trendHint", { unit: labelOf(kinds, cause.unit) })}</p>
      </section>
      <section class="panel">
        <h3>${say("shared")}</h3>
        ${drawPattern(cause.pattern, kinds)}
        ${cause.aliases.length
          ? html`<details><summary>${say("aliases")}</summary>${cause.aliases.map((alias) => drawPattern(alias, kinds))}</details>`
          : nothing}
      </section>
      ${dose(cause)}
    </div>
    <div>${quotes(cause, masked)}${stated(cause)}${origins(cause)}</div>
  </div>`;
}
