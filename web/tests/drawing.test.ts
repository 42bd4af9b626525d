import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeCsv } from "../src/shared/csv";
import { begun, prefixOf, readTyped } from "../src/shared/prefixes";
import { cut, find } from "../src/shared/spans";
import { labelled, placeOf, spread, ticks } from "../src/shared/scale";
import type { Kind } from "../src/shared/vocabulary";

test("a text is cut at its spans, and put together it is the text", () => {
  const text = "¡Hola 👋! Me cobraron 2× — otra vez.";
  const letters = [...text].length;
  for (let round = 0; round < 500; round++) {
    const spans = Array.from({ length: Math.floor(Math.random() * 4) }, () => {
      const start = Math.floor(Math.random() * letters);
      return { start, end: start + Math.floor(Math.random() * (letters + 3 - start)) };
    });
    const parts = cut(text, spans);
    assert.equal(parts.map(({ words }) => words).join(""), text);
    parts.slice(1).forEach((part, index) => assert.notEqual(part.marked, parts[index]?.marked));
  }
  const span = find(text, "cobraron");
  assert.ok(span);
  assert.deepEqual(cut(text, [span]).filter(({ marked }) => marked), [{ words: "cobraron", marked: true }]);
  assert.equal(find(text, "nada"), null);
  assert.equal(find(text, ""), null);
});

test("axes have round figures that hold all", () => {
  for (const most of [0.0001, 0.3, 1, 7, 12, 99, 100, 101, 12345, 9.9e9]) {
    const rows = ticks(0, most);
    assert.equal(rows[0], 0);
    assert.ok((rows.at(-1) ?? 0) >= most * 0.999, `${most}: ${rows}`);
    assert.ok(rows.length >= 2 && rows.length <= 8, `${most}: ${rows}`);
  }
  assert.ok(ticks(0, 0).length >= 2);
});

test("periods lie by time, groups side by side", () => {
  assert.deepEqual(spread(["2026-01-01", "2026-01-11", "2026-01-21"]), [0, 0.5, 1]);
  assert.deepEqual(spread(["a", "b", "c"]), [0, 0.5, 1]);
  assert.deepEqual(spread(["a"]), [0.5]);
  assert.deepEqual(spread([]), []);
  assert.deepEqual([...labelled(5, 2)].sort(), [1, 4]);
  assert.deepEqual([...labelled(0, 3)], []);
});

test("a ratio lies by its logarithm, within the axis", () => {
  assert.equal(placeOf(1, 0.5, 2), 0.5);
  assert.equal(placeOf(100, 0.5, 2), 1);
  assert.equal(placeOf(0, 0.5, 2), 0);
  assert.equal(placeOf(Number.POSITIVE_INFINITY, 0.5, 2), 1);
});

test("CSV keeps what is in it, and runs nothing", () => {
  const rows = [{ a: 'say "hi", you', b: 1.5 }, { a: "=1+1", b: null }, { a: "-3", b: -3 }, { a: "two\nlines", b: 0 }];
  const written = writeCsv(
    [{ title: "A", value: (row) => row.a }, { title: "B", value: (row) => row.b }],
    rows,
  );
  assert.equal(written, '\ufeffA,B\r\n"say ""hi"", you",1.5\r\n\'=1+1,\r\n\'-3,-3\r\n"two\nlines",0\r\n');
});

test("a kind is meant by its name, its label, or their beginning", () => {
  const kinds = [
    { name: "Complaint", label: "Reclamação" },
    { name: "Customer", label: "Cliente" },
    { name: "Cause", label: "Causa" },
  ] as unknown as Kind[];
  const meant = (typed: string) => {
    const { text, kind } = readTyped(typed, kinds);
    return [kind?.name ?? null, text];
  };
  assert.deepEqual(meant("reclamacao: sem sinal"), ["Complaint", "sem sinal"]);
  assert.deepEqual(meant("complaint:x"), ["Complaint", "x"]);
  assert.deepEqual(meant("recl: x"), ["Complaint", "x"]);
  assert.deepEqual(meant(" Causa :"), ["Cause", ""]);
  assert.deepEqual(meant("at 10:30"), [null, "at 10:30"]);
  assert.deepEqual(meant("ana"), [null, "ana"]);
  assert.deepEqual(begun("ca", kinds).map(({ name }) => name), ["Cause"]);
  assert.deepEqual(begun("c", kinds), []);
  assert.equal(prefixOf(kinds[0] as Kind), "reclamação:");
});
