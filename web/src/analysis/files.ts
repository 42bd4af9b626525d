import { html, type TemplateResult } from "lit";
import { AskError } from "../shared/ask";
import { toast } from "../shared/toast";
import { sayer } from "../shared/words";
import { type Format, exportFile } from "./exports";
import { words } from "./words";

const say = sayer(words);

async function make(query: string, variables: Record<string, unknown>, format: Format): Promise<void> {
  try {
    await exportFile(query, variables, format);
    toast(say("exporting"));
  } catch (error) {
    toast(error instanceof AskError ? error.message : String(error), { kind: "bad" });
  }
}

/** Buttons that give all of a question as a file; of one operation of a document, if it has several. */
export function drawFiles(query: string, variables: Record<string, unknown>): TemplateResult {
  return html`<div class="files">
    <span>${say("file")}</span>
    <button @click=${() => make(query, variables, "csv")}>${say("csv")}</button>
    <button @click=${() => make(query, variables, "parquet")}>${say("parquet")}</button>
  </div>`;
}
