import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, writeQuestion } from "../src/causes/around";
import { excerpt } from "../src/causes/excerpt";
import { countChosen, filterCauses, filterComplaints, readChoice, writeChoice } from "../src/causes/filter";
import { readPath } from "../src/causes/path";
import { intervalOf, ratesByMonth } from "../src/causes/rates";
import { readProgress } from "../src/causes/search";
import { Events } from "../src/shared/follow";

const LINE = {
  name: "Subscription",
  type: "Subscription",
  label: "subscription",
  begins: "started_on",
  ends: "ended_on",
  properties: [
    { name: "started_on", field: "startedOn", type: "date", label: "first day" },
    { name: "ended_on", field: "endedOn", type: "date", label: "last day" },
  ],
  relationships: [
    { field: "ofProduct", name: "OF", label: "is of", direction: "OUT", kind: "Product" },
    { field: "holdsFromCustomer", name: "HOLDS", label: "is held by", direction: "IN", kind: "Customer" },
    { field: "servedByTower", name: "SERVED_BY", label: "is served by", direction: "OUT", kind: "Tower" },
  ],
};
const COMPLAINT = {
  name: "Complaint",
  label: "complaint",
  properties: [],
  relationships: [{ field: "aboutSubscription", name: "ABOUT", label: "is about", direction: "OUT", kind: "Subscription" }],
};
const PART = { path: "Subscription-SERVED_BY->Tower", op: "=", value: "T41-1" };

test("a choice goes into the address and comes back", () => {
  const chosen = new URLSearchParams("from=2026-01-05&until=soon&region=Sul&region=Norte&cause=a.b&other=x");
  const choice = readChoice(chosen);
  assert.deepEqual(choice, { from: "2026-01-05", until: "", region: ["Sul", "Norte"], product: [], cause: ["a.b"] });
  assert.equal(countChosen(choice), 4);
  assert.deepEqual(readChoice(writeChoice(choice)), choice);
});

test("units are chosen as their complaints are, and a facet leaves its own choice out", () => {
  const none = readChoice(new URLSearchParams());
  assert.equal(filterCauses(none, LINE), null);
  assert.equal(filterComplaints(none), null);
  const choice = readChoice(new URLSearchParams("from=2026-01-05&until=2026-02-01&region=Sul&product=P1"));
  assert.deepEqual((filterCauses(choice, LINE) as Record<string, unknown>)["subscription"], {
    and: [
      { startedOn: { lte: "2026-02-01" } },
      { or: [{ endedOn: { gte: "2026-01-05" } }, { endedOn: { isNull: true } }] },
      { holdsFromCustomer: { inRegion: { key: { in: ["Sul"] } } } },
      { ofProduct: { key: { in: ["P1"] } } },
    ],
  });
  const left = JSON.stringify(filterComplaints(choice, "region"));
  assert.ok(!left.includes("Sul") && left.includes("P1"));
  const stated = filterCauses(readChoice(new URLSearchParams("cause=a.b")), LINE);
  assert.deepEqual(Object.keys(stated ?? {}), ["complaint"], "texts choose complaints, not units");
});

test("paths are read with their folds, steps and properties", () => {
  assert.deepEqual(readPath("latest(Subscription<-CHARGES-Invoice-IN_RUN->BillingRun.server)"), {
    fold: "latest",
    unit: "Subscription",
    steps: [
      { relationship: "CHARGES", direction: "IN", kind: "Invoice" },
      { relationship: "IN_RUN", direction: "OUT", kind: "BillingRun" },
    ],
    property: "server",
    ends: [],
  });
  assert.deepEqual(readPath("gap(Order.promised_on, min(Order<-PAYS-Payment.paid_at))").ends.map(({ unit, property, fold }) => [unit, property, fold]), [
    ["Order", "promised_on", ""],
    ["Order", "paid_at", "min"],
  ]);
});

test("what is shown on the graph leads from complaints to what they share", () => {
  const question = writeQuestion([LINE, COMPLAINT], "Subscription", [PART]);
  assert.match(question, /unit: aboutSubscription\(first: 5\) \{ nodes \{ id key p0: servedByTower/);
  const tower = (key: string) => ({ nodes: [{ id: `t${key}`, key }] });
  const complaint = {
    id: "c1",
    customer: { nodes: [{ id: "who" }] },
    unit: { nodes: [{ id: "u1", p0: tower("T41-1") }, { id: "u2", p0: tower("T9") }] },
  };
  assert.deepEqual(collect([null, complaint], [PART]), ["c1", "who", "u1", "tT41-1"]);
});

test("rates have intervals that hold them, and others are what is left", () => {
  const { low, high } = intervalOf(10);
  assert.ok(low > 4.7 && low < 4.9 && high > 18.3 && high < 18.5);
  assert.equal(intervalOf(0).low, 0);
  const [those, others] = ratesByMonth(
    { monthly: [{ month: "2026-02", complaints: 5 }], exposed: 50 },
    [{ label: "2026-01", count: 9 }, { label: "2026-02", count: null }],
    950,
    { those: "a", others: "b", month: (month) => month },
  );
  assert.deepEqual(those?.points.map(({ x, y }) => [x, y]), [["2026-01-15", 0], ["2026-02-15", 100]]);
  assert.deepEqual(others?.points.map(({ y }) => y), [10, null]);
  assert.ok(others?.control);
});

test("a search tells how far it is, and its events come in any pieces", () => {
  const messages = ["projecting the graph", "building features", "looking at A", "searching 78 features of 9 units", "12 literals of 3 features"];
  assert.deepEqual(readProgress([]), { stage: 0, patterns: 0 });
  assert.deepEqual(readProgress(messages), { stage: 2, patterns: 0 });
  assert.deepEqual(readProgress([...messages, "pattern 4 found", "gathering evidence"]), { stage: 4, patterns: 4 });
  const events = new Events();
  assert.deepEqual(events.read("event: next\ndata: {\"a\":"), []);
  assert.deepEqual(events.read("1}\n\n:\n\nevent: complete\n\n"), [
    { name: "next", data: '{"a":1}' },
    { name: "message", data: "" },
    { name: "complete", data: "" },
  ]);
});

test("an excerpt keeps the quote whole, and says where it was cut", () => {
  const words = "word ".repeat(60);
  assert.equal(excerpt("All of it is short", "is short"), "All of it is short");
  const cut = excerpt(`${words}the point ${words}`, "the point");
  assert.ok(cut.startsWith("… word") && cut.endsWith("word …") && cut.includes("the point") && cut.length < 220);
  assert.equal(excerpt("other", "the point"), "");
});
