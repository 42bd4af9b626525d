import { css, html, nothing, type TemplateResult } from "lit";
import "../shared/interval";
import "../shared/sparkline";
import type { RootCauseFilter } from "../shared/types.generated";
import { count, day, decimal, money, sayer } from "../shared/words";
import type { CauseInListFragment } from "./causes.generated";
import "./quotes";
import { words } from "./words";

const say = sayer(words);

export interface Scale {
  least: number;
  most: number;
}

/** The axis that the intervals of a list are drawn on: all of them fit, and 1 is in sight. */
export function scaleOf(causes: readonly { liftLow: number; liftHigh: number }[]): Scale {
  return {
    least: Math.min(0.8, ...causes.map(({ liftLow }) => liftLow)) * 0.95,
    most: Math.max(2, ...causes.map(({ liftHigh }) => liftHigh)) * 1.05,
  };
}

/** Where among its months the onset lies; null where that is not known, or outside. */
export function onsetMonth({ monthly, onset }: Pick<CauseInListFragment, "monthly" | "onset">): number | null {
  const found = monthly.findIndex(({ month }) => month === onset?.slice(0, 7));
  return found < 0 ? null : found;
}

/** A title as a heading begins: with a capital. */
export function begin(title: string): string {
  return title.charAt(0).toLocaleUpperCase() + title.slice(1);
}

/** What is going on now with a root cause, as a chip. */
export function courseOf(cause: CauseInListFragment): TemplateResult | typeof nothing {
  if (cause.emerging) return html`<span class="chip bad">▲ ${say("rising")}</span>`;
  if (cause.ended) return html`<span class="chip good">${say("over", { day: day(cause.ended) })}</span>`;
  if (cause.trend === "RISING") return html`<span class="chip bad">▲ ${say("rising")}</span>`;
  if (cause.trend === "FALLING") return html`<span class="chip good">▼ ${say("falling")}</span>`;
  return nothing;
}

function figure(value: string, name: string): TemplateResult {
  return html`<div class="figure"><span>${value}</span><span>${name}</span></div>`;
}

/** A root cause in the list: what it is and what speaks for it at the left, its figures at the right. */
export function drawCard(
  cause: CauseInListFragment,
  { address, scale, filter, reached }: { address: string; scale: Scale; filter: RootCauseFilter | null; reached: boolean },
): TemplateResult {
  return html`<li>
    <article class="panel cause" aria-labelledby=${cause.id}>
      <span class="rank" title=${say("rank", { n: cause.rank })} aria-hidden="true">${cause.rank}</span>
      <div class="told">
        <div class="name">
          <h3 id=${cause.id}><a href=${address} tabindex=${reached ? 0 : -1}>${begin(cause.title)}</a></h3>
          ${courseOf(cause)}
        </div>
        <p class="sentence">${cause.explanation}</p>
        <m-cause-quotes .cause=${cause.id} .filter=${filter}></m-cause-quotes>
      </div>
      <div class="figures">
        <div class="lift">
          <span class="big">${decimal(cause.lift)}×</span>
          <span class="faint">${say("liftIs")}</span>
          <m-interval bare value=${cause.lift} low=${cause.liftLow} high=${cause.liftHigh} least=${scale.least} most=${scale.most}></m-interval>
          <span class="range digits" aria-hidden="true">${decimal(cause.liftLow)}–${decimal(cause.liftHigh)} · 95 %</span>
        </div>
        <div class="row">
          ${figure(count(cause.complaints), say("complaints", { n: cause.complaints }))}
          ${figure(count(cause.customers), say("customers", { n: cause.customers }))}
          ${(cause.money ?? []).slice(0, 1).map(({ amount, currency }) => figure(money(amount, currency), say("money")))}
        </div>
        <div class="time">
          <m-sparkline .values=${cause.monthly.map((one) => one.complaints)} .mark=${onsetMonth(cause)} label=${say("byMonth")}></m-sparkline>
          ${cause.onset ? html`<span>${say("since", { day: day(cause.onset) })}</span>` : nothing}
        </div>
      </div>
    </article>
  </li>`;
}

export const cardLook = css`
  .cause {
    position: relative;
    display: grid;
    grid-template-columns: 1.75rem minmax(0, 1fr) 19rem;
    gap: 0 1rem;
    padding: 1rem 1.25rem 1rem 1rem;
  }
  .cause:hover {
    border-color: var(--edge);
  }
  .cause:has(h3 a:focus-visible) {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .rank {
    padding-top: 0.1rem;
    font-size: 1.05rem;
    font-weight: 650;
    color: var(--faint);
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .told {
    min-width: 0;
  }
  .name {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.2rem 0.75rem;
  }
  .cause h3 {
    font-size: 1.08rem;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  .cause h3 a {
    color: var(--ink);
    text-decoration: none;
    outline: none;
  }
  /* The whole card opens it; what is in front of it stays by itself. */
  .cause h3 a::after {
    content: "";
    position: absolute;
    inset: 0;
    border-radius: var(--round-big);
  }
  .cause:hover h3 a {
    color: var(--accent);
  }
  .sentence {
    margin: 0.25rem 0 0.75rem;
    font-size: 0.92rem;
    color: var(--faint);
  }
  .told m-cause-quotes {
    position: relative; /* words are there to be copied */
  }
  .figures {
    display: grid;
    align-content: start;
    gap: 0.8rem;
    padding-inline-start: 1.25rem;
    border-inline-start: 1px solid var(--line);
  }
  .lift {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: baseline;
    gap: 0 0.5rem;
    font-size: 0.85rem;
  }
  .lift .big {
    font-size: 1.6rem;
    font-weight: 700;
    letter-spacing: -0.02em;
    line-height: 1.1;
    font-variant-numeric: tabular-nums;
  }
  .lift m-interval {
    grid-column: 1 / -1;
    min-width: 0;
    margin-top: 0.25rem;
  }
  .range {
    grid-column: 1 / -1;
    color: var(--faint);
    font-size: 0.8rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
  }
  .row .figure > :first-child {
    font-size: 1.05rem;
  }
  .time {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    font-size: 0.82rem;
    color: var(--faint);
  }
  .time m-sparkline {
    flex: none;
    width: 7.5rem;
    height: 2.25rem;
  }
  @container (min-width: 30rem) and (max-width: 46rem) {
    .cause .figures {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: 0.75rem 1.5rem;
    }
    .cause .lift {
      grid-row: span 2;
    }
  }
  @container (max-width: 46rem) {
    .cause {
      grid-template-columns: 1.25rem minmax(0, 1fr);
      gap: 0.75rem 0.6rem;
      padding: 0.9rem;
    }
    .figures {
      grid-column: 2;
      grid-row: 2;
      gap: 0.6rem;
      padding: 0;
      border: 0;
    }
    .told {
      display: contents;
    }
    .told .name {
      grid-column: 2;
    }
    .told .sentence,
    .told m-cause-quotes {
      grid-column: 2;
      margin: 0;
    }
  }
`;
