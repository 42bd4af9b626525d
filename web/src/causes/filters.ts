import { LitElement, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import "../shared/facets";
import type { Facet } from "../shared/facets";
import { Loading } from "../shared/loading";
import { base, controls } from "../shared/look";
import { choose } from "../shared/place";
import { Spoken, sayer } from "../shared/words";
import { CauseFacetsDocument, type CauseFacetsQuery, type CountedFragment } from "./facets.generated";
import { FACETS, type Choice, filterComplaints } from "./filter";
import { words } from "./words";

const say = sayer(words);

/** What root causes can be filtered by: a period, and lists with how many complaints each value has. */
@customElement("m-cause-filters")
export class CauseFilters extends LitElement {
  @property({ attribute: false }) choice!: Choice;

  protected readonly spoken = new Spoken(this);
  private readonly counted = new Loading(this, CauseFacetsDocument, () => ({
    region: filterComplaints(this.choice, "region"),
    product: filterComplaints(this.choice, "product"),
    cause: filterComplaints(this.choice, "cause"),
  }));

  private facets(data: CauseFacetsQuery): Facet[] {
    // What a facet calls a cause does not follow the language.
    const called = new Map((data.causes?.nodes ?? []).map(({ key, caption }) => [key, caption]));
    return FACETS.flatMap((name) => {
      const values = new Map<string, Facet["values"][number]>();
      let others = 0;
      for (const facet of data[name] as readonly CountedFragment[]) {
        others += facet.others;
        for (const { group, count } of facet.buckets) {
          if (group.value == null) continue;
          const value = String(group.value);
          const before = values.get(value)?.count ?? 0;
          values.set(value, { value, label: (name === "cause" && called.get(value)) || group.label, count: count == null ? null : count + before });
        }
      }
      const sorted = [...values.values()].sort((one, other) => (other.count ?? 0) - (one.count ?? 0));
      return sorted.length || this.choice[name].length ? [{ name, title: say(name), values: sorted, others }] : [];
    });
  }

  private day(name: "from" | "until") {
    return html`<label>
      <span>${say(name)}</span>
      <input
        type="date"
        .value=${this.choice[name]}
        min=${name === "until" ? this.choice.from : ""}
        max=${name === "from" ? this.choice.until : ""}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          if (field.validity.valid) choose({ [name]: field.value });
        }}
      />
    </label>`;
  }

  override render() {
    return html`
      <fieldset>
        <legend>${say("period")}</legend>
        ${this.day("from")} ${this.day("until")}
      </fieldset>
      ${this.counted.show(
        (data) => html`<m-facets
          .facets=${this.facets(data)}
          .chosen=${{ region: this.choice.region, product: this.choice.product, cause: this.choice.cause }}
          @choose=${({ detail }: CustomEvent<{ name: string; values: string[] }>) => choose({ [detail.name]: detail.values })}
        ></m-facets>`,
        html`<m-skeleton count="10"></m-skeleton>`,
      )}
    `;
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        align-content: start;
        gap: 1.25rem;
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr));
        gap: 0.35rem 0.5rem;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 0.35rem;
        font-weight: 650;
      }
      label {
        display: grid;
        gap: 0.1rem;
        font-size: 0.82rem;
        color: var(--faint);
      }
      input {
        width: 100%;
        min-width: 0;
      }
    `,
  ];
}
