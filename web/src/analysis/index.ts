import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import "../shared/empty";
import "../shared/facets";
import type { Choice, Facet } from "../shared/facets";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { choose } from "../shared/place";
import { Placed } from "../shared/placed";
import { VocabularyDocument } from "../shared/vocabulary.generated";
import { Spoken, sayer } from "../shared/words";
import { AnalysisFacetsDocument, type AnalysisFacetsQuery, type AnalysisFacetsQueryVariables } from "./analysis.generated";
import "./behind";
import { drawChips } from "./chips";
import { type Filter, filterOf, writeValue } from "./conditions";
import { drawSelect } from "./controls";
import { NONE } from "./figures";
import { capital } from "./groupings";
import "./groups";
import { labelOf, labelOfValue, remember } from "./labels";
import { pageLook } from "./page-look";
import { changeWhere } from "./question";
import "./trend";
import { type View, viewOf } from "./view";
import { words } from "./words";

const say = sayer(words);
const AT_ONCE = 20;
const SHOWN = 6;
/** Of what has more values than this nobody chooses from a list. */
const MANY = 300;

type Hits = AnalysisFacetsQuery["facets"][number];

/** The analysts' page: what there is of a kind, over time and by groups, narrowed down by facets. */
@customElement("m-analysis")
export class Analysis extends LitElement {
  private readonly placed = new Placed(this, "analysis");
  protected readonly spoken = new Spoken(this);
  private readonly model = new Loading(this, VocabularyDocument, () => ({}), { tab: "analysis" });
  /** What values there are at all, and how many of them with the filters as they are. */
  private readonly known = new Loading(this, AnalysisFacetsDocument, () => this.facetsAsked(null), { tab: "analysis", onData: (data) => this.learn(data) });
  private readonly hits = new Loading(this, AnalysisFacetsDocument, () => this.hitsAsked, { tab: "analysis", onData: (data) => this.learn(data) });

  private get chosen(): View | null {
    const { data } = this.model;
    if (!data) return null;
    return viewOf(data.vocabulary, this.placed.chosen);
  }

  private facetsAsked(filter: Filter | null): AnalysisFacetsQueryVariables | null {
    const view = this.chosen;
    if (!view) return null;
    const paths = view.groupings.filter(({ few }) => few).map(({ path }) => ({ path }));
    return {
      kind: view.kind.name as AnalysisFacetsQueryVariables["kind"],
      facets: paths.slice(0, AT_ONCE),
      more: paths.slice(AT_ONCE, 2 * AT_ONCE),
      any: paths.length > AT_ONCE,
      filter: filterOf(view.kind, filter) as AnalysisFacetsQueryVariables["filter"],
    };
  }

  private get hitsAsked(): AnalysisFacetsQueryVariables | null {
    const view = this.chosen;
    return view?.filter && view.question.hits ? this.facetsAsked(view.filter) : null;
  }

  private learn(data: AnalysisFacetsQuery): void {
    for (const { path, buckets } of [...data.facets, ...(data.more ?? [])]) remember(path, buckets.map(({ group }) => group));
  }

  /** The facets that tell something: those of which more than one value is there, and not one for each. */
  private facets(view: View): Facet[] {
    const all = (data: AnalysisFacetsQuery | undefined): Hits[] => (data ? [...data.facets, ...(data.more ?? [])] : []);
    const counted = view.filter ? all(this.hits.data) : all(this.known.data);
    const told = new Set<string>();
    return all(this.known.data).flatMap(({ path, buckets, others }): Facet[] => {
      // Two ways to one kind may tell the same: the channel of a complaint, and that of its contact.
      const same = JSON.stringify([view.groupings.find((one) => one.path === path)?.kind, buckets]);
      const again = told.has(same);
      told.add(same);
      const used = view.question.where.some(({ by }) => by === path);
      const valued = buckets.filter(({ group }) => group.value !== null);
      if (!used && (again || !valued.length || buckets.length < 2 || others > MANY)) return [];
      const now = counted.find((one) => one.path === path);
      const values = buckets.map(({ group }) => {
        const value = writeValue(group.value) ?? NONE;
        const hit = now?.buckets.find((one) => (writeValue(one.group.value) ?? NONE) === value);
        const count = !view.question.hits ? undefined : now ? (hit?.count ?? 0) : null;
        return { value, label: group.value === null ? say("none") : group.label, count: view.filter && !now ? undefined : count };
      });
      const chosen = view.question.where.filter((one) => one.by === path && !values.some(({ value }) => value === (one.value ?? NONE)));
      const missing = chosen.map((one) => ({ value: one.value ?? NONE, label: labelOfValue(one, say("none")), count: undefined }));
      values.sort((one, other) => (other.count ?? 0) - (one.count ?? 0));
      return [{ name: path, title: labelOf(path, view.groupings), values: [...missing, ...values], others }];
    });
  }

  private side(view: View): TemplateResult {
    const { where, hits } = view.question;
    const chosen: Choice = Object.fromEntries(where.map(({ by }) => [by, where.filter((one) => one.by === by).map(({ value }) => value ?? NONE)]));
    const facets = this.facets(view);
    const whole = this.placed.chosen.has("more");
    const shown = facets.filter(({ name }, index) => whole || index < SHOWN || chosen[name]);
    return html`<details class="side" ?open=${matchMedia("(min-width: 861px)").matches}>
      <summary>${say("filterCount", { n: where.length })}</summary>
      ${this.known.show(
        () => html`
          <label class="hits" title=${say("hitsHint")}>
            <input type="checkbox" .checked=${hits} @change=${() => choose({ hits: hits ? "off" : null })} /> ${say("hits")}
          </label>
          <m-facets
            .facets=${shown}
            .chosen=${chosen}
            @choose=${({ detail }: CustomEvent<{ name: string; values: string[] }>) =>
              choose({
                where: changeWhere(where, detail.name, detail.values.map((value) => (value === NONE ? null : value))),
                behind: null,
                after: null,
                before: null,
              })}
          ></m-facets>
          ${facets.length > SHOWN
            ? html`<button class="plain" aria-expanded=${whole} @click=${() => choose({ more: whole ? null : "1" })}>${say(whole ? "fewerFacets" : "moreFacets")}</button>`
            : nothing}
        `,
        html`<m-skeleton count="9"></m-skeleton>`,
      )}
    </details>`;
  }

  private head(view: View): TemplateResult {
    const { question, kind, model } = view;
    const kinds = model.kinds.filter(({ name }) => name !== "SourceRecord").map(({ name, label }) => ({ value: name, label: capital(label) }));
    const views = (["trend", "groups"] as const).map((name) => {
      const to = new URLSearchParams(this.placed.chosen);
      for (const gone of ["behind", "after", "before"]) to.delete(gone);
      if (name === "trend") to.delete("view");
      else to.set("view", name);
      return html`<a href="#analysis${String(to) ? `?${String(to)}` : ""}" aria-current=${question.view === name ? "true" : nothing}>${say(name)}</a>`;
    });
    return html`<div class="head">
      <h2 class="heard">${kind.label}</h2>
      <div class="controls">
        ${drawSelect("kind", say("what"), kinds, kind.name, (value) => this.goTo(value))}
        ${this.day("since", say("from"), question.since)} ${this.day("until", say("until"), question.until)}
      </div>
      <nav aria-label=${say("what")}>${views}</nav>
    </div>`;
  }

  /** Another kind has other facets and lenses. */
  private goTo(kind: string): void {
    const keep = new Set(["view", "per", "hits", "more"]);
    const values = Object.fromEntries([...this.placed.chosen.keys()].filter((name) => !keep.has(name)).map((name) => [name, null]));
    choose({ ...values, kind: kind === "Complaint" ? null : kind });
  }

  private day(name: string, label: string, value: string): TemplateResult {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} type="date" .value=${value} @change=${(event: Event) => choose({ [name]: (event.target as HTMLInputElement).value, after: null, before: null })} />
    </div>`;
  }

  override render() {
    return this.model.show(() => {
      const view = this.chosen;
      if (!view) return html`<m-empty heading=${say("emptyGraph")} hint=${say("emptyGraphHint")}></m-empty>`;
      const { question } = view;
      return html`<div class="page">
        ${this.side(view)}
        <div class="main">
          ${this.head(view)} ${drawChips(view)}
          ${question.view === "groups"
            ? html`<m-analysis-groups .view=${view}></m-analysis-groups>`
            : html`<m-analysis-trend .view=${view}></m-analysis-trend>`}
          ${question.behind.length
            ? html`<m-analysis-behind
                class="panel"
                .view=${view}
                forward=${this.placed.chosen.get("after") ?? ""}
                back=${this.placed.chosen.get("before") ?? ""}
              ></m-analysis-behind>`
            : nothing}
        </div>
      </div>`;
    }, html`<div class="page"><m-skeleton count="9"></m-skeleton><m-skeleton kind="chart" count="2"></m-skeleton></div>`);
  }

  static override styles = [base, controls, panels, prose, pageLook];
}
