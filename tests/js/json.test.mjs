// What leaves the SDK as JSON, and what is made of what an application gives.

import assert from "node:assert/strict";
import { test } from "node:test";

import { camel, plain, put, snake, stringify } from "../../src/json/host.js";

/** Runs with something on a prototype, and takes it away again. */
const withProperty = (prototype, name, value, act) => {
  Object.defineProperty(prototype, name, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
  try {
    return act();
  } finally {
    delete prototype[name];
  }
};

const given = { list: [1, [2, { a: [] }]], text: "x", none: null, flag: true, nested: { object: {} }, left: undefined };
const expected = '{"list":[1,[2,{"a":[]}]],"text":"x","none":null,"flag":true,"nested":{"object":{}}}';

for (const prototype of [Array.prototype, Object.prototype, String.prototype, Number.prototype, Boolean.prototype]) {
  test(`toJSON on the prototype of ${prototype.constructor.name} changes no text`, () => {
    const texts = withProperty(prototype, "toJSON", () => "spoiled", () => [
      stringify(given),
      stringify([]),
      stringify("x"),
      stringify(7),
      stringify(null),
      stringify(undefined),
    ]);
    assert.deepEqual(texts, [expected, "[]", '"x"', "7", "null", "null"]);
  });
}

test("a toJSON of Prototype 1.6, which writes its own text, changes none", () => {
  const toJSON = function () {
    return `[${this.map((item) => JSON.stringify(item)).join(", ")}]`;
  };
  assert.equal(withProperty(Array.prototype, "toJSON", toJSON, () => stringify(given)), expected);
});

test("a toJSON on a prototype that is no function changes nothing", () => {
  assert.equal(withProperty(Object.prototype, "toJSON", "text", () => stringify(plain(given))), expected);
});

test("every JSON text of the SDK is written in one place", async () => {
  const { readdirSync, readFileSync } = await import("node:fs");
  const root = new URL("../../src/", import.meta.url);
  const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".js"));
  const writers = files.filter((name) => readFileSync(new URL(name, root), "utf8").includes("JSON.stringify("));
  assert.deepEqual(writers, ["json/host.js"]);
});

test("what is inherited is no field", () => {
  withProperty(Object.prototype, "clone", () => {}, () => {
    const keys = (object) => Object.getOwnPropertyNames(object);
    assert.deepEqual(keys(camel({ a_b: { c_d: 1 } })), ["aB"]);
    assert.deepEqual(keys(snake({ aB: { cD: 1 } }).a_b), ["c_d"]);
    assert.deepEqual(keys(plain({ a: {} }).a), []);
  });
});

test("a field is written where the prototype of all objects has `get` and `set`", () => {
  const object = {};
  withProperty(Object.prototype, "get", () => {}, () => put(object, "a", 1));
  assert.deepEqual(object, { a: 1 });
});

class Money {
  constructor(cents) {
    this.cents = cents;
  }
  toJSON() {
    return { amount: this.cents / 100, currency: "EUR" };
  }
}
class Point {
  x = 1;
  #y = 2;
  get y() {
    return this.#y;
  }
}

test("an application's values become plain data", () => {
  const copy = plain({
    when: new Date(0),
    price: new Money(250),
    prices: [new Money(1)],
    point: new Point(),
    address: new URL("https://x/a?b"),
    own: { a: 1, toJSON: () => ({ b: 2 }) },
    self: {
      a: 1,
      toJSON() {
        return { ...this };
      },
    },
    big: 7n,
    f: { g() {} },
    symbol: Symbol("s"),
    none: undefined,
  });
  assert.deepEqual(copy, {
    when: "1970-01-01T00:00:00.000Z",
    price: { amount: 2.5, currency: "EUR" },
    prices: [{ amount: 0.01, currency: "EUR" }],
    point: { x: 1 },
    address: "https://x/a?b",
    own: { b: 2 },
    self: { a: 1 },
    big: 7,
    f: {},
  });
});

test("the toJSON of all objects makes nothing of an application's values", () => {
  const copy = withProperty(Object.prototype, "toJSON", () => "spoiled", () =>
    withProperty(Array.prototype, "toJSON", () => "spoiled", () => plain({ list: [{ a: [1] }], price: new Money(100) })),
  );
  assert.deepEqual(copy, { list: [{ a: [1] }], price: { amount: 1, currency: "EUR" } });
});

test("a function among the arguments is seen, one within them is none", () => {
  const f = () => {};
  const copy = plain({ f, inner: { f } });
  assert.equal(copy.f, f);
  assert.deepEqual(Object.keys(copy.inner), []);
  assert.equal(stringify(copy), '{"inner":{}}');
});
