import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, count, day, decimal, language, list, money, month, percent, sayer, speak, type Words } from "../src/shared/words";

// Every dictionary of the pages: words.ts of each folder, and what many parts say.
const dictionaries = import.meta.glob<Record<string, unknown>>(
  ["../src/**/*words.ts", "../src/shared/common.ts", "!../src/shared/words.ts"],
  { eager: true },
);

function isDictionary(value: unknown): value is Words {
  return typeof value === "object" && value !== null && LANGUAGES.every((one) => one in value);
}

const found = Object.entries(dictionaries).flatMap(([file, module]) =>
  Object.entries(module).flatMap(([name, value]) => (isDictionary(value) ? [{ place: `${file} ${name}`, words: value }] : [])),
);

test("there are dictionaries, one in each file of words", () => {
  assert.ok(found.length >= 3);
  for (const file of Object.keys(dictionaries)) assert.ok(found.some(({ place }) => place.startsWith(file)), file);
});

const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

for (const { place, words } of found) {
  test(`every language says everything: ${place}`, () => {
    const names = Object.keys(words.en);
    for (const spoken of LANGUAGES) {
      assert.deepEqual(Object.keys(words[spoken]).sort(), [...names].sort(), spoken);
      for (const name of names) {
        const text = words[spoken][name] ?? "";
        assert.ok(text.trim(), `${spoken}.${name} says nothing`);
        assert.deepEqual(holes(text), holes(words.en[name] ?? ""), `${spoken}.${name} has other places for values`);
        const forms = text.split("|").length;
        assert.ok(forms <= 2, `${spoken}.${name} has more than two forms`);
      }
    }
  });
  test(`nothing is left in English: ${place}`, () => {
    // Names, and words that are the same, are short.
    for (const [name, text] of Object.entries(words.en)) {
      if (text.split(/\s+/).length < 4) continue;
      for (const spoken of ["es", "pt"] as const) assert.notEqual(words[spoken][name], text, `${spoken}.${name}`);
    }
  });
}

test("words follow the language, figures too", () => {
  assert.equal(language(), "pt", "the reader's own is spoken first");
  const say = sayer({
    en: { rows: "{n} row|{n} rows", by: "by {who}" },
    es: { rows: "{n} fila|{n} filas", by: "por {who}" },
    pt: { rows: "{n} linha|{n} linhas", by: "por {who}" },
  });
  assert.equal(say("rows", { n: 1 }), "1 linha");
  speak("en");
  assert.equal(say("rows", { n: 1 }), "1 row");
  assert.equal(say("rows", { n: 1200 }), "1,200 rows");
  assert.equal(say("by", { who: "{n}" }), "by {n}", "values are no words");
  assert.equal(document.documentElement.lang, "en");
  assert.deepEqual([count(12345), decimal(3.14159), percent(0.256)], ["12,345", "3.1", "26%"]);
  speak("es");
  assert.equal(decimal(3.14159, 2), "3,14");
  assert.match(money("1234.5", "BRL"), /1\.?235/);
  assert.match(day("2026-08-10T23:30:00Z"), /10/);
  assert.match(month("2026-08"), /ago.*2026/i);
  assert.equal(list(["a", "b", "c"]), "a, b y c");
});
