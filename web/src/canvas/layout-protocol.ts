import type { ForceAtlas2Settings } from "graphology-layout-forceatlas2";

/** How many figures ForceAtlas2 keeps of a node: x and y first, its mass at 6, its size at 8, whether it is fixed at 9. */
export const NODE = 10;
/** And of an edge: where both ends are in the figures of the nodes, and its weight. */
export const EDGE = 3;

export type ToWorker =
  | { does: "begin"; run: number; nodes: Float32Array; edges: Float32Array; settings: ForceAtlas2Settings }
  | { does: "on" }
  | { does: "stop" };

export interface FromWorker {
  run: number;
  /** x and y of each node. */
  positions: Float32Array;
  /** Nothing moves any more: it has stopped. */
  calm: boolean;
}
