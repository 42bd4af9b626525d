/** A node as it is drawn. */
export interface NodeFact {
  id: string;
  kind: string;
  caption: string;
}

/** A relationship as it is drawn; why it is there is asked for when somebody wants to know. */
export interface EdgeFact {
  id: string;
  type: string;
  label: string;
  from: string;
  to: string;
}

export interface Found {
  nodes: readonly NodeFact[];
  edges: readonly EdgeFact[];
}

/** What the service told of the graph so far. It grows only; what of it is shown, a scene says. */
export class Facts {
  readonly nodes = new Map<string, NodeFact>();
  readonly edges = new Map<string, EdgeFact>();
  /** Values that nodes are grouped by: by `Customer.segment`, then by id. */
  readonly values = new Map<string, Map<string, string>>();
  private readonly around = new Map<string, Set<string>>();

  add({ nodes, edges }: Found): void {
    for (const node of nodes) this.nodes.set(node.id, node);
    for (const edge of edges) {
      this.edges.set(edge.id, edge);
      for (const end of [edge.from, edge.to]) {
        const known = this.around.get(end);
        if (known) known.add(edge.id);
        else this.around.set(end, new Set([edge.id]));
      }
    }
  }

  /** The relationships of a node that are known. */
  *edgesOf(id: string): Iterable<EdgeFact> {
    for (const edge of this.around.get(id) ?? []) yield this.edges.get(edge) as EdgeFact;
  }

  clear(): void {
    this.nodes.clear();
    this.edges.clear();
    this.values.clear();
    this.around.clear();
  }
}

/** The kind in a global id, which is base64url of kind and key. */
export function kindOf(id: string): string {
  try {
    return atob(id.replaceAll("-", "+").replaceAll("_", "/")).split("\n", 1)[0] ?? "";
  } catch {
    return "";
  }
}

/** The global id of a node by its kind and key. */
export function idOf(kind: string, key: string): string {
  const bytes = new TextEncoder().encode(`${kind}\n${key}`);
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
