import { AskError } from "../shared/ask";
import { signOut, token } from "../shared/session";
import { language } from "../shared/words";

export type Format = "csv" | "parquet";

/**
 * Gives somebody a file of all that a query asks for, of any length, made by the service: it makes an address that
 * needs no key for a short while, and that is what the browser loads. Throws an `AskError`.
 */
export async function exportFile(query: string, variables: Record<string, unknown>, format: Format): Promise<void> {
  const headers: Record<string, string> = { "content-type": "application/json", "accept-language": language() };
  if (token()) headers["authorization"] = `Bearer ${token()}`;
  const body = JSON.stringify({ query, variables, format, bom: format === "csv", link: true });
  let response: Response;
  try {
    response = await fetch("/export", { method: "POST", headers, body });
  } catch (error) {
    throw new AskError(String(error), "network");
  }
  const answer = (await response.json().catch(() => ({}))) as {
    url?: string;
    errors?: { message: string; extensions?: { code?: string; hint?: string } }[];
  };
  if (response.status === 401) signOut("expired");
  if (!response.ok || !answer.url) {
    const first = answer.errors?.[0];
    throw new AskError(first?.message ?? `HTTP ${response.status}`, first?.extensions?.code ?? "error", first?.extensions?.hint);
  }
  const link = document.createElement("a");
  link.href = answer.url;
  link.download = "";
  link.click();
}
