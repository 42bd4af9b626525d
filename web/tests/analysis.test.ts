import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionsOf, endOf, filterOf, readCondition, writeCondition, writeValue } from "../src/analysis/conditions";
import { NONE, changeOf, currencyOf, toBars, toNumber, toSeries, writeFigure } from "../src/analysis/figures";
import { type Model, groupingInput, groupingsOf, readGrouped, waysFrom, writeGrouped } from "../src/analysis/groupings";
import { columnsOf, literal, writeList, writeWhole } from "../src/analysis/lists";
import { changeWhere, readMeasure, readQuestion, writeMeasure } from "../src/analysis/question";
import { asListed, conditionsBehind, viewOf } from "../src/analysis/view";
import { speak } from "../src/shared/words";

speak("en");

const property = (name: string, type = "text", more = {}) => ({
  name,
  field: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  label: name.replaceAll("_", " "),
  type,
  sensitivity: "PUBLIC" as const,
  visible: true,
  ...more,
});
const kind = (name: string, properties: ReturnType<typeof property>[], relationships: object[] = [], more = {}) => ({
  name,
  label: name.toLowerCase(),
  type: name,
  listField: `${name.toLowerCase()}s`,
  shared: false,
  begins: null,
  properties,
  relationships,
  ...more,
});
const out = (name: string, to: string, field: string) => ({ name, label: name, field, direction: "OUT", kind: to });
const into = (name: string, from: string, field: string) => ({ name, label: name, field, direction: "IN", kind: from });
const model = {
  kinds: [
    kind(
      "Complaint",
      [property("language"), property("filed_at", "time"), property("text", "text", { sensitivity: "PERSONAL" }), property("score", "number")],
      [out("ABOUT", "Order", "aboutOrder"), out("ATTRIBUTED_TO", "Cause", "attributedToCause"), into("FILED", "Customer", "filedFromCustomer")],
      { begins: "filed_at" },
    ),
    kind("Customer", [property("segment")], [out("FILED", "Complaint", "filedComplaint"), into("RESOLVES_TO", "SourceRecord", "resolvesToFromSourceRecord")]),
    kind("SourceRecord", [property("system")]),
    kind("Order", [property("days_late", "integer"), property("ordered_on", "date"), property("price", "money")], [out("SOLD_BY", "Seller", "soldBySeller")], { begins: "ordered_on" }),
    kind("Seller", [property("state")]),
    kind("Cause", [property("name_en")], [into("ATTRIBUTED_TO", "Complaint", "attributedToFromComplaint")], { shared: true }),
  ],
} as unknown as Model;
const groupings = groupingsOf(model, "Complaint");
const of = (text: string) => conditionsOf([...new Set(text.split(" "))].map(readCondition), groupings, null);

test("nodes are grouped by what they have, and by what they lead to, declared kinds too", () => {
  const paths = groupings.map(({ path }) => path);
  assert.deepEqual(
    groupings.filter(({ few }) => few).map(({ path }) => path),
    [
      "Complaint-ATTRIBUTED_TO->Cause",
      "Complaint-ABOUT->Order",
      "language",
      "Complaint-ABOUT->Order-SOLD_BY->Seller",
      "Complaint<-FILED-Customer.segment",
      "Complaint-ABOUT->Order-SOLD_BY->Seller.state",
    ],
  );
  assert.ok(paths.includes("Complaint-ABOUT->Order.days_late"));
  assert.ok(!paths.includes("text"), "what people wrote is nothing to group by");
  assert.ok(!paths.some((path) => path.includes("SourceRecord")));
  assert.deepEqual(groupings.find(({ path }) => path.endsWith("Seller"))?.fields, ["aboutOrder", "soldBySeller", "key"]);
  assert.deepEqual(groupingsOf(model, "Nothing"), []);
  assert.ok(waysFrom(model, "Cause").some((way) => way.kind.name === "Complaint"));
});

test("what is grouped by is written with its period or width", () => {
  for (const text of ["language", "filed_at@MONTH", "Complaint-ABOUT->Order.days_late@5", "score@0.5"]) assert.equal(writeGrouped(readGrouped(text)), text);
  assert.deepEqual(groupingInput("filed_at@WEEK"), { path: "filed_at", per: "WEEK" });
  assert.deepEqual(groupingInput("score@2"), { path: "score", width: 2 });
  assert.deepEqual(groupingInput("score@-2"), { path: "score" });
});

test("a group is a condition that the service understands", () => {
  assert.deepEqual(of("language:es language:pt"), { language: { in: ["es", "pt"] } });
  assert.deepEqual(of("language:es language"), { or: [{ language: { in: ["es"] } }, { language: { isNull: true } }] });
  assert.deepEqual(of("Complaint-ATTRIBUTED_TO->Cause:a.b"), { attributedToCause: { key: { in: ["a.b"] } } });
  assert.deepEqual(of("Complaint-ATTRIBUTED_TO->Cause"), { not: { attributedToCause: {} } });
  assert.deepEqual(of("Complaint<-FILED-Customer.segment"), { not: { filedFromCustomer: { segment: { isNull: false } } } });
  assert.deepEqual(of("filed_at@MONTH:2026-12-01"), { filedAt: { gte: "2026-12-01T00:00:00Z", lt: "2027-01-01T00:00:00Z" } });
  assert.deepEqual(of("Complaint-ABOUT->Order.days_late@5:-5..0"), { aboutOrder: { daysLate: { gte: -5, lt: 0 } } });
  assert.deepEqual(of("Complaint-ABOUT->Order.days_late:3"), { aboutOrder: { daysLate: { in: [3] } } });
  assert.deepEqual(of("Complaint-ABOUT->Order.price@50:50..")?.["aboutOrder"], { price: { gte: { amount: "50", currency: "" } } });
  assert.deepEqual(of("nothing:x"), null, "what there is not is no condition");
  const days = { property: { field: "filedAt", type: "time" }, since: "2026-01-31", until: "2026-02-28" };
  const both = conditionsOf([readCondition("language:es")], groupings, days);
  assert.deepEqual(both, { and: [{ language: { in: ["es"] } }, { filedAt: { gte: "2026-01-31T00:00:00Z", lt: "2026-03-01T00:00:00Z" } }] });
  assert.deepEqual(filterOf(model.kinds[2] as Model["kinds"][number], { a: 1 }), { sourceRecord: { a: 1 } });
});

test("values of groups go into the address and come back", () => {
  assert.equal(writeValue(null), null);
  assert.equal(writeValue({ low: 0, high: 50, currency: "BRL" }), "0..50 BRL");
  assert.equal(writeValue({ low: null, high: 5.5, currency: null }), "..5.5");
  for (const text of ["language", "language:es", "a:b:c: d", "x:"]) assert.equal(writeCondition(readCondition(text)), text);
  assert.deepEqual(["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"].map((per) => endOf("2024-02-01", per)), ["2024-02-02", "2024-02-08", "2024-03-01", "2024-05-01", "2025-02-01"]);
});

test("whatever stands in the address, something is looked at", () => {
  const plain = readQuestion(new URLSearchParams());
  assert.deepEqual([plain.kind, plain.view, plain.per, plain.lens, plain.top, plain.drawn, plain.hits], ["Complaint", "trend", "MONTH", null, 5, 0, true]);
  const odd = readQuestion(new URLSearchParams("per=CENTURY&since=yesterday&top=-1&drawn=9&measure=NOTHING&measure=QUANTILE:score:7&view=x"));
  assert.deepEqual([odd.per, odd.since, odd.top, odd.drawn, odd.view], ["MONTH", "", 5, 0, "trend"]);
  assert.deepEqual(odd.measures, [{ op: "QUANTILE", of: "score", q: 0.5 }]);
  assert.deepEqual(["COUNT", "SUM:price", "QUANTILE:a-b->C.d:0.9"].map((text) => writeMeasure(readMeasure(text) as never)), ["COUNT", "SUM:price", "QUANTILE:a-b->C.d:0.9"]);
  const where = ["language:es", "x:1"].map(readCondition);
  assert.deepEqual(changeWhere(where, "language", ["pt", null]), ["x:1", "language:pt", "language"]);
  assert.equal(viewOf(model, new URLSearchParams("kind=Gone"))?.kind.name, "Complaint");
  assert.equal(viewOf({ kinds: [] } as unknown as Model, new URLSearchParams()), null);
});

test("the usual view is of complaints by cause; rates are split by what they are of", () => {
  const view = viewOf(model, new URLSearchParams());
  assert.deepEqual([view?.lens, view?.date?.name, view?.base], ["Complaint-ATTRIBUTED_TO->Cause", "filed_at", null]);
  assert.equal(viewOf(model, new URLSearchParams("lens=-"))?.lens, "");
  assert.equal(viewOf(model, new URLSearchParams("kind=Seller"))?.date, null);
  const rates = viewOf(model, new URLSearchParams("against=Order&lens=Order-SOLD_BY->Seller"));
  assert.ok(rates);
  assert.equal(rates.lens, "Order-SOLD_BY->Seller");
  const by = asListed(rates, rates.lens);
  assert.equal(by, "Complaint-ABOUT->Order-SOLD_BY->Seller");
  assert.deepEqual(conditionsBehind(rates, [{ by, value: "S1" }]), { aboutOrder: { soldBySeller: { key: { in: ["S1"] } } } });
  assert.equal(asListed(rates, "days_late"), "Complaint-ABOUT->Order.days_late");
});

test("a page of a list is asked for as GraphQL writes it", () => {
  const complaint = model.kinds[0] as Model["kinds"][number];
  const listed = columnsOf(model, complaint);
  const query = writeList(complaint, listed, { language: { in: ['say "hi"'] } }, { after: "c1", before: "", latest: "filed_at" });
  assert.match(query, /complaints\(first: 25, after: "c1", filter: {language: {in: \["say \\"hi\\""\]}}, orderBy: {field: FILED_AT, direction: DESC}\)/);
  assert.match(query, /attributedToCause\(first: 3\) { nodes { caption } }/);
  assert.match(writeList(complaint, listed, null, { after: "x", before: "c2", latest: "" }), /last: 25, before: "c2"(?!, after)/);
  const order = model.kinds[3] as Model["kinds"][number];
  assert.match(writeList(order, columnsOf(model, order), null, { after: "", before: "", latest: "" }), /price { amount currency }/);
  assert.equal(writeWhole(order, null), "{ orders { nodes { key } } }");
  assert.equal(literal([1, null, true, { a: "b" }]), '[1, null, true, {a: "b"}]');
});

const points = (...counts: (number | null)[]) =>
  counts.map((count, index) => ({ begins: `2026-0${index + 1}-01`, label: `2026-0${index + 1}`, count, low: count, high: count, exposed: 10, rate: count, rateLow: null, rateHigh: null }));

test("a change is between whole periods", () => {
  const series = toSeries("a", points(10, 20, 30, 5), "MONTH", false);
  assert.equal(series.points[0]?.label, "Jan 2026");
  assert.deepEqual(changeOf(series, "MONTH", "2026-04-10T00:00:00Z"), { now: 30, before: 20, ratio: 1.5 });
  assert.deepEqual(changeOf(series, "MONTH", "2026-05-01T00:00:00Z").ratio, 5 / 30);
  assert.deepEqual(changeOf(toSeries("a", points(0, 3), "MONTH", false), "MONTH", "2027-01-01"), { now: 3, before: 0, ratio: null });
  assert.deepEqual(changeOf(toSeries("a", [], "MONTH", false), "MONTH", "2027-01-01"), { now: null, before: null, ratio: null });
});

test("figures are numbers to draw, and words to read", () => {
  const money = [{ amount: "1234.50", currency: "BRL" }, { amount: "1", currency: "USD" }];
  assert.deepEqual([toNumber(3), toNumber(money), toNumber([]), toNumber(null), toNumber("2026-01-01")], [3, 1234.5, null, null, null]);
  assert.match(writeFigure(money), /1,235.*, .*1/);
  assert.deepEqual([writeFigure(1234), writeFigure(0.256), writeFigure([]), writeFigure(null)], ["1,234", "0.26", "–", "–"]);
  assert.match(writeFigure("2026-03-05"), /5/);
  const rows = [
    { groups: [{ value: "a", label: "A" }, { value: null, label: "(none)" }], figures: [{ name: "count", value: 2 }] },
    { groups: [{ value: "a", label: "A" }, { value: "x", label: "X" }], figures: [{ name: "count", value: 1 }] },
    { groups: [{ value: null, label: "(none)" }, { value: "x", label: "X" }], figures: [{ name: "count", value: 4 }] },
  ];
  assert.deepEqual(toBars(rows, 0, "n").map(({ name, points: of_ }) => [name, of_.map(({ x, y }) => [x, y])]), [
    ["(none)", [["a", 2]]],
    ["X", [["a", 1], [NONE, 4]]],
  ]);
  assert.equal(currencyOf([{ groups: [], figures: [{ name: "sum", value: money }] }], 0), "BRL");
});
