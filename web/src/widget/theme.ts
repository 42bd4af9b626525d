// How a host's colours and letters are taken over: by value, each looked at, and never so that nobody can read them.

type Colour = [red: number, green: number, blue: number];
const ENOUGH = 4.6; // contrast of text, WCAG AA with a little to spare

/** The relative luminance of a colour, WCAG 2. */
function weigh(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, from 1 to 21. */
export function contrast(one: Colour, other: Colour): number {
  const [low = 0, high = 0] = [weigh(one), weigh(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

export function blend(one: Colour, other: Colour, share: number): Colour {
  return one.map((value, at) => Math.round(value + ((other[at] ?? 0) - value) * share)) as Colour;
}

/** The colour that is nearest to the wanted one and can be read on all of these, on the way to black or white. */
export function readable(wanted: Colour, behind: readonly Colour[]): Colour {
  const dark = weigh(behind[0] ?? [255, 255, 255]) < 0.18;
  for (let share = 0; share < 1; share += 0.04) {
    const found = blend(wanted, dark ? [255, 255, 255] : [0, 0, 0], share);
    if (behind.every((colour) => contrast(found, colour) >= ENOUGH)) return found;
  }
  return dark ? [255, 255, 255] : [0, 0, 0];
}

const write = (colour: Colour) => `rgb(${colour.join(" ")})`;

/** Reads a colour as the browser understands it: a value, or a name of theme.css; null if it is none, or seen through. */
function readColour(text: string): Colour | null {
  const probe = document.createElement("i");
  probe.hidden = true;
  probe.style.color = text;
  if (!probe.style.color) return null;
  document.body.append(probe);
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(getComputedStyle(probe).color);
  probe.remove();
  return found && [Number(found[1]), Number(found[2]), Number(found[3])];
}

function readLength(text: string, most: number): number | null {
  const found = /^(\d{1,3}(?:\.\d{1,3})?)px$/.exec(text);
  return found && Number(found[1]) <= most ? Number(found[1]) : null;
}

/** Puts a host's theme on; what is not a colour, a length or a name of letters is left out. */
export function wear(theme: Readonly<Record<string, unknown>>, scheme: string): void {
  const root = document.documentElement;
  root.dataset.scheme = scheme === "light" || scheme === "dark" ? scheme : "";
  const read = (name: string) => (typeof theme[name] === "string" ? theme[name].slice(0, 200) : "");
  const put = (name: string, value: string | null) =>
    value === null ? root.style.removeProperty(name) : root.style.setProperty(name, value);
  for (const name of ["--accent", "--accent-soft", "--on-accent"]) put(name, null);
  const ground = readColour(read("ground"));
  put("--ground", read("ground") === "transparent" ? "transparent" : ground && write(ground));
  const accent = readColour(read("accent"));
  const surface = readColour("var(--surface)");
  if (accent && surface) {
    const soft = blend(surface, accent, 0.12);
    put("--accent", write(readable(accent, [surface, soft])));
    put("--accent-soft", write(soft));
  }
  const round = readLength(read("round"), 24);
  put("--round-big", round === null ? null : `${round}px`);
  put("--round", round === null ? null : `${Math.min(round, 8)}px`);
  const size = readLength(read("size"), 20);
  put("--size", size !== null && size >= 12 ? `${size}px` : null);
  const letters = read("letters");
  put("--letters", /^[\w\s"',-]{2,200}$/.test(letters) && CSS.supports("font-family", letters) ? letters : null);
}
