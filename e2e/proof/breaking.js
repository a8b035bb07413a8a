// In the page: makes the core break on purpose. Whatever goes into a wasm instance or comes out of it is counted, and the
// chosen crossing throws.

const native = { instantiate: WebAssembly.instantiate, Instance: WebAssembly.Instance };

/** Which crossing throws: `side` is "exports" or "imports", `name` one of them or undefined for any. */
export const plan = { side: "", name: undefined, at: 0, when: "before", times: 1 };
export const seen = { exports: {}, imports: {}, instances: 0, broken: 0 };
let count = 0;

/** Chooses anew; from here on is counted. */
export const arm = (given) => {
  Object.assign(plan, { side: "", name: undefined, at: 0, when: "before", times: 1 }, given);
  count = 0;
  for (const side of ["exports", "imports"]) seen[side] = {};
};

const strikes = (side, name) => {
  seen[side][name] = (seen[side][name] ?? 0) + 1;
  if (plan.side !== side || (plan.name !== undefined && plan.name !== name)) return false;
  count += 1;
  return count >= plan.at && count < plan.at + plan.times;
};

const wrapped = (side, prefix, functions) =>
  Object.fromEntries(
    Object.entries(functions).map(([key, it]) => {
      if (typeof it !== "function") return [key, it];
      const name = prefix + key;
      const act = (...args) => {
        if (!strikes(side, name)) return it(...args);
        seen.broken += 1;
        if (plan.when === "after") it(...args);
        throw new WebAssembly.RuntimeError(`${side} ${name}: unreachable`);
      };
      return [key, act];
    }),
  );

const broken = (imports) =>
  Object.fromEntries(Object.entries(imports).map(([module, functions]) => [module, wrapped("imports", `${module}.`, functions)]));
const fragile = (instance) => {
  seen.instances += 1;
  return { exports: wrapped("exports", "", instance.exports) };
};

WebAssembly.instantiate = async (module, imports) => fragile(await native.instantiate.call(WebAssembly, module, broken(imports)));
WebAssembly.Instance = function (module, imports) {
  return fragile(new native.Instance(module, broken(imports)));
};
