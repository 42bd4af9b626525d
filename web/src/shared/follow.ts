import { AskError, type Asked } from "./ask";
import { token } from "./session";
import { language } from "./words";

/** Follows a subscription, as server-sent events, until it is over or the signal ends it. */
export async function* follow<T, V extends Record<string, unknown>>(
  document: Asked<T, V>,
  variables: V,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const headers: Record<string, string> = {
    accept: "text/event-stream",
    "content-type": "application/json",
    "accept-language": language(),
  };
  if (token()) headers["authorization"] = `Bearer ${token()}`;
  const body = JSON.stringify({ query: document.toString(), variables });
  let response: Response;
  try {
    response = await fetch("/graphql", { method: "POST", headers, body, signal });
  } catch (error) {
    if (signal.aborted) return;
    throw new AskError(String(error), "network");
  }
  if (!response.ok || !response.body) throw new AskError(`HTTP ${response.status}`, "network");
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = new Events();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const { name, data } of events.read(value)) {
        if (name === "complete") return;
        if (name === "next") yield readData<T>(data);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error instanceof AskError ? error : new AskError(String(error), "network");
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function readData<T>(text: string): T {
  const { data, errors } = JSON.parse(text) as { data?: T | null; errors?: { message: string; extensions?: { code?: string; hint?: string } }[] };
  const first = errors?.[0];
  if (first) throw new AskError(first.message, first.extensions?.code ?? "error", first.extensions?.hint);
  if (data == null) throw new AskError("no data", "error");
  return data;
}

/** Cuts a stream of server-sent events into these, however it comes in pieces. */
export class Events {
  private rest = "";

  read(piece: string): { name: string; data: string }[] {
    const parts = (this.rest + piece).split(/\r?\n\r?\n/);
    this.rest = parts.pop() ?? "";
    return parts.map((part) => {
      const lines = part.split(/\r?\n/);
      const values = (field: string) => lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ""));
      return { name: values("event")[0] ?? "message", data: values("data").join("\n") };
    });
  }
}
