import type { Point } from "./scene";
import { inside } from "./walking";

const SVG = "http://www.w3.org/2000/svg";

/** A line drawn with Shift and the mouse around what is to be marked. */
export class Lasso {
  private line: Point[] = [];
  private shape: SVGPolylineElement | null = null;

  constructor(
    private readonly stage: HTMLElement,
    private readonly closed: (line: readonly Point[], inside: (point: Point, line: readonly Point[]) => boolean) => void,
  ) {
    // Before sigma hears of it, which would move the canvas.
    stage.addEventListener("mousedown", this.begin, { capture: true });
    stage.addEventListener("click", this.swallow, { capture: true });
  }

  private swallowing = false;

  private readonly begin = (event: MouseEvent): void => {
    if (!event.shiftKey || event.button !== 0) return;
    event.stopPropagation();
    event.preventDefault();
    const layer = document.createElementNS(SVG, "svg");
    for (const [name, value] of [["width", "100%"], ["height", "100%"], ["class", "lasso"]] as const) layer.setAttribute(name, value);
    layer.style.position = "absolute";
    layer.style.pointerEvents = "none";
    this.shape = document.createElementNS(SVG, "polyline");
    for (const [name, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-dasharray", "5 4"]] as const) this.shape.setAttribute(name, value);
    layer.append(this.shape);
    this.stage.append(layer);
    this.line = [this.at(event)];
    // The mouse may leave the canvas on its way.
    addEventListener("mousemove", this.draw, { capture: true });
    addEventListener("mouseup", this.end, { capture: true });
  };

  private readonly draw = (event: MouseEvent): void => {
    if (!this.shape) return;
    event.stopPropagation();
    this.line.push(this.at(event));
    this.shape.setAttribute("points", this.line.map(({ x, y }) => `${x},${y}`).join(" "));
  };

  private readonly end = (event: MouseEvent): void => {
    if (!this.shape) return;
    event.stopPropagation();
    removeEventListener("mousemove", this.draw, { capture: true });
    removeEventListener("mouseup", this.end, { capture: true });
    this.shape.parentElement?.remove();
    this.shape = null;
    this.swallowing = true;
    setTimeout(() => (this.swallowing = false)); // where it ends elsewhere, no click follows
    if (this.line.length > 2) this.closed(this.line, inside);
  };

  private readonly swallow = (event: MouseEvent): void => {
    if (this.swallowing) event.stopPropagation();
    this.swallowing = false;
  };

  private at(event: MouseEvent): Point {
    const { left, top } = this.stage.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
