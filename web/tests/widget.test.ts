import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { advise } from "../src/widget/advice";
import { type View, countSources, findOpen } from "../src/widget/open";
import { contrast, readable } from "../src/widget/theme";

const TODAY = "2026-11-27";

const cause = (id: string) => ({ startsAt: 0, endsAt: 1, node: { id, caption: `cause ${id}` } });
const complaint = (id: string, filedAt: string, causes: string[], status: string | null = null) => ({
  id, caption: id, title: null, text: id, language: "en", filedAt, status, attributedToCause: { edges: causes.map(cause) },
});
const action = (id: string, more: object = {}) => ({
  action: { id, caption: `action ${id}`, owner: null, startsOn: "2026-09-01", endsOn: null, newOnly: false, ...more },
  addresses: { id: `of ${id}`, key: `of ${id}`, caption: `cause of ${id}` },
});

function customer(more: object): View {
  return { rootCausesPending: false, rootCauses: [], actions: [], complaints: { totalCount: 0, nodes: [] }, ...more } as unknown as View;
}

const said = (advice: { say: string }[]) => advice.map(({ say }) => say);

test("an action that is under way, planned, or for others says what to tell, and what not to promise", () => {
  const found = advise(customer({ actions: [action("a"), action("b", { startsOn: "2026-12-01" }), action("c", { newOnly: true })] }), TODAY);
  assert.deepEqual(said(found.do), ["tellUnderWay", "tellPlanned", "tellUnderWay"]);
  assert.equal(found.do[1]?.day, "2026-12-01");
  assert.deepEqual(said(found.dont), ["dontOpenAnew", "dontPromise"]);
});

test("an action on several causes is told once, and no more than three are told", () => {
  assert.equal(advise(customer({ actions: [action("a"), action("a"), action("a")] }), TODAY).do.length, 1);
  assert.equal(advise(customer({ actions: ["a", "b", "c", "d"].map((id) => action(id)) }), TODAY).do.length, 3);
});

test("what was told more than once is not to be asked again; a cause that one complaint states twice is told once", () => {
  const nodes = [complaint("3", "2026-10-03", ["x", "x"]), complaint("2", "2026-10-02", ["y", "x"]), complaint("1", "2026-10-01", ["z"])];
  const found = advise(customer({ complaints: { totalCount: 3, nodes } }), TODAY);
  assert.deepEqual(said(found.dont), ["dontAskAgain"]);
  assert.deepEqual(found.dont[0]?.values, { cause: "cause x", n: 2 });
  assert.equal(found.dont[0]?.day, "2026-10-03", "the last");
  assert.deepEqual(said(found.do), ["noneYet"]);
});

test("nothing is said of what is not known yet, or of who has no trouble", () => {
  assert.deepEqual(advise(customer({}), TODAY), { do: [], dont: [] });
  const nodes = [complaint("1", "2026-10-01", ["x"])];
  assert.deepEqual(advise(customer({ rootCausesPending: true, complaints: { totalCount: 1, nodes } }), TODAY).do, []);
});

test("open is what is neither paid nor closed nor as it should be, in three languages", () => {
  const invoice = (id: string, status: string | null, dueOn: string | null, paid = false) => ({
    id, status, dueOn, caption: id, amount: null, paysFromPayment: { nodes: paid ? [{ id: "p" }] : [] },
  });
  const subscription = (id: string, status: string | null, endedOn: string | null = null) => ({ id, caption: id, status, endedOn, ofProduct: null });
  const open = findOpen(
    customer({
      invoices: {
        nodes: [
          invoice("late", "open", "2026-11-01"), invoice("due", "aberta", "2026-12-01"), invoice("today", null, TODAY),
          invoice("a", "Paid", null), invoice("b", "pagada", null), invoice("c", "Pago", null), invoice("d", "open", "2026-11-01", true),
          invoice("nothing", null, null),
        ],
      },
      subscriptions: { nodes: [subscription("off", "suspended"), subscription("e", "ativa"), subscription("f", "suspended", "2026-11-01"), subscription("g", null)] },
      complaints: { totalCount: 3, nodes: [complaint("1", "", [], "em análise"), complaint("2", "", [], "Resuelto"), complaint("3", "", [])] },
    }),
    TODAY,
  );
  assert.deepEqual(open.invoices.map(({ invoice: { id }, late }) => [id, late]), [["late", true], ["due", false], ["today", false]]);
  assert.deepEqual(open.subscriptions.map(({ id }) => id), ["off"]);
  assert.deepEqual(open.complaints.map(({ id }) => id), ["1"]);
});

test("sources are counted, by the system or by the record's key", () => {
  const nodes = [{ key: "crm:1", system: "crm" }, { key: "support:a", system: null }, { key: "support:b", system: "support" }];
  assert.deepEqual(countSources(customer({ records: { nodes } })), [["support", 2], ["crm", 1]]);
});

test("any accent is read on light and on dark", () => {
  for (const behind of [[255, 255, 255], [26, 35, 39], [120, 120, 120]] as const) {
    for (const wanted of [[255, 225, 77], [0, 0, 0], [255, 255, 255], [130, 130, 130], [106, 63, 209]] as const) {
      assert.ok(contrast(readable([...wanted], [[...behind]]), [...behind]) >= 4.5, `${wanted} on ${behind}`);
    }
  }
  assert.deepEqual(readable([0, 0, 120], [[255, 255, 255]]), [0, 0, 120], "what can be read stays as it is");
});
