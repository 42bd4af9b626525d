import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type Asked, ask } from "../shared/ask";
import { Keys } from "../shared/keys";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { go } from "../shared/place";
import { Spoken, list, sayer } from "../shared/words";
import { type Kind, vocabulary } from "../shared/vocabulary";
import type { Decisions } from "./decisions";
import { reviewLook } from "./look";
import { drawList, drawProgress, drawSteps } from "./parts";
import { type Likeness, after, compare, placeOf, progressOf, stepFrom } from "./queue";
import { type Known, type Records, textOf, writeRecords } from "./records";
import { KeepApartDocument, MergeIdentityDocument, type ReviewIdentitiesQuery, UndoIdentityDocument } from "./review.generated";
import { words } from "./words";

const say = sayer(words);
type Doubt = ReviewIdentitiesQuery["doubtfulIdentities"][number];

/** A property of the records that stand side by side. */
interface Row {
  label: string;
  values: (string | null)[];
  likeness: Likeness;
}

const CHIPS: Record<Likeness, string> = { agrees: "good", differs: "bad", missing: "", none: "" };

/** Names a doubt by whom it is about. */
export function idOf({ customers }: Doubt): string {
  return customers.map(({ key }) => key).sort().join("+");
}

/** Customers that may be one: their records side by side, with what is the same and what is not. */
@customElement("m-review-identities")
export class ReviewIdentities extends LitElement {
  @property({ attribute: false }) doubts: readonly Doubt[] = [];
  @property({ attribute: false }) decisions!: Decisions;
  /** Another when something is gone from the queue, or back. */
  @property({ type: Number }) turn = 0;
  @property() at = "";
  @state() private kind: Kind | null = null;
  /** Which customer stays when they are made one. */
  @state() private staying = 0;

  protected readonly spoken = new Spoken(this);
  private readonly records = new Loading<Records, Record<string, never>>(this, () => this.query, () => (this.kind && this.now ? {} : null), { tab: "review" });
  protected readonly keys = new Keys(this, () => [
    { key: "a", does: say("isOne"), run: () => this.merge() },
    { key: "c", does: say("changeStays"), run: () => this.changeStaying() },
    { key: "r", does: say("isNot"), run: () => this.keepApart() },
    { key: "u", does: say("undo"), run: () => this.decisions.undo(say("undone"), say("nothingToUndo")) },
    { key: "j", does: say("next"), run: () => this.step(1) },
    { key: "k", does: say("previous"), run: () => this.step(-1) },
  ]);

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("at")) this.renderRoot.querySelector(".list [aria-current=true]")?.scrollIntoView({ block: "nearest" });
  }

  override willUpdate(): void {
    void vocabulary().then(
      ({ kinds }) => {
        const found = kinds.find(({ name }) => name === "SourceRecord") ?? null;
        if (found !== this.kind) this.kind = found;
      },
      () => undefined, // whatever keeps it from being read keeps the records from it, too
    );
  }

  private get query(): Asked<Records, Record<string, never>> {
    return this.kind && this.now ? writeRecords(this.kind, this.now.records.map(({ id }) => id)) : "";
  }

  private get waiting(): readonly Doubt[] {
    return this.doubts.filter((doubt) => !this.decisions.isGone(idOf(doubt)));
  }

  private get ids(): readonly string[] {
    return this.waiting.map(idOf);
  }

  private get now(): Doubt | undefined {
    return this.waiting[placeOf(this.ids, this.at)];
  }

  private show(id: string, replace = false): void {
    this.staying = 0;
    go({ path: ["identities", id].filter(Boolean) }, { replace });
  }

  private step(by: number): void {
    this.show(stepFrom(this.ids, this.at, by), true);
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("h3")?.focus());
  }

  private changeStaying(): void {
    if (this.now) this.staying = (this.staying + 1) % this.now.customers.length;
  }

  private decide(doubt: Doubt, make: () => Promise<number>, said: string): void {
    const item = idOf(doubt);
    const next = after(this.ids, item);
    const undo = (number: number) => ask(UndoIdentityDocument, { number }, { tab: "review" });
    this.decisions.decide({ topic: "identities", item, make, undo, said, undone: say("undone") });
    this.show(next, true);
  }

  private merge(): void {
    const doubt = this.now;
    const into = doubt?.customers[this.staying];
    if (!doubt || !into) return;
    const customers = doubt.customers.filter((one) => one !== into).map(({ key }) => key);
    const make = async () => (await ask(MergeIdentityDocument, { into: into.key, customers }, { tab: "review" })).mergeCustomers.number;
    this.decide(doubt, make, say("same", { what: into.caption }));
  }

  private keepApart(): void {
    const doubt = this.now;
    if (!doubt) return;
    const customers = doubt.customers.map(({ key }) => key);
    const make = async () => (await ask(KeepApartDocument, { customers }, { tab: "review" })).keepCustomersApart.number;
    this.decide(doubt, make, say("apart", { what: this.called(doubt) }));
  }

  private called({ customers }: Doubt): string {
    return list([...new Set(customers.map(({ caption, key }) => caption || key))]);
  }

  private labelOf(name: string): string {
    return this.kind?.properties.find((one) => one.name === name)?.label ?? name;
  }

  private sides(doubt: Doubt, found: Records): TemplateResult {
    const records = (found.nodes ?? []).filter((one): one is Known => one !== null);
    const whose = (record: Known) => record.resolvesToCustomer?.nodes[0]?.key ?? "";
    const place = (record: Known) => doubt.customers.findIndex(({ key }) => key === whose(record));
    // Of each customer the record that says most comes first, so that these stand side by side.
    const said = (record: Known) => Object.values(record).filter((value) => value !== null).length;
    const rank = (record: Known) => records.filter((other) => place(other) === place(record) && said(other) > said(record)).length;
    const ranks = new Map(records.map((record) => [record, rank(record)]));
    records.sort((one, other) => (ranks.get(one) ?? 0) - (ranks.get(other) ?? 0) || place(one) - place(other));
    const stays = doubt.customers[this.staying]?.key;
    const hidden = new Set(this.records.masked);
    const rows = (this.kind?.properties ?? []).flatMap(({ name, field, label }): Row[] => {
      if (name === "system") return []; // that is before the colon of the key
      if (hidden.has(`SourceRecord.${field}`)) return [{ label, values: records.map(() => say("hidden")), likeness: "none" }];
      const values = records.map((record) => textOf(record[field]));
      const likeness = compare(doubt.customers.map((_, side) => values.filter((_, index) => place(records[index] as Known) === side)));
      return likeness === "none" ? [] : [{ label, values, likeness }];
    });
    return html`<div class="scroll" role="region" aria-label=${this.called(doubt)} tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col">${say("property")}</th>
            ${records.map(
              (record) => html`<th scope="col">
                <span class="key">${record.key}</span>
                <span class="faint">${whose(record)}${whose(record) === stays ? html` <span class="chip accent">${say("stays")}</span>` : nothing}</span>
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ label, values, likeness }) => html`<tr class=${likeness}>
              <th scope="row">
                ${label}
                ${likeness === "none" ? nothing : html`<span class="chip ${CHIPS[likeness]}">${say(likeness)}</span>`}
              </th>
              ${values.map((value) => html`<td class=${value === null ? "none" : nothing}>${value ?? html`<span class="faint">–</span>`}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  private item(doubt: Doubt): TemplateResult {
    return html`<article class="item panel" aria-labelledby="title">
      <div>
        <h3 id="title" tabindex="-1">${this.called(doubt)}</h3>
        <div class="under"><span>${say("meetBy", { what: list(doubt.properties.map((name) => this.labelOf(name))) })}</span></div>
      </div>
      ${this.records.show((found) => this.sides(doubt, found), html`<m-skeleton kind="table" count="6"></m-skeleton>`)}
      <div class="decide">
        <button class="main" @click=${this.merge}>${say("isOne")} <kbd aria-hidden="true">a</kbd></button>
        <button @click=${this.changeStaying}>${say("changeStays")} <kbd aria-hidden="true">c</kbd></button>
        <button class="bad" @click=${this.keepApart}>${say("isNot")} <kbd aria-hidden="true">r</kbd></button>
      </div>
      ${drawSteps((by) => this.step(by), placeOf(this.ids, idOf(doubt)), this.ids.length)}
    </article>`;
  }

  override render() {
    const { now, waiting } = this;
    const done = this.decisions.done("identities");
    return html`
      ${drawProgress(progressOf(waiting.length, done))}
      ${now
        ? html`<div class="desk">
            ${drawList(waiting.map((doubt) => ({ id: idOf(doubt), label: this.called(doubt) })), idOf(now), (id) => this.show(id))} ${this.item(now)}
          </div>`
        : html`<m-empty heading=${say(done ? "allDecided" : "emptyIdentities")} hint=${done ? say("allDecidedHint", { n: done }) : say("emptyIdentitiesHint")}>
            <a class="button" href="#review/decided">${say("goOn")}</a>
          </m-empty>`}
    `;
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    reviewLook,
    css`
      .scroll {
        position: relative; /* what is heard in it stays in it */
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 0.9rem;
      }
      th,
      td {
        padding: 0.4rem 0.6rem;
        text-align: start;
        vertical-align: top;
        border-top: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      thead th {
        border-top: 0;
      }
      thead th:not(:first-child) {
        min-width: 9rem;
      }
      th:first-child {
        overflow-wrap: normal;
      }
      th .chip {
        white-space: nowrap;
      }
      tbody th {
        min-width: 6rem;
        font-weight: 500;
        color: var(--faint);
      }
      thead .key,
      thead .faint {
        display: block;
        font-weight: 400;
      }
      thead .key {
        font-weight: 650;
      }
      @media (max-width: 480px) {
        th,
        td {
          padding: 0.4rem 0.35rem;
        }
        thead th:not(:first-child) {
          min-width: 5.6rem;
        }
        tbody th {
          min-width: 5rem;
        }
      }
      .differs td:not(.none) {
        background: var(--bad-soft);
      }
      .agrees td:not(.none) {
        background: var(--good-soft);
      }
    `,
  ];
}
