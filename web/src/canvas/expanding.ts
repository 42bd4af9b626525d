import { type Branch, type Expansion, GUARD, askExpansion, askNeighbours } from "./asking";
import type { EdgeFact, NodeFact } from "./facts";
import type { Workspace } from "./workspace";

/** What waits for somebody to choose: a node with too much around it. */
export interface Crowd {
  id: string;
  expansion: Expansion;
}

/** Shows what is around a node: all of it, or of a crowd what somebody chose, page after page. */
export class Expanding {
  crowd: Crowd | null = null;
  /** Where a branch goes on, of which a page is shown. */
  private readonly pages = new Map<string, string>();

  constructor(private readonly work: Workspace) {}

  /** Counts what is around a node, and shows it; if that is too much, or wanted, somebody chooses first. */
  async expand(id: string, { choose = false } = {}): Promise<void> {
    await this.work.work(async () => {
      const expansion = await askExpansion(id, this.work.tab);
      if (!expansion?.count) return this.work.tell("alone");
      if (expansion.count > GUARD || choose) {
        this.crowd = { id, expansion };
        return this.work.changed();
      }
      await this.bring(id, [null]);
    });
  }

  /** Shows some branches of a crowd, as many nodes as come at once: one step, to be undone as one. */
  async showBranches(id: string, branches: readonly Branch[]): Promise<void> {
    this.crowd = null;
    await this.work.work(() => this.bring(id, branches));
  }

  /** How many of a branch are on the canvas already. */
  shownOf(id: string, branch: Branch): number {
    let shown = 0;
    for (const edge of this.work.facts.edgesOf(id)) {
      const [here, there] = branch.direction === "OUT" ? [edge.from, edge.to] : [edge.to, edge.from];
      const fact = this.work.facts.nodes.get(there);
      if (here === id && edge.type === branch.relationship && fact?.kind === branch.kind && this.work.scene.ids.has(there)) shown++;
    }
    return shown;
  }

  private async bring(id: string, branches: readonly (Branch | null)[]): Promise<void> {
    const nodes: NodeFact[] = [];
    const edges: EdgeFact[] = [];
    for (const branch of branches) {
      if (nodes.length >= GUARD) break;
      const page = `${id} ${branch?.relationship} ${branch?.direction} ${branch?.kind}`;
      // What was undone comes again.
      const after = branch && this.shownOf(id, branch) ? (this.pages.get(page) ?? null) : null;
      const found = await askNeighbours({ id, branch, first: GUARD - nodes.length, after }, this.work.tab);
      if (found.next) this.pages.set(page, found.next);
      else this.pages.delete(page);
      nodes.push(...found.nodes);
      edges.push(...found.edges);
    }
    const added = this.work.add({ nodes, edges }, id);
    this.work.tell("expanded", { n: added.length });
    if (added.length) void this.work.work(() => this.work.join(added));
  }

  /** Leaves a crowd as it is. */
  leave(): void {
    this.crowd = null;
    this.work.changed();
  }
}
