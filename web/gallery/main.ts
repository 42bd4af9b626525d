// All elements of src/shared, for tests and for eyes. It is built for the tests only.
import { LitElement, css, html } from "lit";
import { customElement, state } from "lit/decorators.js";
import { AskError } from "../src/shared/ask";
import "../src/shared/chart";
import type { Series } from "../src/shared/chart";
import "../src/shared/dialog";
import "../src/shared/empty";
import "../src/shared/error";
import "../src/shared/facets";
import type { Choice, Facet } from "../src/shared/facets";
import "../src/shared/interval";
import { sign } from "../src/shared/kinds";
import { base, controls, panels, prose } from "../src/shared/look";
import "../src/shared/quote";
import "../src/shared/skeleton";
import "../src/shared/sparkline";
import { styled } from "../src/shared/styled";
import "../src/shared/table";
import type { Column } from "../src/shared/table";
import { toast } from "../src/shared/toast";
import "../src/shared/typeahead";
import { Spoken, language, month } from "../src/shared/words";
void import("../src/explorer/query");
import { remember } from "../src/shared/asked";
import { place } from "../src/shared/place";

remember("causes", "query First($n: Int) { regions(first: $n) { nodes { key } } }", { n: 2 });
remember("causes", "query Last { me { role } }", {});

interface Row {
  id: string;
  name: string;
  complaints: number;
  share: number | null;
}

const ROWS: Row[] = Array.from({ length: 250 }, (_, index) => ({
  id: `r${index}`,
  name: ["Billing run 42, collected twice", "Router R2 with firmware 3.1", "=Tower \"Süd\", east", "Installer Díaz"][index % 4] + ` ${index}`,
  complaints: (index * 7919) % 1009,
  share: index % 9 ? ((index * 31) % 100) / 100 : null,
}));

const COLUMNS: Column<Row>[] = [
  { name: "name", title: "Root cause", value: ({ name }) => name },
  { name: "complaints", title: "Complaints", value: ({ complaints }) => complaints, numeric: true },
  { name: "share", title: "Share", value: ({ share }) => share, numeric: true },
];

const MONTHS = Array.from({ length: 14 }, (_, index) => new Date(Date.UTC(2025, 6 + index, 1)).toISOString().slice(0, 10));
const wave = (name: string, most: number, shift: number, more: Partial<Series> = {}): Series => ({
  name,
  points: MONTHS.map((x, index) => {
    const y = Math.round(most * (1.2 + Math.sin((index + shift) / 2)));
    return { x, label: month(x), y: index === 5 && shift === 0 ? null : y, low: y * 0.8, high: y * 1.25 };
  }),
  ...more,
});

const REGIONS = ["Norte", "São Paulo", "Ciudad Autónoma de Buenos Aires", "Sul"];
const FACETS: Facet[] = [
  { name: "region", title: "Region", values: REGIONS.map((label, index) => ({ value: label, label, count: 900 - index * 250 })), others: 3 },
  { name: "cause", title: "Cause", values: Array.from({ length: 22 }, (_, n) => ({ value: `c${n}`, label: `Cause number ${n}`, count: n === 3 ? null : 400 - n * 15 })) },
];

@customElement("m-gallery")
export class Gallery extends LitElement {
  @state() private chosen: Choice = { region: ["Norte", "Gone"] };
  @state() private row = "r3";
  @state() private open = false;
  @state() private said = "";
  protected readonly spoken = new Spoken(this);

  private show(name: string, content: unknown) {
    return html`<section id=${name} class="panel" aria-labelledby="${name}-title"><h2 id="${name}-title">${name}</h2>${content}</section>`;
  }

  override render() {
    if (place().tab === "query") return html`<main><h1 class="heard">Query</h1><m-query></m-query></main>`;
    return html`<main>
      <h1>Elements (${language()})</h1>
      ${this.show("controls", html`<div class="row">
        <button class="main" @click=${() => (this.open = true)}>Open a dialog</button>
        <button @click=${() => toast("Rejected", { undo: () => (this.said = "undone") })}>Say something</button>
        <button class="bad">Remove</button><button class="plain">Plain</button><button disabled>Disabled</button>
        <button aria-pressed="true">Pressed</button>
        <span class="chip">chip</span><span class="chip accent">accent</span><span class="chip bad">bad</span>
        <span class="chip good">good</span><span class="chip warn">warn</span>
        <span class="figure"><span>1,234</span><span>customers</span></span>
        ${["Customer", "SourceRecord", "Product", "Subscription", "Invoice", "Payment", "Contact", "Complaint", "Cause", "RootCause", "Action", "Campaign", "Channel", "Region", "Order"].map(
          (kind) => html`<span class="chip">${sign(kind)} ${kind}</span>`,
        )}
        <div class="field"><label for="one">A field</label><input id="one" placeholder="type here" /><span class="hint">with a hint</span></div>
        <span id="said" ${styled({ "--x": "1px", color: "var(--faint)" })}>${this.said}</span>
      </div>`)}
      ${this.show("table", html`<m-table caption="Root causes by rank" choosable file="causes.csv" .columns=${COLUMNS} .rows=${ROWS}
        .key=${(row: Row) => row.id} chosen=${this.row} @choose=${(event: CustomEvent<Row>) => (this.row = event.detail.id)}></m-table>`)}
      ${this.show("quote", html`<m-quote text="Hola 👋, me cobraron dos veces la factura de agosto y nadie responde." quote="me cobraron dos veces" speech="es">Complaint of 10 August</m-quote>`)}
      ${this.show("interval", html`<m-interval value="3.2" low="2.5" high="4.1"></m-interval>
        <m-interval value="0.7" low="0.5" high="0.9"></m-interval><m-interval value="1.4" low="0.8" high="2.4"></m-interval>`)}
      ${this.show("sparkline", html`<m-sparkline label="Complaints by month" .values=${[3, 4, 2, 9, 22, 17, 8]} mark="3"></m-sparkline>`)}
      ${this.show("lines", html`<m-chart caption="Complaints by month" axis="Month" file="months.csv" .marks=${[{ x: "2025-12-10", label: "Action" }]}
        .series=${[wave("Exposed", 40, 0), wave("Not exposed", 22, 2, { control: true })]}></m-chart>`)}
      ${this.show("lenses", html`<m-chart caption="By region" axis="Month" .series=${REGIONS.map((name, index) => wave(name, 20 + index * 9, index))}></m-chart>`)}
      ${this.show("bars", html`<m-chart kind="bars" choosable chosen="Sul" caption="Complaints by region" axis="Region"
        .series=${[{ name: "Complaints", points: REGIONS.map((x, index) => ({ x, y: index === 2 ? null : 90 - index * 20, low: 80 - index * 20, high: 101 - index * 20 })) }]}></m-chart>`)}
      ${this.show("facets", html`<m-facets .facets=${FACETS} .chosen=${this.chosen}
        @choose=${(event: CustomEvent<{ name: string; values: string[] }>) => (this.chosen = { ...this.chosen, [event.detail.name]: event.detail.values })}></m-facets>`)}
      ${this.show("typeahead", html`<m-typeahead label="Find anything" placeholder="complaint: …"
        @choose=${(event: CustomEvent<{ caption: string }>) => (this.said = event.detail.caption)}
        @search=${(event: CustomEvent<{ text: string; kind: string | null }>) => (this.said = `${event.detail.kind}: ${event.detail.text}`)}></m-typeahead>`)}
      ${this.show("empty", html`<m-empty heading="No cause fits" hint="Take a filter away, or widen the period."><button>Clear filters</button></m-empty>`)}
      ${this.show("error", html`<m-error .error=${new AskError("it takes longer than it may", "overtime", "ask for less", "abc123")} @retry=${() => (this.said = "retried")}></m-error>`)}
      ${this.show("skeleton", html`<m-skeleton></m-skeleton><m-skeleton kind="table" count="2"></m-skeleton>`)}
      <m-dialog heading="Record an action" ?open=${this.open} @close=${() => (this.open = false)}>
        <div class="field"><label for="what">What was done</label><input id="what" autofocus /></div>
        <button slot="actions" @click=${() => (this.open = false)}>Cancel</button><button slot="actions" class="main">Save</button>
      </m-dialog>
      <m-toast></m-toast>
    </main>`;
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    css`
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
        max-width: 60rem;
        margin: 0 auto;
        padding: 1rem;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.75rem;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
      }
    `,
  ];
}
