import "./browser";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { ReactiveController } from "lit";
import { AskError, type Asked, ask } from "../src/shared/ask";
import { forgetQuestions, questions, remember } from "../src/shared/asked";
import { Loading } from "../src/shared/loading";
import { sessionState, signIn, signOut } from "../src/shared/session";
import { speak } from "../src/shared/words";

interface Call {
  body: { query: string; variables: Record<string, unknown> };
  headers: Record<string, string>;
  signal: AbortSignal | null;
  answer: (body: unknown, status?: number) => void;
}
let calls: Call[] = [];

globalThis.fetch = ((_url: string, init: RequestInit) =>
  new Promise((resolve, reject) => {
    init.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    calls.push({
      body: JSON.parse(init.body as string),
      headers: init.headers as Record<string, string>,
      signal: init.signal ?? null,
      answer: (body, status = 200) => resolve(new Response(JSON.stringify(body), { status })),
    });
  })) as typeof fetch;

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
const call = (place: number) => calls.at(place) as Call;
const UNAUTHENTICATED = { errors: [{ message: "sign in first", extensions: { code: "unauthenticated" } }] };
const found = "query Found($q: String) { me { role } }" as unknown as Asked<{ n: number }, { q: string }>;

class Host {
  private readonly controllers: ReactiveController[] = [];
  updateComplete = Promise.resolve(true);
  addController(controller: ReactiveController): void {
    this.controllers.push(controller);
  }
  removeController(): void {}
  requestUpdate(): void {
    queueMicrotask(() => this.update());
  }
  update(): void {
    for (const one of this.controllers) one.hostUpdate?.();
  }
  connect(): void {
    for (const one of this.controllers) one.hostConnected?.();
    this.update();
  }
  disconnect(): void {
    for (const one of this.controllers) one.hostDisconnected?.();
  }
}

function begin(variables: () => { q: string } | null) {
  const host = new Host();
  const loading = new Loading(host, found, variables);
  host.connect();
  return { host, loading };
}

beforeEach(() => {
  calls = [];
  speak("en");
  signIn("key");
});

test("it asks when there is something to ask, and again when that changes; the last question counts", async () => {
  let q: string | null = null;
  const { host, loading } = begin(() => (q === null ? null : { q }));
  assert.equal(calls.length, 0);
  q = "a";
  host.update();
  host.update();
  assert.equal(calls.length, 1, "once for the same question");
  assert.ok(loading.loading);
  q = "b";
  host.update();
  assert.ok(call(0).signal?.aborted);
  call(0).answer({ data: { n: 1 } });
  call(1).answer({ data: { n: 2 }, extensions: { masked: ["Customer.email"] } });
  await settle();
  assert.deepEqual([loading.data, loading.loading, loading.error], [{ n: 2 }, false, null]);
  assert.deepEqual(loading.masked, ["Customer.email"]);
  host.disconnect();
});

test("an error leaves what was there, and can be tried again", async () => {
  let q = "a";
  const { host, loading } = begin(() => ({ q }));
  call(0).answer({ data: { n: 1 } });
  await settle();
  q = "b";
  host.update();
  call(1).answer({ errors: [{ message: "too long", extensions: { code: "overtime", hint: "less" } }] }, 503);
  await settle();
  assert.deepEqual(loading.data, { n: 1 });
  assert.ok(loading.error instanceof AskError);
  assert.deepEqual([loading.error.code, loading.error.hint], ["overtime", "less"]);
  loading.reload();
  await settle();
  call(2).answer({ data: { n: 3 } });
  await settle();
  assert.deepEqual([loading.data, loading.error], [{ n: 3 }, null]);
  host.disconnect();
});

test("the end of a sign-in keeps what is shown, and signing in asks again with the new key", async () => {
  let q = "a";
  const { host, loading } = begin(() => ({ q }));
  call(0).answer({ data: { n: 1 } });
  await settle();
  q = "b";
  host.update();
  call(1).answer(UNAUTHENTICATED, 401);
  await settle();
  assert.equal(sessionState(), "expired");
  assert.deepEqual(loading.data, { n: 1 });
  assert.ok(loading.waiting);
  signIn("another");
  await settle();
  assert.equal(call(2).headers["authorization"], "Bearer another");
  call(2).answer({ data: { n: 2 } });
  await settle();
  assert.deepEqual([loading.data, loading.waiting], [{ n: 2 }, false]);
  host.disconnect();
});

test("another language is another question", async () => {
  const { host, loading } = begin(() => ({ q: "a" }));
  call(0).answer({ data: { n: 1 } });
  await settle();
  speak("pt");
  await settle();
  assert.equal(call(1).headers["accept-language"], "pt");
  assert.deepEqual(loading.data, { n: 1 }, "it stays until the answer is there");
  host.disconnect();
  assert.ok(call(1).signal?.aborted, "nobody waits for it any more");
});

test("what cannot be read, and a service that is not there, are errors too", async () => {
  const asking = ask(found, { q: "" });
  call(0).answer("no object");
  await assert.rejects(asking, AskError);
  globalThis.fetch = () => Promise.reject(new TypeError("no route"));
  await assert.rejects(ask(found, { q: "" }), (error: AskError) => error.code === "network");
  signOut("out");
});

test("each tab's questions are remembered, the last first, until somebody leaves", () => {
  forgetQuestions();
  remember("causes", "query A { me { role } }", { n: 1 });
  remember("causes", "query B { me { role } }", {});
  remember("causes", "query A { me { role } }", { n: 2 });
  remember("review", "{ me { role } }", {});
  assert.deepEqual(questions("causes").map(({ name, variables }) => [name, variables]), [["A", { n: 2 }], ["B", {}]]);
  assert.equal(questions("review")[0]?.name, "");
  forgetQuestions();
  assert.deepEqual(questions("causes"), []);
});
