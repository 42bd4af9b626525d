import { svg, html, type TemplateResult } from "lit";

// Each kind has a sign and a hue of theme.css; kinds that a project declares get a ring, and a hue by their name.
const SIGNS: Record<string, [hue: number, path: string]> = {
  Customer: [1, "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8ZM2.75 13.5a5.25 5.25 0 0 1 10.5 0"],
  SourceRecord: [9, "M4 2.5h8v11H4zM6.25 5.5h3.5M6.25 8h3.5M6.25 10.5h2"],
  Product: [7, "M2.5 5 8 2.25 13.5 5v6L8 13.75 2.5 11zM2.5 5 8 7.75 13.5 5M8 7.75v6"],
  Subscription: [6, "M3 6.5A5.25 5.25 0 0 1 12.5 5M13 9.5A5.25 5.25 0 0 1 3.5 11M12.75 2.25V5.2H9.8M3.25 13.75V10.8H6.2"],
  Invoice: [10, "M4 2.25h8v11.5l-2-1.25-2 1.25-2-1.25-2 1.25zM6.25 5.5h3.5M6.25 8.25h3.5"],
  Payment: [4, "M2 4h12v8H2zM2 6.75h12M4.5 9.75h2.5"],
  Contact: [6, "M4.5 2.5 6.25 6 5 7.25a8 8 0 0 0 3.75 3.75L10 9.75l3.5 1.75-.75 2A12 12 0 0 1 2.5 3.25z"],
  Complaint: [2, "M2.5 3h11v8H8l-3 2.75V11H2.5zM8 4.9v2.7M8 9.1v.4"],
  Cause: [3, "M8 2.25a4 4 0 0 1 2.25 7.3c-.5.35-.75.8-.75 1.45h-3c0-.65-.25-1.1-.75-1.45A4 4 0 0 1 8 2.25ZM6.5 13.5h3"],
  RootCause: [8, "M8 2v5M8 7c0 2.5-4.5 2-4.5 6.5M8 7c0 2.5 4.5 2 4.5 6.5M8 7v6.5M5.5 3.5h5"],
  Action: [4, "M2.75 8.5 6.25 12 13.25 4.25"],
  Campaign: [5, "M2.5 6.5v3h2.25l6.25 3.25v-9.5L4.75 6.5zM13.25 6.5v3M5.25 9.75l.75 3.5"],
  Channel: [9, "M4.5 11.5a5 5 0 0 1 0-7M11.5 4.5a5 5 0 0 1 0 7M8 9.25a1.25 1.25 0 1 0 0-2.5 1.25 1.25 0 0 0 0 2.5Z"],
  Region: [10, "M8 14c3-3.2 4.5-5.6 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 8.4 5 10.8 8 14ZM8 8a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z"],
};
const RING = "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Z";
export const HUES = 10;

/** The name of the hue of a kind in theme.css: `--hue-3`. */
export function hueOf(kind: string): string {
  return `--hue-${SIGNS[kind]?.[0] ?? (hash(kind) % HUES) + 1}`;
}

/** The outline of the sign of a kind, for a box of 16 by 16. */
export function signOf(kind: string): string {
  return SIGNS[kind]?.[1] ?? RING;
}

function hash(text: string): number {
  let sum = 0;
  for (const letter of text) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

/** Draws the sign of a kind in its hue, as high as the letters around it; its name has to stand beside it. */
export function sign(kind: string): TemplateResult {
  return html`<svg class="sign" aria-hidden="true" width="16" height="16" viewBox="0 0 16 16" fill="none"
    stroke="var(${hueOf(kind)})" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round">
    ${svg`<path d=${signOf(kind)}></path>`}
  </svg>`;
}
