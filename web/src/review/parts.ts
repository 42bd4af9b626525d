import { html, type TemplateResult } from "lit";
import { sayer } from "../shared/words";
import type { Progress } from "./queue";
import { words } from "./words";

const say = sayer(words);

/** The queue at the side: what waits, with the one that is looked at. */
export function drawList(items: readonly { id: string; label: string; count?: string }[], at: string, open: (id: string) => void): TemplateResult {
  return html`<ul class="list" aria-label=${say("queue")}>
    ${items.map(
      ({ id, label, count }) => html`<li>
        <button class="plain" aria-current=${id === at ? "true" : "false"} @click=${() => open(id)}>
          <span>${label}</span>${count ? html`<span class="count">${count}</span>` : ""}
        </button>
      </li>`,
    )}
  </ul>`;
}

export function drawProgress({ done, all }: Progress): TemplateResult {
  const told = say("progress", { done, all });
  return html`<p class="progress"><progress max=${Math.max(all, 1)} value=${done} aria-label=${told}></progress> <span role="status">${told}</span></p>`;
}

/** The buttons that lead through the queue, for those without a keyboard. */
export function drawSteps(step: (by: number) => void, place: number, length: number): TemplateResult {
  return html`<div class="steps">
    <button ?disabled=${place <= 0} @click=${() => step(-1)}>← ${say("previous")} <kbd aria-hidden="true">k</kbd></button>
    <button ?disabled=${place >= length - 1} @click=${() => step(1)}>${say("next")} → <kbd aria-hidden="true">j</kbd></button>
  </div>`;
}
