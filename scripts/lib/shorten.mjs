// wasm-bindgen links a module and its glue by long names that end in hashes; each stands in both files, and hashes do
// not compress. No user ever sees these names, so they are replaced in both by short ones.

import { joinSections, number, Reader, splitSections } from "./wasm.mjs";

const GLUE = "./palaver_bg.js";

/** The nth short name: a, b, … z, aa, ab, … */
function short(n) {
  const letter = String.fromCharCode(97 + (n % 26));
  return n < 26 ? letter : short(Math.floor(n / 26) - 1) + letter;
}

/**
 * @param {Uint8Array} wasm a module as wasm-bindgen leaves it
 * @param {string} glue the JavaScript that wasm-bindgen made for it
 * @returns {{ wasm: Uint8Array, glue: string }}
 */
export function shortenNames(wasm, glue) {
  // Of each JS file that the core imports: its functions.
  const modules = new Map();
  const fields = new Map();
  const exported = new Map();
  const sections = splitSections(wasm).flatMap(({ id, body }) => {
    if (id === 0) return []; // notes of the compilers
    if (id === 2) return [{ id, body: renameImports(body, modules, fields) }];
    if (id === 7) return [{ id, body: renameExports(body, glue, exported) }];
    return [{ id, body }];
  });

  let text = withoutUnused(glue, fields);
  text = withFieldsOf(text, modules);
  for (const [name, replacement] of fields) text = replaceExactly(text, new RegExp(`^(\\s+)${name}: `, "gm"), `$1${replacement}: `, name);
  for (const [name, replacement] of exported) text = text.replace(new RegExp(`\\bwasm\\.${name}\\b`, "g"), `wasm.${replacement}`);
  return { wasm: joinSections(sections), glue: text };
}

/**
 * The glue was made for the module before it was optimized: what the module no longer imports is left out, and then the
 * functions that nothing calls any more. (They stand within a function, where a bundler keeps them.)
 */
function withoutUnused(glue, fields) {
  // An import is an entry of one object, from its name to a line of the same depth that begins with a brace.
  let text = glue.replace(/^ {8}(\w+): function[^]*?^ {8}\}.*\n/gm, (entry, name) => (fields.has(name) ? entry : ""));
  for (let before; before !== text; ) {
    before = text;
    text = text.replace(/^function (\w+)\([^]*?^\}\n/gm, (declaration, name) => {
      const uses = (within) => within.split(new RegExp(`\\b${name}\\b`)).length;
      return uses(before) > uses(declaration) ? declaration : "";
    });
  }
  return text;
}

/**
 * What the core imports straight from JS files joins what it imports from the glue, name by name, so that a bundler need
 * not keep the files' other exports, nor an object of them all. wasm-bindgen lists a file once for each block of
 * declarations; the value is always the same.
 */
function withFieldsOf(glue, modules) {
  let text = glue;
  const entries = [];
  for (const [module, fields] of modules) {
    const line = new RegExp(`^\\s+"${literally(module)}": (import\\d+),\n`, "m");
    const [, value] = line.exec(text) ?? [];
    if (!value) throw new Error(`wasm-bindgen's glue does not provide ${module} in the expected form`);
    for (const [name, replacement] of fields) entries.push(`        ${replacement}: ${value}.${name},\n`);
    text = text.replace(new RegExp(line, "gm"), "");
  }
  text = replaceExactly(text, /^ {4}const import0 = \{\n {8}__proto__: null,\n/m, `$&${entries.join("")}`, "its own functions");
  return replaceExactly(text, new RegExp(`"${literally(GLUE)}": `), "a: ", GLUE);
}

const literally = (name) => name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** A name that the module imports and the glue does not provide would fail only in the browser; better here. */
function replaceExactly(text, pattern, replacement, name) {
  if (!pattern.test(text)) throw new Error(`wasm-bindgen's glue does not provide ${name} in the expected form`);
  return text.replace(pattern, replacement);
}

const text = (value) => Buffer.from([...number(Buffer.byteLength(value)), ...Buffer.from(value)]);

function renameImports(body, modules, fields) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [Buffer.from(number(count))];
  for (let i = 0; i < count; i += 1) {
    const module = reader.text();
    const field = reader.text();
    const own = module === GLUE ? fields : (modules.get(module) ?? new Map());
    if (module !== GLUE) modules.set(module, own);
    if (!own.has(field)) own.set(field, short(i));
    const start = reader.at;
    reader.importType();
    parts.push(text("a"), text(own.get(field)), body.subarray(start, reader.at));
  }
  return Buffer.concat(parts);
}

function renameExports(body, glue, exported) {
  const reader = new Reader(body);
  const count = reader.number();
  const parts = [Buffer.from(number(count))];
  for (let i = 0; i < count; i += 1) {
    const name = reader.text();
    // `memory` keeps its name for debuggers; what the glue does not call by `wasm.name` may be found in another way.
    if (name !== "memory" && new RegExp(`\\bwasm\\.${name}\\b`).test(glue)) exported.set(name, short(exported.size));
    const start = reader.at;
    reader.byte();
    reader.number();
    parts.push(text(exported.get(name) ?? name), body.subarray(start, reader.at));
  }
  return Buffer.concat(parts);
}
