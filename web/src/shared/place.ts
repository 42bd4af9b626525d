/** Where somebody is: a tab and what is chosen in it. All of it is in the address, so that a link or Back leads there. */
export interface Place {
  tab: string;
  /** What is below the tab: `causes/rc-12ab` has `["rc-12ab"]`. */
  path: string[];
  chosen: URLSearchParams;
}

/** Fires `change` when the place is another one. */
export const places = new EventTarget();

/** Reads the present place: `#causes/rc-12ab?region=north`. */
export function place(): Place {
  return readPlace(location.hash);
}

/** Reads a place out of what an address has behind `#`. */
export function readPlace(hash: string): Place {
  const at = hash.indexOf("?");
  const path = hash.slice(1, at < 0 ? undefined : at);
  const [tab = "", ...rest] = path.split("/").map(decode);
  return { tab: tab || "causes", path: rest.filter(Boolean), chosen: new URLSearchParams(at < 0 ? "" : hash.slice(at + 1)) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // somebody cut the address short
  }
}

export function address({ tab, path, chosen }: Place): string {
  const query = chosen.toString();
  return `#${[tab, ...path].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

/** Goes to another place; with `replace`, Back does not lead to the present one. */
export function go(to: Partial<Place>, { replace = false } = {}): void {
  const here = place();
  const moved = to.tab !== undefined && to.tab !== here.tab;
  const next: Place = {
    tab: to.tab ?? here.tab,
    path: to.path ?? (moved ? [] : here.path),
    chosen: to.chosen ?? (moved ? new URLSearchParams() : here.chosen),
  };
  if (address(next) === address(here)) return;
  history[replace ? "replaceState" : "pushState"](null, "", address(next));
  places.dispatchEvent(new Event("change"));
}

/** Changes what is chosen in the present tab; an empty value takes it away. */
export function choose(values: Record<string, string | string[] | null>, options?: { replace?: boolean }): void {
  const { chosen } = place();
  for (const [name, value] of Object.entries(values)) {
    chosen.delete(name);
    for (const one of Array.isArray(value) ? value : value ? [value] : []) chosen.append(name, one);
  }
  go({ chosen }, options);
}

addEventListener("popstate", () => places.dispatchEvent(new Event("change")));
