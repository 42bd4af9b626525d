import assert from "node:assert/strict";
import { test } from "node:test";
import { Steps } from "../src/shared/history";

test("steps are undone and done again, one by one", () => {
  const steps = new Steps("a");
  let changes = 0;
  steps.addEventListener("change", () => changes++);
  steps.take("b");
  steps.take("c");
  steps.take("c");
  assert.equal(changes, 2, "what is no change is no step");
  steps.undo();
  assert.equal(steps.state, "b");
  assert.ok(steps.canRedo);
  steps.redo();
  assert.equal(steps.state, "c");
  steps.undo();
  steps.undo();
  steps.undo();
  assert.equal(steps.state, "a");
  assert.ok(!steps.canUndo);
  steps.take("d");
  assert.ok(!steps.canRedo, "what was undone is gone once one goes elsewhere");
});

test("any walk of steps leads back to where it began", () => {
  for (let round = 0; round < 200; round++) {
    const steps = new Steps<readonly number[]>([], 1000);
    const taken: (readonly number[])[] = [steps.state];
    for (let n = 0; n < 50; n++) {
      const draw = Math.random();
      if (draw < 0.6) {
        taken.splice(taken.indexOf(steps.state) + 1);
        steps.take([...steps.state, n]);
        taken.push(steps.state);
      } else if (draw < 0.8) steps.undo();
      else steps.redo();
      assert.ok(taken.includes(steps.state));
    }
    while (steps.canUndo) steps.undo();
    assert.equal(steps.state, taken[0]);
    while (steps.canRedo) steps.redo();
    assert.equal(steps.state, taken.at(-1));
  }
});

test("of too many steps the oldest are forgotten", () => {
  const steps = new Steps(0, 3);
  for (let n = 1; n <= 10; n++) steps.take(n);
  while (steps.canUndo) steps.undo();
  assert.equal(steps.state, 7);
});
