import { html, nothing, type TemplateResult } from "lit";
import type { Grouping } from "./groupings";

export interface Option {
  value: string;
  label: string;
}

/** A field with what may be chosen. */
export function drawSelect(
  name: string,
  label: string,
  options: readonly Option[],
  value: string,
  choose: (value: string) => void,
): TemplateResult {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <select id=${name} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${options.map((one) => html`<option value=${one.value} .selected=${one.value === value}>${one.label}</option>`)}
    </select>
  </div>`;
}

/** Groupings as options: those of few values first, and which is chosen even if it is none of them. */
export function optionsOf(groupings: readonly Grouping[], write: (grouping: Grouping) => string): Option[] {
  return groupings.map((one) => ({ value: write(one), label: one.label }));
}

/** What has to be known beside figures, one line each; nothing if there is nothing. */
export function drawNotes(notes: readonly (string | TemplateResult | typeof nothing | false | null)[]): TemplateResult | typeof nothing {
  const said = notes.filter((one) => one && one !== nothing);
  return said.length ? html`<ul class="notes">${said.map((one) => html`<li>${one}</li>`)}</ul>` : nothing;
}
