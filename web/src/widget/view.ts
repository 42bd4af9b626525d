import { cut } from "../shared/spans";
import { count, day, language, sayer } from "../shared/words";
import { type Advice, advise } from "./advice";
import { make } from "./elements";
import { type Complaint, type Contact, type Entry, type View, countSources, findOpen } from "./open";
import { words } from "./words";

const say = sayer(words);
const PENDING = "…"; // in place of a figure that is not known yet
const FIRST = 3; // complaints that are shown at once

/** What a customer's page needs beside the customer. */
export interface Around {
  labels: ReadonlyMap<string, string>;
  /** Gives the older part of the timeline, behind a cursor. */
  older: (after: string) => Promise<View["timeline"]>;
  today: string;
}

/** Draws a customer: who it is, what to do, what is open, what hurts, and what happened. */
export function drawCustomer(view: View, around: Around): HTMLElement[] {
  const open = drawOpen(view, around.today);
  const some = [view.complaints, view.contacts, view.timeline].some((page) => page?.nodes.length);
  const empty = !some && !view.rootCausesPending && !view.rootCauses.length;
  const who = drawWho(view, open.length);
  if (empty) return [who, panel("empty", null, make("p", {}, say("emptyCustomer")))];
  return [
    who,
    drawNext(view, around.today),
    make(
      "div",
      {},
      panel("open", titled("open", open.length), open.length ? make("ul", {}, ...open) : quiet("nothingOpen")),
      drawWhy(view),
      drawRootCauses(view),
    ),
    make("div", {}, drawContacts(view), drawTimeline(view, around)),
  ];
}

/** A day, as narrow columns need it: 27 out 2026. */
const briefly = (value: string) => day(value).replace(/\.? de /g, " ");

/** A word that follows a number, with it or alone. */
const titled = (name: "open", n: number) => upper(say(name, { n: n || 2 }));
const upper = (text: string) => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
const quiet = (name: "nothingOpen" | "neverComplained" | "notHit" | "noContacts" | "nothingHappened" | "nothingToDo" | "pending" | "pendingNext") =>
  make("p", { class: "faint" }, say(name));

function panel(name: string, title: string | null, ...children: (Node | null)[]): HTMLElement {
  const labelled = title ? { "aria-labelledby": name } : {};
  return make("section", { class: name, ...labelled }, title && make("h2", { id: name }, title), children);
}

function drawWho(view: View, open: number): HTMLElement {
  const { segment, since, language: spoken } = view.customer;
  const about = [
    segment,
    since && say("since", { day: day(since) }),
    spoken && say("speaks", { language: name(spoken) }),
  ].filter(Boolean);
  const complaints = view.complaints?.totalCount ?? 0;
  const last = view.complaints?.nodes[0]?.filedAt;
  const figure = (n: number, what: "open" | "complaints" | "rootCauses", more = "", kind = "") =>
    make(
      "li",
      { class: n ? kind : null },
      make("b", {}, more === PENDING ? more : count(n)),
      ` ${say(what, { n: more === PENDING ? 2 : n })}`,
      more && more !== PENDING && make("small", {}, ` ${more}`),
    );
  return make(
    "header",
    {},
    make("h1", {}, view.caption),
    about.length ? make("p", { class: "faint" }, about.join(" · ")) : null,
    make(
      "p",
      { class: "sources" },
      `${say("knownFrom")} `,
      ...countSources(view).map(([system, n]) => make("span", {}, n > 1 ? `${system} ×${n}` : system)),
    ),
    make(
      "ul",
      { class: "figures" },
      figure(open, "open", "", "warn"),
      figure(complaints, "complaints", last ? say("last", { day: day(last) }) : "", "bad"),
      figure(view.rootCauses.length, "rootCauses", view.rootCausesPending ? PENDING : "", "bad"),
    ),
  );
}

function name(code: string): string {
  try {
    return new Intl.DisplayNames([language()], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function drawNext(view: View, today: string): HTMLElement {
  const advice = advise(view, today);
  const told = ({ say: what, values, day: on }: Advice) => make("li", {}, say(what, on ? { ...values, day: day(on) } : values));
  const part = (what: "do" | "dont", list: Advice[]) =>
    list.length ? make("div", { class: what }, make("h3", {}, say(what)), make("ul", {}, ...list.map(told))) : null;
  const parts = [part("do", advice.do), part("dont", advice.dont)];
  return panel("next", say("next"), ...(parts.some(Boolean) ? parts : [quiet(view.rootCausesPending ? "pendingNext" : "nothingToDo")]));
}

function drawOpen(view: View, today: string): HTMLElement[] {
  const { invoices, subscriptions, complaints } = findOpen(view, today);
  const row = (what: string, chip: string, kind: string, ...more: (string | false | null | undefined)[]) =>
    make("li", {}, make("span", { class: `chip ${kind}` }, chip), " ", make("span", {}, [what, ...more].filter(Boolean).join(" · ")));
  return [
    ...invoices.map(({ invoice: { caption, amount, dueOn, status }, late }) => {
      const when = dueOn && say(late ? "late" : "due", { day: day(dueOn) });
      return row(say("invoice", { name: caption }), when || status || "", late ? "bad" : "warn", amount && money(amount));
    }),
    ...subscriptions.map(({ caption, status, ofProduct }) => row(ofProduct?.nodes[0]?.caption ?? caption, status ?? "", "warn", ofProduct?.nodes[0] && caption)),
    ...complaints.map(({ caption, status, filedAt }) => row(caption, status ?? "", "warn", filedAt && say("filed", { day: day(filedAt) }))),
  ];
}

function money({ amount, currency }: { amount: string; currency: string }): string {
  return new Intl.NumberFormat(language(), { style: "currency", currency }).format(Number(amount));
}

function drawWhy(view: View): HTMLElement {
  const all = view.complaints?.nodes ?? [];
  if (!all.length) return panel("why", say("why"), quiet("neverComplained"));
  const list = make("ul", {}, ...all.slice(0, FIRST).map(drawComplaint));
  const more = make("button", { type: "button", click: show }, say("all", { n: all.length }));
  function show(): void {
    const added = all.slice(FIRST).map(drawComplaint);
    list.append(...added);
    more.remove();
    added[0]!.tabIndex = -1;
    added[0]!.focus();
  }
  return panel("why", say("why"), list, all.length > FIRST ? more : null);
}

function drawComplaint({ title, text, language: spoken, filedAt, attributedToCause }: Complaint): HTMLElement {
  const stated = attributedToCause?.edges ?? [];
  const spans = stated.flatMap(({ startsAt: start, endsAt: end }) => (typeof start === "number" && typeof end === "number" ? [{ start, end }] : []));
  const said = text || title;
  return make(
    "li",
    {},
    make(
      "p",
      { class: "about" },
      ...[...new Map(stated.map(({ node }) => [node.id, node.caption])).values()].map((cause) => make("span", { class: "chip bad" }, cause)),
      filedAt && make("time", { class: "faint", datetime: filedAt }, briefly(filedAt)),
    ),
    said
      ? make("blockquote", { lang: spoken }, ...cut(said, text ? spans : []).map(({ words: part, marked }) => (marked ? make("mark", {}, part) : part)))
      : make("p", { class: "faint" }, say("noText")),
  );
}

function drawRootCauses(view: View): HTMLElement {
  const worked = new Set(view.actions.map(({ addresses }) => addresses.key));
  const rows = view.rootCauses.map(({ id, title }) =>
    make("li", {}, title, worked.has(id) && " ", worked.has(id) && make("span", { class: "chip good" }, say("underWay"))),
  );
  return panel("hit", say("hit"), rows.length ? make("ul", { class: "plain" }, ...rows) : quiet(view.rootCausesPending ? "pending" : "notHit"));
}

function drawContacts(view: View): HTMLElement {
  const rows = (view.contacts?.nodes ?? []).map(drawContact);
  return panel("contacts", say("contacts"), rows.length ? make("ul", { class: "dated" }, ...rows) : quiet("noContacts"));
}

function drawContact({ at, direction, purpose, subject, throughChannel }: Contact): HTMLElement {
  const way = direction === "in" || direction === "out" ? say(direction) : direction;
  const told = [throughChannel?.nodes[0]?.caption, way, subject || purpose].filter(Boolean).join(" · ");
  return make("li", {}, at && make("time", { class: "faint", datetime: at }, briefly(at)), make("span", {}, told));
}

function drawTimeline(view: View, { labels, older }: Around): HTMLElement {
  const list = make("ol", { class: "dated" });
  const more = make("button", { type: "button", click: go }, say("older"));
  let after = "";
  const add = (page: View["timeline"]): HTMLElement[] => {
    const rows = (page?.nodes ?? []).map((entry) => drawEntry(entry, labels));
    list.append(...rows);
    after = (page?.pageInfo.hasNextPage && page.pageInfo.endCursor) || "";
    more.hidden = !after;
    return rows;
  };
  async function go(): Promise<void> {
    more.disabled = true;
    try {
      const [first] = add(await older(after));
      if (first && more.hidden) first.tabIndex = -1, first.focus();
    } finally {
      more.disabled = false;
    }
  }
  const some = add(view.timeline);
  return panel("timeline", say("timeline"), some.length ? list : quiet("nothingHappened"), more);
}

function drawEntry({ time, event, kind, caption }: Entry, labels: ReadonlyMap<string, string>): HTMLElement {
  const label = labels.get(kind) ?? kind;
  const what = event === "ENDS" ? say("ended", { what: label }) : label;
  return make("li", {}, make("time", { class: "faint", datetime: time }, briefly(time)), make("span", {}, make("b", {}, what), ` ${caption}`));
}
