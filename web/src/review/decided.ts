import { LitElement, css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { AskError, ask } from "../shared/ask";
import "../shared/empty";
import { fire } from "../shared/events";
import { Loading } from "../shared/loading";
import { base, controls, panels, prose } from "../shared/look";
import { toast } from "../shared/toast";
import { Spoken, list, moment, sayer } from "../shared/words";
import { ReviewHistoryDocument, type ReviewHistoryQuery, ReviewNamesDocument, UndoCauseDocument, UndoIdentityDocument } from "./review.generated";
import { words } from "./words";

const say = sayer(words);
type CauseDecision = ReviewHistoryQuery["causeDecisions"][number];
type IdentityDecision = ReviewHistoryQuery["identityDecisions"][number];

interface Line {
  at: string;
  by: string;
  why: string;
  what: string;
  about: string;
  undo: (() => Promise<unknown>) | null;
}

const CAUSES: Record<string, Parameters<typeof say>[0]> = {
  accept: "actionAccept",
  rename: "actionRename",
  merge: "actionMerge",
  split: "actionSplit",
  reject: "actionReject",
  correct: "actionCorrect",
  undo: "actionUndo",
};
const IDENTITIES: Record<string, Parameters<typeof say>[0]> = { merge: "identityMerge", split: "identitySplit", apart: "identityApart", undo: "identityUndo" };

/** What people decided, the last first; the last of causes and of identities can be taken back. Fires `undo` when one was. */
@customElement("m-review-decided")
export class ReviewDecided extends LitElement {
  /** Grows when something was decided since. */
  @property({ type: Number }) version = 0;

  protected readonly spoken = new Spoken(this);
  private readonly history = new Loading(this, ReviewHistoryDocument, () => ({}), { tab: "review" });
  /** What causes are called, of which decisions have the keys. */
  private readonly names = new Loading(
    this,
    ReviewNamesDocument,
    () => {
      const keys = this.history.data?.causeDecisions.flatMap(({ to }) => to ?? []) ?? [];
      return keys.length ? { keys: [...new Set(keys)].sort() } : null;
    },
    { tab: "review" },
  );
  private seen = 0;

  override willUpdate(): void {
    if (this.seen !== this.version) this.history.reload();
    this.seen = this.version;
  }

  private async undo(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      toast(say("undone"));
      fire(this, "undo", null);
    } catch (error) {
      toast(error instanceof AskError ? error.message : String(error), { kind: "bad" });
    }
    this.history.reload();
  }

  private ofCause(one: CauseDecision, last: boolean): Line {
    const { action, by, at, why, to, complaints, number } = one;
    const caption = this.names.data?.causes?.nodes.find(({ key }) => key === to)?.caption ?? to;
    const about = [caption ? say("toCause", { cause: caption }) : (one.id ?? ""), complaints ? say("complaints", { n: complaints }) : ""];
    const undo = last && action !== "undo" ? () => ask(UndoCauseDocument, { last: number }, { tab: "review" }) : null;
    return { at, by, why, what: say(CAUSES[action] ?? "actionRename"), about: about.filter(Boolean).join(", "), undo };
  }

  private ofIdentity({ action, by, at, why, customers, records, number }: IdentityDecision, last: boolean): Line {
    const about = customers.length ? list(customers.map(({ caption, key }) => caption || key)) : list(records.map(({ key }) => key));
    const undo = last && action !== "undo" ? () => ask(UndoIdentityDocument, { number }, { tab: "review" }) : null;
    return { at, by, why, what: say(IDENTITIES[action] ?? "identityMerge"), about, undo };
  }

  private draw({ causeDecisions, identityDecisions }: ReviewHistoryQuery): TemplateResult {
    const lines = [
      ...causeDecisions.map((one, index) => this.ofCause(one, index === 0)),
      ...identityDecisions.map((one, index) => this.ofIdentity(one, index === 0)),
    ].sort((one, other) => (one.at < other.at ? 1 : -1));
    if (!lines.length) return html`<m-empty heading=${say("emptyDecided")} hint=${say("emptyDecidedHint")}></m-empty>`;
    return html`<ol aria-label=${say("history")}>
      ${lines.map(
        ({ what, about, by, at, why, undo }) => html`<li class="panel">
          <div>
            <strong>${what}</strong> ${about}
            <div class="faint">${by}, ${moment(at)}${why ? html` · ${why}` : nothing}</div>
          </div>
          ${undo ? html`<button @click=${() => this.undo(undo)}>${say("undoThis")}</button>` : nothing}
        </li>`,
      )}
    </ol>`;
  }

  override render() {
    return this.history.show((data) => this.draw(data), html`<m-skeleton kind="table" count="5"></m-skeleton>`);
  }

  static override styles = [
    base,
    controls,
    panels,
    prose,
    css`
      :host {
        display: block;
      }
      ol {
        display: grid;
        gap: 0.5rem;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        padding: 0.6rem 1rem;
        overflow-wrap: anywhere;
      }
      button {
        flex: none;
      }
      .faint {
        font-size: 0.85rem;
      }
    `,
  ];
}
