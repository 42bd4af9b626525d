import { follow, language, sayer } from "../shared/words";
import { AskError, CUSTOMER, type Leave, TIMELINE, ask } from "./asking";
import { make } from "./elements";
import type { Shown, State, Told } from "./protocol";
import { wear } from "./theme";
import { drawCustomer } from "./view";
import { words } from "./words";

// The page in the frame. It listens to the window that it is in, of the origin that spoke first, and to nobody else;
// which origins may have it in a frame at all is in the policy that it comes with (frame-ancestors).

const say = sayer(words);
const main = document.querySelector("main")!;
const SOON = 30_000; // before a token's end, another is asked for; a quarter of its time, if that is less
const PATIENCE = 8_000; // for that other
const AGAIN = 4_000; // until it is asked again what was still being looked for
const NOBODY: Shown = { motivo: "show", customer: "", token: "", language: "", scheme: "", theme: {} };

let host = ""; // the origin of the page around this one
let shown = NOBODY;
let state: State | "" = "";
let refused = ""; // a token that the service did not take
let former = ""; // that of the customer before this one, which is no use for another
let drawn = ""; // what is shown, to be compared with what comes
let asked = 0; // questions so far: answers to older ones are not shown
const timers: Record<string, number> = {};

function wait(name: "soon" | "end" | "refresh" | "pending", milliseconds: number, then: () => void): void {
  clearTimeout(timers[name]);
  timers[name] = window.setTimeout(then, milliseconds);
}

function tell(told: Told): void {
  // Until the host is known, all that is told is that this page is there.
  parent.postMessage(told, host || "*");
}

function enter(next: State): void {
  main.setAttribute("aria-busy", String(next === "loading"));
  if (state === next) return;
  state = next;
  tell({ motivo: "state", state: next });
}

function note(next: Exclude<State, "loading" | "shown">, why = "", how = "", again?: () => void): void {
  clear();
  const button = again && make("button", { type: "button", click: again }, say("retry"));
  main.replaceChildren(make("div", { class: "note", role: "alert" }, make("h1", {}, why), how ? make("p", {}, how) : null, button));
  enter(next);
}

/** Ends whatever is under way. */
function clear(): void {
  asked += 1;
  for (const timer of Object.values(timers)) clearTimeout(timer);
}

function drawSkeleton(): void {
  main.replaceChildren(
    make("h1", { class: "heard" }, say("loading")),
    ...[2, 3, 4].map((lines) => make("div", { class: "skeleton", "aria-hidden": "true" }, Array.from({ length: lines }, () => make("i")))),
  );
  enter("loading");
}

/** Shows the customer that is meant now; what is shown already stays until there is an answer, if it is of the same. */
async function show(): Promise<void> {
  const { customer, token } = shown;
  clear();
  if (!customer) return note("nobody", say("nobody"), say("nobodyHow"));
  if (!token || token === refused || token === former) {
    if (state !== "shown") drawSkeleton();
    return renew();
  }
  const mine = asked;
  const leave: Leave = { token, audience: host };
  if (state !== "shown") drawSkeleton();
  try {
    const [{ me, vocabulary, customerViews }, ahead] = await ask(CUSTOMER, { names: [customer] }, leave);
    if (mine !== asked) return;
    const view = customerViews?.find((one) => one !== null);
    const known = me.customer ?? "";
    if (known && known !== view?.customer.key) {
      return known === customer ? note("unknown", say("unknown"), say("unknownHow")) : note("other", say("other"), say("otherHow"), renew);
    }
    if (!view) return note("unknown", say("unknown"), say("unknownHow"));
    const around = {
      labels: new Map(vocabulary.kinds.map(({ name, label }) => [name, label])),
      older: async (after: string) => {
        const [found] = await ask(TIMELINE, { names: [customer], after }, { token: shown.token, audience: host });
        return found.customerViews?.find((one) => one !== null)?.timeline ?? null;
      },
      today: new Date(Date.now() + ahead).toISOString().slice(0, 10),
    };
    // What is the same stays, with what somebody has opened in it.
    const now = JSON.stringify([language(), view]);
    if (state !== "shown" || now !== drawn) main.replaceChildren(...drawCustomer(view, around));
    drawn = now;
    enter("shown");
    if (view.rootCausesPending) wait("pending", AGAIN, () => void show());
    if (me.expiresAt) watch(Date.parse(me.expiresAt) - Date.now() - ahead);
  } catch (error) {
    if (mine === asked) fail(error, token);
  }
}

/** Asks for another token before this one ends; when it has ended, so has what is shown by it. */
function watch(left: number): void {
  wait("soon", left - Math.min(SOON, left / 4), () => tell({ motivo: "refresh" }));
  wait("end", left, end);
}

function end(): void {
  note("signed-out", say("signedOut"), say("signedOutHow"), renew);
}

/** Asks for a token, now. */
function renew(): void {
  tell({ motivo: "refresh" });
  wait("refresh", PATIENCE, () => (shown.token && shown.token === refused ? refuse() : end()));
}

function refuse(): void {
  note("refused", say("refused"), say("refusedHow"), renew);
}

function fail(error: unknown, token: string): void {
  const { why, message } = error instanceof AskError ? error : new AskError("failed");
  if (why === "refused") {
    // Once by a new one; if that is not taken either, it is not its age.
    const again = refused !== "";
    refused = token;
    if (again) refuse();
    else renew();
  } else note(why, say(why), message, () => void show());
}

addEventListener("message", ({ source, origin, data }: MessageEvent<unknown>) => {
  if (source !== parent || parent === window || origin === "null" || (host && origin !== host)) return;
  const given = readShown(data);
  if (!given) return;
  host = origin;
  const before = shown;
  shown = given;
  const spoken = (["en", "es", "pt"] as const).find((one) => given.language.toLowerCase().startsWith(one)) ?? "en";
  const same = spoken === language() && given.customer === before.customer && given.token === before.token;
  if (spoken !== language()) follow(spoken);
  document.documentElement.lang = spoken;
  wear(given.theme, given.scheme);
  if (same && before !== NOBODY) return;
  if (given.customer !== before.customer) {
    refused = "";
    former = before.customer && before.token;
    state = "";
  }
  void show();
});

// What can be read on light may not be on dark.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => wear(shown.theme, shown.scheme));

function readShown(data: unknown): Shown | null {
  if (typeof data !== "object" || data === null || (data as Shown).motivo !== "show") return null;
  const text = (name: "customer" | "token" | "language" | "scheme") => {
    const value = (data as Partial<Shown>)[name];
    return typeof value === "string" && value.length <= 4096 ? value : "";
  };
  const { theme } = data as Partial<Shown>;
  return {
    motivo: "show",
    customer: text("customer"),
    token: text("token"),
    language: text("language"),
    scheme: text("scheme"),
    theme: typeof theme === "object" && theme !== null ? theme : {},
  };
}

if (parent === window) note("nobody", say("alone"), say("aloneHow"));
else {
  drawSkeleton();
  new ResizeObserver(() => tell({ motivo: "height", height: Math.ceil(main.getBoundingClientRect().bottom + scrollY) })).observe(main);
  tell({ motivo: "ready" });
}
