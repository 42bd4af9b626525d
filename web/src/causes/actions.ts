import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../shared/chart";
import "../shared/empty";
import { fire } from "../shared/events";
import "../shared/interval";
import type { Loading } from "../shared/loading";
import { base, buttons, panels, prose } from "../shared/look";
import type { Mark, Series } from "../shared/series";
import { toast } from "../shared/toast";
import type { RootCauseFilter } from "../shared/types.generated";
import { Spoken, day, decimal, sayer } from "../shared/words";
import type { CauseEffectsQuery, CauseEffectsQueryVariables } from "./actions.generated";
import { words as ownWords } from "./action-words";
import { words } from "./cause-words";
import { goesOn } from "./patience";
import { ratesAround, writeRate } from "./rates";
import { record, remove, told } from "./record";

const say = sayer(words);
const sayOwn = sayer(ownWords);

type Effect = NonNullable<CauseEffectsQuery["rootCause"]>["effects"][number];

const VERDICTS = {
  FEWER: ["good", "fewer"],
  MORE: ["bad", "moreThan"],
  SAME: ["", "same"],
  UNKNOWN: ["warn", "notKnown"],
} as const;

/** What was done about a root cause, and what became of complaints, against those who were not exposed. Fires `record`. */
@customElement("m-actions")
export class Actions extends LitElement {
  @property() cause = "";
  @property({ attribute: false }) filter: RootCauseFilter | null = null;
  @property({ attribute: false }) effects!: Loading<CauseEffectsQuery, CauseEffectsQueryVariables>;
  @property({ attribute: false }) series: readonly Series[] = [];
  @property({ attribute: false }) marks: readonly Mark[] = [];
  @property({ type: Boolean }) allowed = false;

  protected readonly spoken = new Spoken(this);

  private async takeBack({ id, what, startsOn, by, newOnly }: Effect["action"]): Promise<void> {
    const done = () => this.effects.reload();
    try {
      await remove(id);
      const again = () => void record({ id: this.cause, what, startsOn, by: by ?? null, newOnly, filter: this.filter }, done).catch(told);
      toast(sayOwn("removed", { what }), { undo: again });
      done();
    } catch (error) {
      told(error);
    }
  }

  private effect(effect: Effect): TemplateResult {
    const { action, verdict, ratio, low, high } = effect;
    const [chip, name] = VERDICTS[verdict];
    const facts = [sayOwn("from", { day: day(action.startsOn) }), action.by ? sayOwn("ofWhom", { who: action.by }) : "", action.newOnly ? sayOwn("newUnits") : ""];
    const series = ratesAround(effect, { those: say("those"), others: say("others"), before: sayOwn("before"), after: sayOwn("after") });
    return html`<article class="panel" aria-labelledby=${action.id}>
      <div class="head">
        <div>
          <h3 id=${action.id}>${action.what}</h3>
          <p class="facts">${facts.filter(Boolean).join(" · ")}</p>
        </div>
        <span class="chip ${chip}">${sayOwn(name)}</span>
        ${this.allowed ? html`<button class="plain" @click=${() => this.takeBack(action)}>${sayOwn("takeBack")}</button>` : nothing}
      </div>
      <p>${effect.explanation}</p>
      ${ratio != null
        ? html`<m-interval
            value=${ratio}
            .low=${low ?? null}
            .high=${high ?? null}
            least=${Math.min(0.2, low ?? 1)}
            most=${Math.max(2, high ?? 1)}
            label=${sayOwn("ratioIs", { value: decimal(ratio, 2) })}
          ></m-interval>`
        : nothing}
      ${effect.exposed.unitDaysBefore && effect.exposed.unitDaysAfter
        ? html`<m-chart
              caption=${sayOwn("beforeAfter")}
              height="200"
              .series=${series}
              .format=${writeRate}
              file="${this.cause}-${action.id}.csv"
            ></m-chart>
            <p class="facts">${sayOwn("against")}</p>`
        : nothing}
    </article>`;
  }

  private list(effects: readonly Effect[]): TemplateResult {
    if (!effects.length)
      return html`<m-empty heading=${sayOwn("noActions")} hint=${sayOwn("noActionsHint")}>
        ${this.allowed ? html`<button class="main" @click=${() => fire(this, "record", null)}>${say("record")}</button>` : nothing}
      </m-empty>`;
    return html`
      ${effects.map((one) => this.effect(one))}
      <section class="panel">
        <m-chart caption=${say("trend")} axis=${say("month")} .series=${this.series} .marks=${this.marks} .format=${writeRate}></m-chart>
      </section>
    `;
  }

  override render() {
    const wait = html`<p class="facts" role="status">${sayOwn("counting")}…</p><m-skeleton kind="chart" count="1"></m-skeleton>`;
    if (goesOn(this.effects.error)) return wait;
    return this.effects.show(({ rootCause }) => this.list(rootCause?.effects ?? []), wait);
  }

  static override styles = [
    base,
    buttons,
    panels,
    prose,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr));
        align-items: start;
        gap: 1rem;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: start;
        gap: 0.5rem 0.75rem;
      }
      .head > div {
        flex: 1;
        min-width: 12rem;
      }
      h3 {
        font-size: 1.05rem;
        overflow-wrap: anywhere;
      }
      .facts {
        margin: 0.1rem 0;
        font-size: 0.85rem;
        color: var(--faint);
      }
      m-empty {
        grid-column: 1 / -1;
      }
      m-interval {
        max-width: 26rem;
        margin: 0.5rem 0 1rem;
      }
    `,
  ];
}
