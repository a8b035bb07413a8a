// What the host makes of values, whatever a page has added to every object, and of whatever window they are.

import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { createContext, runInContext } from "node:vm";

import * as host from "../../src/json/host.js";

host.install("text\nsize\nproperties", new WebAssembly.Memory({ initial: 1 }));
const elsewhere = createContext();
const foreign = (code) => runInContext(code, elsewhere);

const added = ["each", "size", "text", "get", "set", "toISOString"];
afterEach(() => {
  for (const name of added) delete Object.prototype[name];
});

test("a function that a page adds to every object is in nothing that is kept, sent or told", () => {
  for (const name of added) Object.prototype[name] = () => "a page's own";
  const given = { chat_id: "c", event: { custom_id: "x", elements: [{ a_b: null }] }, session_fields: [{ k: "v" }] };
  const shown = host.camel(given);
  const kept = host.snake(shown);
  for (const value of [shown, kept, host.plain(given)]) assert.deepEqual(Object.keys(structuredClone(value)), Object.keys(value));
  assert.equal(JSON.stringify(kept), JSON.stringify(given));
  assert.equal(JSON.stringify(host.plain(given)), JSON.stringify(given));
  assert.equal(host.get({}, 1), undefined);
  assert.equal(host.get({ size: 7 }, 1), 7);
  const target = {};
  host.copy_as(target, 0, {}, 1);
  assert.deepEqual(Object.keys(target), []);
  host.put(target, "__proto__", 1);
  assert.deepEqual(Object.keys(target), ["__proto__"]);
});

test("values of another window are what they are", () => {
  const given = foreign(`({ when: new Date(0), list: [1, "two", [3n]], own: { f() {}, s: Symbol(), n: null } })`);
  const copy = { when: "1970-01-01T00:00:00.000Z", list: [1, "two", [3]], own: { n: null } };
  assert.equal(JSON.stringify(host.plain(given)), JSON.stringify(copy));
});

for (const [what, make] of [
  ["a getter that throws", () => ({ get text() { throw new Error("trap"); } })],
  ["a proxy that throws", () => new Proxy({}, { ownKeys() { throw new Error("trap"); } })],
  ["a proxy that was revoked", () => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; }],
  ["what says that it is a date", () => ({ [Symbol.toStringTag]: "Date", toISOString: () => ({}) })],
  ["a date that is none", () => new Date(NaN)],
  ["a ring", () => { const ring = {}; ring.ring = ring; return ring; }],
]) {
  test(`${what} is refused`, () => {
    assert.throws(() => host.plain(make()));
    assert.throws(() => host.plain({ in: [make()] }));
  });
}
