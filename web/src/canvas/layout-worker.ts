import iterate from "graphology-layout-forceatlas2/iterate.js";
import { type FromWorker, NODE, type ToWorker } from "./layout-protocol";

// The layout, away from the page: it makes steps for a little while, says where things are, and waits to be asked on.
const WHILE = 40; // ms
const MOST = 900;
const CALM = 0.0015;

let state: (ToWorker & { does: "begin" }) | null = null;
let steps = 0;

function extent(nodes: Float32Array): number {
  let [least, most] = [Infinity, -Infinity];
  for (let at = 0; at < nodes.length; at += NODE) {
    least = Math.min(least, nodes[at] as number, nodes[at + 1] as number);
    most = Math.max(most, nodes[at] as number, nodes[at + 1] as number);
  }
  return Math.max(1, most - least);
}

function advance(): void {
  if (!state) return;
  const { nodes, edges, settings, run } = state;
  const count = nodes.length / NODE;
  const before = Float32Array.from({ length: count * 2 }, (_, at) => nodes[(at >> 1) * NODE + (at & 1)] as number);
  const until = performance.now() + WHILE;
  const since = steps;
  do {
    iterate(settings, nodes, edges);
    steps++;
  } while (performance.now() < until && steps < MOST);
  const positions = Float32Array.from({ length: count * 2 }, (_, at) => nodes[(at >> 1) * NODE + (at & 1)] as number);
  let moved = 0;
  for (let at = 0; at < positions.length; at++) moved += Math.abs((positions[at] as number) - (before[at] as number));
  const pace = moved / Math.max(1, count) / (steps - since) / extent(nodes);
  const calm = steps >= MOST || (steps > 30 && pace < CALM);
  if (calm) state = null;
  postMessage({ run, positions, calm } satisfies FromWorker, { transfer: [positions.buffer] });
}

addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.does === "begin") {
    state = data;
    steps = 0;
  } else if (data.does === "stop") state = null;
  advance();
});
