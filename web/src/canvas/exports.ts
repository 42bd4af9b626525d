import type { Point } from "./scene";

export const FORMATS = ["png", "svg", "gexf", "graphml", "nodes", "edges"] as const;
export type Format = (typeof FORMATS)[number];

/** A node and an edge as other programs get them. */
export interface OutNode {
  id: string;
  label: string;
  kind: string;
  /** How many are in it: 1 for a node. */
  size: number;
  /** `#rrggbb`. */
  colour: string;
  radius: number;
  at: Point;
}

export interface OutEdge {
  id: string;
  from: string;
  to: string;
  label: string;
}

export interface Out {
  nodes: readonly OutNode[];
  edges: readonly OutEdge[];
}

/** Letters that XML may not have at all, whatever is written for them. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export function escape(text: string): string {
  return text
    .replace(FORBIDDEN, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

function figure(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** GEXF 1.3, as Gephi reads it, with places and colours. */
export function writeGexf({ nodes, edges }: Out): string {
  const parts = nodes.map(({ id, label, kind, size, colour, radius, at }) => {
    const [r, g, b] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));
    return `<node id="${escape(id)}" label="${escape(label)}"><attvalues><attvalue for="kind" value="${escape(kind)}"/><attvalue for="members" value="${size}"/></attvalues><viz:position x="${figure(at.x)}" y="${figure(at.y)}"/><viz:size value="${figure(radius)}"/><viz:color r="${r}" g="${g}" b="${b}"/></node>`;
  });
  const joins = edges.map(
    ({ id, from, to, label }) => `<edge id="${escape(id)}" source="${escape(from)}" target="${escape(to)}" label="${escape(label)}"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="directed">
<attributes class="node"><attribute id="kind" title="kind" type="string"/><attribute id="members" title="members" type="integer"/></attributes>
<nodes>
${parts.join("\n")}
</nodes>
<edges>
${joins.join("\n")}
</edges>
</graph>
</gexf>
`;
}

/** GraphML, as yEd, NetworkX and igraph read it. */
export function writeGraphml({ nodes, edges }: Out): string {
  const keys = [
    ["label", "node", "string"], ["kind", "node", "string"], ["members", "node", "int"], ["x", "node", "double"], ["y", "node", "double"],
    ["type", "edge", "string"],
  ].map(([name, of, type]) => `<key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`);
  const datum = (key: string, value: string | number) => `<data key="${key}">${typeof value === "number" ? figure(value) : escape(value)}</data>`;
  const parts = nodes.map(
    ({ id, label, kind, size, at }) =>
      `<node id="${escape(id)}">${datum("label", label)}${datum("kind", kind)}${datum("members", size)}${datum("x", at.x)}${datum("y", at.y)}</node>`,
  );
  const joins = edges.map(
    ({ id, from, to, label }) => `<edge id="${escape(id)}" source="${escape(from)}" target="${escape(to)}">${datum("type", label)}</edge>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${keys.join("\n")}
<graph id="G" edgedefault="directed">
${[...parts, ...joins].join("\n")}
</graph>
</graphml>
`;
}

/** SVG, each node with its name; for print, so on white. */
export function writeSvg({ nodes, edges }: Out): string {
  const [width, margin] = [1600, 80];
  const xs = nodes.map(({ at }) => at.x);
  const ys = nodes.map(({ at }) => -at.y); // y grows downwards here
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - top];
  const scale = (width - 2 * margin) / Math.max(1, wide);
  const height = Math.max(200, high * scale + 2 * margin);
  const place = new Map(nodes.map(({ id, at }) => [id, { x: margin + (at.x - left) * scale, y: margin + (-at.y - top) * scale }]));
  const lines = edges.flatMap(({ from, to, label }) => {
    const [a, b] = [place.get(from), place.get(to)];
    return a && b
      ? `<line x1="${figure(a.x)}" y1="${figure(a.y)}" x2="${figure(b.x)}" y2="${figure(b.y)}" stroke="#9aa8ae"><title>${escape(label)}</title></line>`
      : [];
  });
  const dots = nodes.map(({ id, label, colour, radius }) => {
    const { x, y } = place.get(id) as Point;
    return `<circle cx="${figure(x)}" cy="${figure(y)}" r="${figure(radius)}" fill="${colour}"/><text x="${figure(x + radius + 4)}" y="${figure(y + 4)}">${escape(label)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${figure(height)}" viewBox="0 0 ${width} ${figure(height)}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
${[...lines, ...dots].join("\n")}
</svg>
`;
}
