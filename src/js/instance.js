// The instances of the core's module, one at a time. What throws in one leaves it in the middle of a step, so it is never
// entered again: what it left open is closed, and a fresh one takes its place.

import { glue } from "../../pkg/palaver.js";
import { report } from "../api/report.js";
import { abandonAll } from "../platform/open.js";

// A core that breaks again and again is not replaced for ever.
const MOST_DEATHS = 3;
const WITHIN_MS = 60_000;

/** Unwinds what still stands on the stack of a broken instance. */
const BROKEN = new Error("the core broke");

let module;
let life;
let deaths = [];
// The apis that live in the instance, and what they want done as soon as there is a new one.
const tenants = new Set();
let postponed = [];

/** Makes the first instance of a module, unless another module was faster. */
export const begin = async (compiled) => {
  const { imports, start } = glue();
  const { exports } = await WebAssembly.instantiate(compiled, imports);
  if (module) return;
  module = compiled;
  life = live(exports, start);
};

export const isLoaded = () => Boolean(module);

/** Every way into an instance leads through a guard. */
const live = (exports, start) => {
  const own = { isBroken: false, depth: 0, Core: undefined, unwind: undefined };
  // No way in takes more, and a list of arguments would cost as much as the rest of the guard.
  const guard = (enter) => (a, b, c, d, e, f, g, h) => {
    if (own.isBroken) {
      // Late: a timer, a socket, a promise of what is no more.
      if (own.depth === 0) return void expectReplacement();
      throw BROKEN;
    }
    own.depth++;
    try {
      return enter(a, b, c, d, e, f, g, h);
    } catch (cause) {
      if (!own.isBroken) breakDown(own, cause);
      if (own.depth > 1) throw BROKEN;
    } finally {
      own.depth--;
    }
  };
  own.unwind = () => {
    if (own.isBroken) throw BROKEN;
  };
  const entries = Object.entries(exports).map(([name, it]) => [name, typeof it === "function" ? guard(it) : it]);
  own.Core = start({ ...Object.fromEntries(entries), unwind: own.unwind });
  return own;
};

const breakDown = (own, cause) => {
  own.isBroken = true;
  deaths.push(Date.now());
  report(cause);
  expectReplacement();
};

let isExpected = false;
const expectReplacement = () => {
  if (isExpected) return;
  // Not here: the stack may be exhausted, and listeners of the broken core may still be at work.
  queueMicrotask(() => {
    isExpected = false;
    if (life.isBroken) replace();
  });
  isExpected = true;
};

let isReplacing = false;
const replace = () => {
  isReplacing = true;
  abandonAll();
  const now = Date.now();
  deaths = deaths.filter((at) => now - at < WITHIN_MS);
  try {
    if (deaths.length >= MOST_DEATHS) throw BROKEN;
    const { imports, start } = glue();
    life = live(new WebAssembly.Instance(module, imports).exports, start);
    for (const tenant of tenants) tenant.revive();
  } catch {
    for (const tenant of tenants) tenant.end();
    tenants.clear();
  }
  isReplacing = false;
  for (const act of postponed.splice(0)) enter(act);
};

/** The instance that is entered now, for who must know whether it outlives what he does. */
export const unwinding = () => life.unwind;

export const join = (tenant) => tenants.add(tenant);
export const leave = (tenant) => tenants.delete(tenant);

/** Does something in the core, or as soon as there is one again. */
export const enter = (act) => {
  if (life.isBroken) {
    if (life.depth > 0 || isReplacing) return void postponed.push(act);
    replace();
  }
  try {
    act(life.Core);
  } catch (error) {
    // What breaks the core is dealt with elsewhere.
    if (!life.isBroken) throw error;
  }
};
