import { LitElement, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ask } from "../shared/ask";
import "../shared/empty";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { go } from "../shared/place";
import "../shared/table";
import type { Column } from "../shared/table";
import type { RootCauseFilter } from "../shared/types.generated";
import { Spoken, day, sayer } from "../shared/words";
import { words as ownWords } from "./action-words";
import { words } from "./cause-words";
import { ExposedDocument, type ExposedQuery } from "./exposed.generated";
import { Patience, goesOn } from "./patience";

const say = sayer(words);
const sayOwn = sayer(ownWords);
const PAGE = 50;
const MOST = 500;

type Page = NonNullable<ExposedQuery["rootCause"]>["exposedCustomers"];
type Row = Page["nodes"][number];

/** Whether a key is one that stands for another, which who asks may not see. */
const isPseudonym = (key: string) => key.startsWith("~");

/** The customers that a root cause holds for, a page at a time; all of them as CSV. One that is chosen is shown on the graph. */
@customElement("m-exposed")
export class Exposed extends LitElement {
  @property() cause = "";
  @property({ attribute: false }) filter: RootCauseFilter | null = null;
  @state() private quiet = true;
  @state() private rows: readonly Row[] = [];
  @state() private behind: string | null = null;

  protected readonly spoken = new Spoken(this);
  private readonly page = new Loading(
    this,
    ExposedDocument,
    () => ({ id: this.cause, filter: this.filter, quiet: this.quiet, first: PAGE, after: this.behind }),
    {
      tab: "causes",
      onData: ({ rootCause }) => {
        const nodes = rootCause?.exposedCustomers.nodes ?? [];
        this.rows = this.behind === null ? nodes : [...this.rows, ...nodes];
      },
    },
  );
  protected readonly patience = new Patience(this, [this.page]);

  private choose(quiet: boolean): void {
    this.quiet = quiet;
    this.behind = null;
  }

  private readonly all = async (): Promise<readonly Row[]> => {
    const rows: Row[] = [];
    let after: string | null = null;
    for (;;) {
      const found: ExposedQuery = await ask(ExposedDocument, { id: this.cause, filter: this.filter, quiet: this.quiet, first: MOST, after }, { tab: "" });
      const page: Page | undefined = found.rootCause?.exposedCustomers;
      rows.push(...(page?.nodes ?? []));
      after = page?.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      if (!after) return rows;
    }
  };

  private get pseudonymous(): boolean {
    return this.rows.some(({ key }) => isPseudonym(key));
  }

  private get columns(): Column<Row>[] {
    return [
      { name: "who", title: sayOwn("who"), value: ({ caption }) => caption, show: ({ caption }) => (isPseudonym(caption) ? `${caption.slice(0, 12)}…` : caption) },
      ...(!this.pseudonymous ? [{ name: "key", title: sayOwn("key"), value: ({ key }: Row) => key }] : []),
      { name: "segment", title: sayOwn("segment"), value: ({ segment }) => segment ?? "" },
      { name: "region", title: sayOwn("region"), value: ({ inRegion }) => inRegion?.nodes[0]?.caption ?? "" },
      { name: "since", title: sayOwn("customerSince"), value: ({ since }) => since ?? "", show: ({ since }) => (since ? day(since) : nothing) },
    ];
  }

  private table({ totalCount, pageInfo }: Page) {
    if (!this.rows.length)
      return html`<m-empty heading=${sayOwn(this.quiet ? "noneQuiet" : "noneExposed")} hint=${this.quiet ? "" : sayOwn("noneHint")}>
        ${this.quiet ? html`<button @click=${() => this.choose(false)}>${sayOwn("showAll")}</button>` : nothing}
      </m-empty>`;
    const total = totalCount ?? this.rows.length;
    return html`<m-table
      quiet
      choosable
      caption=${say("exposed")}
      .columns=${this.columns}
      .rows=${this.rows}
      .key=${({ id }: Row) => id}
      .all=${this.all}
      total=${total}
      file="${this.cause}-exposed.csv"
      @choose=${({ detail }: CustomEvent<Row>) => go({ tab: "search", chosen: new URLSearchParams({ show: detail.id }) })}
    >
      ${pageInfo.hasNextPage
        ? html`<button ?disabled=${this.page.loading} @click=${() => (this.behind = pageInfo.endCursor ?? null)}>${sayOwn("more")}</button>`
        : nothing}
    </m-table>`;
  }

  override render() {
    const skeleton = html`<m-skeleton kind="table" count="8"></m-skeleton>`;
    return html`
      <p class="hint">${sayOwn("exposedHint")}</p>
      <label class="choice"><input type="checkbox" .checked=${this.quiet} @change=${(event: Event) => this.choose((event.target as HTMLInputElement).checked)} /> ${sayOwn("quiet")}</label>
      ${this.pseudonymous ? html`<p class="hint">${sayOwn("pseudonyms")}</p>` : nothing}
      ${goesOn(this.page.error) && !this.page.data ? skeleton : this.page.show(({ rootCause }) => (rootCause ? this.table(rootCause.exposedCustomers) : nothing), skeleton)}
    `;
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    css`
      :host {
        display: block;
      }
      .choice {
        display: flex;
        align-items: center;
        gap: 0.5rem;
        margin: 0.75rem 0;
      }
    `,
  ];
}
