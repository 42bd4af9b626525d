import { HUES, hueOf, signOf } from "../shared/kinds";
import { colour } from "../shared/scheme";

/** The colours of a canvas in the present scheme. */
export interface Palette {
  ink: string;
  faint: string;
  line: string;
  edge: string;
  surface: string;
  accent: string;
  hues: readonly string[];
}

export function readPalette(): Palette {
  return {
    ink: colour("--ink"),
    faint: colour("--faint"),
    line: between(colour("--line"), colour("--edge")),
    edge: colour("--edge"),
    surface: colour("--surface"),
    accent: colour("--accent"),
    hues: Array.from({ length: HUES }, (_, index) => colour(`--hue-${index + 1}`)),
  };
}

function between(one: string, other: string): string {
  const [a, b] = [one, other].map((each) => (each.match(/\d+/g) ?? []).map(Number));
  return `rgb(${[0, 1, 2].map((part) => Math.round(((a?.[part] ?? 0) + (b?.[part] ?? 0)) / 2)).join(", ")})`;
}

/** The colour of a kind. */
export function kindColour(kind: string, { hues }: Palette): string {
  return hues[Number(hueOf(kind).slice("--hue-".length)) - 1] ?? (hues[0] as string);
}

const paths = new Map<string, Path2D>();

/** Draws the sign of a kind in a circle around a point. */
export function drawSign(context: CanvasRenderingContext2D, kind: string, x: number, y: number, radius: number, stroke: string): void {
  const path = paths.get(kind) ?? new Path2D(signOf(kind));
  paths.set(kind, path);
  const scale = (radius * 1.25) / 16;
  context.save();
  context.translate(x - 8 * scale, y - 8 * scale);
  context.scale(scale, scale);
  context.lineWidth = 1.5;
  context.lineCap = context.lineJoin = "round";
  context.strokeStyle = stroke;
  context.stroke(path);
  context.restore();
}
