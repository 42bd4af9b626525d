import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { AskError } from "../src/shared/ask";
import { type Decision, Decisions } from "../src/review/decisions";
import { after, compare, numberOf, placeOf, progressOf, stepFrom } from "../src/review/queue";
import { textOf, writeRecords } from "../src/review/records";

test("one goes through a queue to its ends, and on from what is decided", () => {
  const ids = ["a", "b", "c"];
  assert.deepEqual([stepFrom(ids, "a", 1), stepFrom(ids, "c", 1), stepFrom(ids, "a", -1), stepFrom([], "a", 1)], ["b", "c", "a", ""]);
  assert.deepEqual([after(ids, "a"), after(ids, "c"), after(["a"], "a")], ["b", "b", ""]);
  assert.equal(placeOf(ids, "gone"), 0);
  assert.deepEqual(progressOf(28, 12), { done: 12, all: 40 });
});

test("a quote is named by its place in the text", () => {
  const stated = [
    { quote: "late", startsAt: 40, node: { key: "unknown" } },
    { quote: "rude", startsAt: 3, node: { key: "unknown" } },
    { quote: "late", startsAt: 20, node: { key: "delivery.late" } },
  ];
  assert.equal(numberOf(stated, "late"), 3, "of equal words those without a cause are meant");
  assert.equal(numberOf(stated, "rude"), 1);
  assert.equal(numberOf(stated.slice(0, 1), "late"), null, "there is but one");
});

test("customers agree where they have a value in common", () => {
  assert.equal(compare([["Ana  Gil", null], ["ana gil"]]), "agrees");
  assert.equal(compare([["a", "b"], ["b"]]), "agrees");
  assert.equal(compare([["a"], ["b"]]), "differs");
  assert.equal(compare([["a"], ["a"], ["b"]]), "differs");
  assert.equal(compare([["a"], [null]]), "missing");
  assert.equal(compare([["a"], ["a"], [null]]), "missing");
  assert.equal(compare([[null], [""]]), "none");
});

test("records are asked for with all that is declared of them", () => {
  const kind = { type: "SourceRecord", properties: [{ field: "salesChannel", type: "text" }, { field: "worth", type: "money" }] };
  const query = writeRecords(kind as never, ["x"]);
  assert.match(query, /nodes\(ids: \["x"\]\)/);
  assert.match(query, /salesChannel\s+worth { amount currency }/);
  assert.deepEqual([textOf(0), textOf(""), textOf({ amount: "1", currency: "EUR" }), textOf(false)], ["0", null, "1 EUR", "false"]);
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

function decision(item: string, more: Partial<Decision> = {}): Decision {
  return { topic: "causes", item, make: () => Promise.resolve(1), undo: () => Promise.resolve(), said: "done", undone: "undone", ...more };
}

test("what is decided is gone at once, and back when it could not be or is taken back", async () => {
  const decisions = new Decisions();
  const undone: number[] = [];
  decisions.decide(decision("a", { make: () => Promise.resolve(7), undo: async (number) => undone.push(number) }));
  decisions.decide(decision("b", { make: () => Promise.reject(new AskError("no", "refused")) }));
  decisions.decide(decision("c", { make: () => Promise.resolve(8), undo: async (number) => undone.push(number) }));
  assert.ok(decisions.isGone("a") && decisions.isGone("b"));
  const back: string[] = [];
  decisions.addEventListener("back", (event) => back.push((event as CustomEvent<{ item: string }>).detail.item));
  await settle();
  assert.ok(!decisions.isGone("b"), "it waits again");
  assert.equal(decisions.done("causes"), 2);
  assert.deepEqual(back.splice(0), ["b"]);
  decisions.undo("undone");
  decisions.undo("undone");
  decisions.undo("undone", "nothing");
  await settle();
  assert.deepEqual([undone, back], [[8, 7], ["c", "a"]]);
  assert.ok(!decisions.canUndo && !decisions.isGone("a"));
});

test("they are made one after the other, as they were decided", async () => {
  const decisions = new Decisions();
  const made: string[] = [];
  const slow = (name: string, ms: number) => () => new Promise<number>((resolve) => setTimeout(() => resolve(made.push(name)), ms));
  decisions.decide(decision("a", { make: slow("a", 15) }));
  decisions.decide(decision("b", { make: slow("b", 1) }));
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.deepEqual(made, ["a", "b"]);
});
