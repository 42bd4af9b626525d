import { keep, readKept } from "./kept";

export type Scheme = "auto" | "light" | "dark";

export function scheme(): Scheme {
  const kept = readKept("scheme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

/** Fires `change` when colours change, by choice or by the system; a canvas has to be drawn again. */
export const schemes = new EventTarget();

export function applyScheme(next: Scheme = scheme()): void {
  if (next === "auto") delete document.documentElement.dataset.scheme;
  else document.documentElement.dataset.scheme = next;
  keep("scheme", next === "auto" ? null : next);
  schemes.dispatchEvent(new Event("change"));
}

/** The present colour of a name of theme.css (`--hue-1`), as a canvas takes it: `rgb(0, 103, 125)`. */
export function colour(name: string): string {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

addEventListener("storage", (event) => {
  if (event.key === "motivo.scheme") applyScheme();
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => schemes.dispatchEvent(new Event("change")));
