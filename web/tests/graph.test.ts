import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { readIds, readScene, writeIds, writeScene } from "../src/canvas/address";
import { readSaved, save } from "../src/canvas/autosave";
import { causeOf, patternIds } from "../src/canvas/causes";
import { escape, writeGexf, writeGraphml, writeSvg } from "../src/canvas/exports";
import { Facts, idOf, kindOf } from "../src/canvas/facts";
import { statedBy } from "../src/canvas/node";
import { picture, readGroup } from "../src/canvas/picture";
import { EMPTY, alike, change, group, hide, pin, show, toggle } from "../src/canvas/scene";
import { distance, inside, spiral, step } from "../src/canvas/walking";
import { Steps } from "../src/shared/history";

const ids = (kind: string, n: number) => Array.from({ length: n }, (_, index) => idOf(kind, `K/${index} é`));

function company() {
  const facts = new Facts();
  const [customers, complaints] = [ids("Customer", 3), ids("Complaint", 5)];
  const cause = idOf("Cause", "billing.double");
  const node = (kind: string) => (id: string, index: number) => ({ id, kind, caption: `${kind} ${index}` });
  facts.add({
    nodes: [...customers.map(node("Customer")), ...complaints.map(node("Complaint")), { id: cause, kind: "Cause", caption: "double" }],
    edges: [
      ...complaints.map((to, index) => ({ id: `f${index}`, type: "FILED", label: "filed", from: customers[index % 2] as string, to })),
      ...complaints.map((from, index) => ({ id: `a${index}`, type: "ATTRIBUTED_TO", label: "is attributed to", from, to: cause })),
      { id: "again", type: "ABOUT", label: "is about", from: complaints[0] as string, to: customers[0] as string },
    ],
  });
  return { facts, customers, complaints, cause, all: [...customers, ...complaints, cause] };
}

test("ids tell their kind, and are made of kind and key", () => {
  assert.equal(kindOf(idOf("SourceRecord", "crm:ñ 1")), "SourceRecord");
  assert.equal(idOf("Cause", "access.blocked"), "Q2F1c2UKYWNjZXNzLmJsb2NrZWQ");
  assert.equal(kindOf("%%%"), "");
});

test("what is known is drawn: one line between two, whatever joins them", () => {
  const { facts, all, customers, complaints } = company();
  const drawn = picture(show(EMPTY, all), facts);
  assert.equal(drawn.nodes.size, 9);
  assert.equal(drawn.lines.size, 10);
  const both = drawn.around.get(complaints[0] as string)?.find(({ from, to }) => [from, to].includes(customers[0] as string));
  assert.deepEqual([both?.labels, both?.edges.length], [["filed", "is about"], 2]);
  const hidden = picture(hide(show(EMPTY, all), [customers[0] as string]), facts);
  assert.equal(hidden.nodes.size, 8);
  assert.equal([...hidden.lines.values()].filter(({ from, to }) => [from, to].includes(customers[0] as string)).length, 0);
});

test("groups stand in place of their members, and open", () => {
  const { facts, all, customers } = company();
  const grouped = group(show(EMPTY, all), { kind: "", property: "" });
  const closed = picture(grouped, facts);
  assert.deepEqual([...closed.nodes.keys()].sort(), [idOf("Cause", "billing.double"), "group:Complaint", "group:Customer"]);
  assert.equal(closed.lines.size, 2, "one kind alone is no group");
  assert.equal([...closed.lines.values()].reduce((sum, { edges }) => sum + edges.length, 0), 11);
  const open = picture(toggle(grouped, "group:Complaint"), facts);
  assert.equal(open.nodes.size, 7);
  assert.equal(open.groups.get("group:Complaint")?.length, 5);
  assert.ok(alike(toggle(toggle(grouped, "group:Complaint"), "group:Complaint"), grouped));
  facts.values.set("Customer.segment", new Map(customers.map((id, index) => [id, index < 2 ? "a=b.c" : "gold"])));
  const valued = picture(group(show(EMPTY, all), { kind: "Customer", property: "segment" }), facts);
  assert.deepEqual(readGroup("group:Customer.segment=a=b.c"), { kind: "Customer", value: "a=b.c" });
  assert.equal(valued.nodes.get("group:Customer.segment=a=b.c")?.members.length, 2);
  assert.equal(valued.nodes.size, 8);
});

test("steps change nothing that was, and the same is no step", () => {
  const { all } = company();
  const steps = new Steps(EMPTY);
  const states = [EMPTY];
  const take = (next: typeof EMPTY) => (steps.take(next), states.push(next));
  take(show(EMPTY, all));
  take(hide(steps.state, all.slice(0, 2)));
  take(pin(steps.state, all[3] as string, { x: 1, y: 2 }));
  take(group(steps.state, { kind: "", property: "" }));
  assert.equal(show(steps.state, []), steps.state);
  assert.equal(hide(steps.state, all.slice(0, 2)), steps.state);
  assert.equal(pin(steps.state, "none", null), steps.state);
  for (const state of [...states].reverse().slice(1)) {
    steps.undo();
    assert.equal(steps.state, state);
  }
  assert.ok(steps.seek(({ name }) => name === states[3]?.name));
  assert.equal(steps.state, states[3]);
  assert.ok(steps.canUndo && steps.canRedo);
  steps.redo();
  assert.equal(steps.state, states[4]);
  assert.ok(!steps.seek(({ name }) => name === "never"));
});

test("a state goes into an address and back; what is too much does not", () => {
  const { all } = company();
  let scene = pin(hide(show(EMPTY, all), [all[1] as string]), all[2] as string, { x: -12.4, y: 3 });
  scene = change(toggle(group(scene, { kind: "Customer", property: "segment" }), "group:Customer.segment=a&b"), { colours: "cause" });
  const written = writeScene(scene);
  assert.ok(written);
  const read = readScene(new URLSearchParams(new URLSearchParams(written).toString()));
  assert.ok(read && alike(read, pin(scene, all[2] as string, { x: -12, y: 3 })));
  const many = ids("Complaint", 400);
  assert.deepEqual(readIds(writeIds(many)), [...many].sort());
  assert.ok(writeIds(many).length < many.join(".").length / 2, "as ids of one kind begin alike");
  assert.equal(writeScene(show(EMPTY, ids("Complaint", 5000))), null);
  assert.deepEqual(readIds(`${all[0]},${all[1]}`), all.slice(0, 2), "as other pages link");
  for (const bad of ["", "<script>", "*zz", "a b", ",,,"]) assert.deepEqual(readIds(bad).filter((id) => !/^[\w-]+$/.test(id)), []);
  assert.equal(readScene(new URLSearchParams("show=&pin=x*y*z&open=[")), null);
});

test("what the browser keeps is ids and places, never values", () => {
  const { all, facts } = company();
  facts.values.set("Customer.segment", new Map([[all[0] as string, "gold"]]));
  const scene = toggle(group(pin(show(EMPTY, all), all[0] as string, { x: 5, y: 6 }), { kind: "Customer", property: "segment" }), "group:Customer.segment=gold");
  save("search", scene, new Map([[all[1] as string, { x: 1.4, y: 2 }]]));
  const kept = localStorage.getItem("motivo.graph.search") ?? "";
  assert.ok(!/gold|double|Customer 0/.test(kept));
  const read = readSaved("search");
  assert.deepEqual(read?.positions.get(all[1] as string), { x: 1, y: 2 });
  assert.ok(read && alike(read.scene, change(scene, { open: new Set() })) && read.scene.name === scene.name);
  localStorage.setItem("motivo.graph.search", "{broken");
  assert.equal(readSaved("search"), null);
  save("search", EMPTY, new Map());
  assert.equal(readSaved("search"), null);
});

test("one walks to whom lies that way", () => {
  const around: [string, { x: number; y: number }][] = [["up", { x: 1, y: 9 }], ["right", { x: 4, y: -1 }], ["far", { x: 40, y: 0 }]];
  assert.equal(step({ x: 0, y: 0 }, "ArrowUp", around), "up");
  assert.equal(step({ x: 0, y: 0 }, "ArrowRight", around), "right");
  assert.equal(step({ x: 0, y: 0 }, "ArrowLeft", around), null);
  assert.equal(distance({ x: 1, y: 1 }, { x: 0, y: 0 }, { x: 2, y: 0 }), 1);
  assert.equal(distance({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 }), 5);
  const square = [{ x: 0, y: 0 }, { x: 4, y: 0 }, { x: 4, y: 4 }, { x: 0, y: 4 }];
  assert.ok(inside({ x: 2, y: 2 }, square) && !inside({ x: 5, y: 2 }, square));
  const places = Array.from({ length: 500 }, (_, index) => spiral({ x: 0, y: 0 }, index, 10));
  assert.equal(new Set(places.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size, 500);
});

test("root causes colour whom they touch, what is of these, and what their patterns name", () => {
  const { facts, all, customers, complaints, cause } = company();
  assert.deepEqual(patternIds([{ path: "Subscription-SERVED_BY->Tower", op: "=", value: "T41-1" }, { path: "Subscription.firmware", op: "=", value: "1" }]), [
    idOf("Tower", "T41-1"),
  ]);
  const causes = { titles: ["tower"], touched: new Map([[customers[0] as string, 0]]) };
  const shared = (kind: string) => kind === "Cause";
  const drawn = picture(show(EMPTY, all), facts);
  const of = (id: string) => causeOf(id, drawn, causes, shared);
  assert.deepEqual([customers[0], customers[1], complaints[0], complaints[1], cause].map((id) => of(id as string)), [0, undefined, 0, undefined, undefined]);
});

test("a property is stated by those whose value is held", () => {
  const said = (source: string, value: unknown, validTo: string | null = null) => ({ source, record: null, validFrom: "2026-01-01", validTo, properties: { city: value } });
  const history = [said("old", "Lima", "2026-02-01"), said("crm", "Lima"), said("web", "Cusco")];
  assert.deepEqual(statedBy(history, "city", "Lima").map(({ source }) => source), ["crm"]);
  assert.deepEqual(statedBy(history, "city", null), []);
  assert.deepEqual(statedBy([said("crm", "2026-01-17T23:28:21+00:00")], "city", "2026-01-17T23:28:21Z").length, 1);
});

test("files hold whatever is in a name", () => {
  const at = { x: 1, y: 2 };
  const out = {
    nodes: [{ id: "a&b", label: '<"ñ\u0000\u0007𝄞">', kind: "K", size: 1, colour: "#00677d", radius: 9, at }, { id: "c", label: "c", kind: "K", size: 3, colour: "#b3541e", radius: 9, at: { x: 0, y: 0 } }],
    edges: [{ id: "e", from: "a&b", to: "c", label: "is > & <" }],
  };
  assert.equal(escape('<"ñ\u0000\u0007𝄞">'), "&lt;&quot;ñ𝄞&quot;&gt;");
  for (const write of [writeGexf, writeGraphml, writeSvg]) {
    const text = write(out);
    assert.ok(text.includes("𝄞") && !/[\u0000-\u0008]|<"|NaN|Infinity/.test(text));
  }
});
