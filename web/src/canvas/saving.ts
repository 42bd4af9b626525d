import { saveFile, writeCsv } from "../shared/csv";
import { type Format, type Out, writeGexf, writeGraphml, writeSvg } from "./exports";
import type { GraphView } from "./graph";
import { sayer } from "../shared/words";
import { words } from "./panel-words";

const say = sayer(words);

/** Gives somebody what is drawn, as a file. */
export async function saveAs(format: Format, view: GraphView): Promise<void> {
  const name = `motivo-${view.work.tab}`;
  if (format === "png") {
    const picture = await paint(view);
    if (picture) saveFile(`${name}.png`, picture, "image/png");
    return;
  }
  const out = gather(view);
  if (format === "svg") saveFile(`${name}.svg`, writeSvg(out), "image/svg+xml");
  else if (format === "gexf") saveFile(`${name}.gexf`, writeGexf(out), "application/gexf+xml");
  else if (format === "graphml") saveFile(`${name}.graphml`, writeGraphml(out), "application/graphml+xml");
  else if (format === "nodes") {
    const columns = [
      { name: "id", title: "id", value: (row: Out["nodes"][number]) => row.id },
      { name: "label", title: say("node"), value: (row: Out["nodes"][number]) => row.label },
      { name: "kind", title: say("kind"), value: (row: Out["nodes"][number]) => row.kind },
    ];
    saveFile(`${name}-nodes.csv`, writeCsv(columns, out.nodes));
  } else {
    const columns = [
      { name: "from", title: say("from"), value: (row: Out["edges"][number]) => row.from },
      { name: "label", title: say("why"), value: (row: Out["edges"][number]) => row.label },
      { name: "to", title: say("to"), value: (row: Out["edges"][number]) => row.to },
    ];
    saveFile(`${name}-relationships.csv`, writeCsv(columns, out.edges));
  }
}

function gather({ work, names, lookOf }: GraphView): Out {
  return {
    nodes: [...work.picture.nodes.values()].map((drawn) => ({
      id: drawn.id,
      label: names.of(drawn),
      kind: drawn.kind,
      size: Math.max(1, drawn.members.length),
      colour: hex(lookOf(drawn.id).colour),
      radius: 9 * (1 + Math.log10(Math.max(1, drawn.members.length))),
      at: work.positions.get(drawn.id) ?? { x: 0, y: 0 },
    })),
    edges: [...work.picture.lines.values()].flatMap((line) =>
      // each relationship between two nodes; of groups, one line
      work.picture.nodes.get(line.from)?.members.length || work.picture.nodes.get(line.to)?.members.length
        ? [{ id: line.id, from: line.from, to: line.to, label: line.labels.join(", ") }]
        : line.edges.map(({ id, from, to, label }) => ({ id, from, to, label })),
    ),
  };
}

function hex(colour: string): string {
  const parts = /(\d+),\s*(\d+),\s*(\d+)/.exec(colour)?.slice(1, 4) ?? ["0", "0", "0"];
  return `#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`;
}

/** What is on the canvas, layer upon layer. */
async function paint({ canvas }: GraphView): Promise<Blob | null> {
  const sigma = canvas?.drawing?.sigma;
  if (!canvas || !sigma) return null;
  const { width, height } = sigma.getDimensions();
  const ratio = devicePixelRatio;
  const whole = document.createElement("canvas");
  whole.width = width * ratio;
  whole.height = height * ratio;
  const context = whole.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, whole.width, whole.height);
  sigma.refresh(); // what WebGL drew can be read in the same turn only
  const layers = sigma.getCanvases();
  for (const name of ["edges", "nodes", "signs", "edgeLabels", "labels"]) {
    const layer = layers[name];
    if (layer?.width) context.drawImage(layer, 0, 0, whole.width, whole.height);
  }
  return new Promise((resolve) => whole.toBlob(resolve, "image/png"));
}
