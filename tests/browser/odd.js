// Values that are no plain data, as careless or hostile page code may hand them over.

class Thing {
  #secret = 1;
  text = "x";
  get secret() {
    return this.#secret;
  }
}

export const oddities = () => {
  const cyclic = { chatId: "C" };
  cyclic.self = cyclic;
  let deep = {};
  for (let depth = 0; depth < 5000; depth++) deep = { deep };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = Object.defineProperty({}, "text", {
    enumerable: true,
    get() {
      throw new Error("not today");
    },
  });
  return [
    undefined, null, NaN, Infinity, -0, Symbol("s"), 10n, () => "x", Thing, new Thing(), new Date(0), new Date(NaN),
    new Map([["a", 1]]), new Set([1]), new WeakMap(), /x/, new Error("e"), Promise.resolve("x"), cyclic, deep, throwing,
    revoked.proxy, new Proxy({}, { ownKeys: () => ["text", "text"] }), Object.create(null), new String("x"),
    new Number(7), "\ud800", "x".repeat(1_000_000), [, , 1], Array.from({ length: 10_000 }, (_, index) => index),
    new Uint8Array(3), document.body, JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    { toJSON: () => "x" }, { toString: null, valueOf: () => { throw new Error("no"); } }, globalThis.crypto,
  ];
};

export const describe = (value) => {
  try {
    return Object.prototype.toString.call(value) + String(JSON.stringify(value)).slice(0, 60);
  } catch (error) {
    return `something that throws ${error}`;
  }
};

/** An object whose field is read by calling something. */
export const trap = (name, act) => ({
  chatId: "C",
  get [name]() {
    act();
    return "x";
  },
});
