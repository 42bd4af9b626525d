// Who is signed in. The key or token is kept for this browser tab only.
const KEY = "motivo.token";

export type SessionState = "unknown" | "in" | "out" | "expired";

/** Fires `change` when somebody signs in or out. What is on the screen stays there. */
export const session = new EventTarget();

let kept = sessionStorage.getItem(KEY) ?? "";
let state: SessionState = "unknown";

/** The key or token to send; empty where there is none (a service started with --dev needs none). */
export function token(): string {
  return kept;
}

export function sessionState(): SessionState {
  return state;
}

export function signIn(value: string): void {
  kept = value.trim();
  if (kept) sessionStorage.setItem(KEY, kept);
  set("in");
}

/** Says that what was sent is not, or no longer, known. */
export function signOut(reason: "out" | "expired"): void {
  const had = kept !== "";
  kept = "";
  sessionStorage.removeItem(KEY);
  set(reason === "expired" && !had ? "out" : reason);
}

function set(next: SessionState): void {
  state = next;
  session.dispatchEvent(new Event("change"));
}
