import { step } from "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { address, choose, go, place, places, readPlace } from "../src/shared/place";

test("a place is read as it is written", () => {
  const chosen = new URLSearchParams([["region", "São Paulo/Sul?#&=%"], ["region", "x"], ["q", ""]]);
  for (const path of [[], ["rc-12ab"], ["Order:a/b?c#d", "é ü"]]) {
    const there = { tab: "causes", path, chosen };
    const read = readPlace(address(there));
    assert.deepEqual([read.tab, read.path, [...read.chosen]], [there.tab, path, [...chosen]]);
  }
});

test("what leads nowhere leads to the causes, and nothing throws", () => {
  for (const hash of ["", "#", "#/", "#?", "#?a=1"]) assert.equal(readPlace(hash).tab, "causes");
  assert.equal(readPlace("#%E0%A4%A").tab, "%E0%A4%A");
  assert.equal(readPlace("#causes?q=a?b").chosen.get("q"), "a?b");
});

test("one goes on, is told so, and comes back", () => {
  let changes = 0;
  places.addEventListener("change", () => changes++);
  go({ tab: "causes", path: ["rc-1"] });
  choose({ region: ["north", "south"], q: "x" });
  assert.equal(address(place()), "#causes/rc-1?region=north&region=south&q=x");
  choose({ region: null, q: "" });
  assert.equal(address(place()), "#causes/rc-1");
  go({ tab: "analysis" });
  assert.deepEqual([place().path, [...place().chosen]], [[], []], "another tab begins anew");
  const before = changes;
  go({ tab: "analysis" });
  assert.equal(changes, before, "one is there already");
  step(-1);
  assert.equal(address(place()), "#causes/rc-1");
  step(-1);
  assert.equal(place().chosen.get("q"), "x");
  assert.equal(changes, before + 2);
  choose({ q: "y" }, { replace: true });
  step(-1);
  assert.equal(place().chosen.get("q"), null, "what was replaced is no step");
});
