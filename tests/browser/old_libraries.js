// What libraries of old do to the prototypes of a page.

const text = function () {
  return "spoiled";
};

export const extend = (which) => {
  const undo = [];
  const add = (target, name, value) => {
    const before = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
    undo.push(() => (before ? Object.defineProperty(target, name, before) : delete target[name]));
  };
  // Prototype 1.6.
  for (const type of [Array, String, Number, Date]) add(type.prototype, "toJSON", text);
  for (const name of ["each", "first", "last", "size", "clone", "inspect"]) add(Array.prototype, name, text);
  add(Object, "keys", (object) => {
    const keys = [];
    for (const key in object) keys.push(key);
    return keys;
  });
  if (which === "everything") {
    add(Object, "keys", Object.getOwnPropertyNames);
    for (const name of ["toJSON", "clone", "get", "set"]) add(Object.prototype, name, text);
  }
  return () => {
    for (const act of undo.reverse()) act();
  };
};
