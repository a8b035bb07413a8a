// Reads just enough of a WebAssembly module to say whose code is in it, and to change what needs no understanding.

const utf8 = new TextDecoder();
const EXPORTS = 7;
/** The kind of an export. */
const MEMORY = 2;
const SECTIONS = ["custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data", "data count", "tag"];

export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }
  text() {
    const length = this.number();
    this.at += length;
    return utf8.decode(this.bytes.subarray(this.at - length, this.at));
  }
  limits() {
    const flags = this.number();
    this.number();
    if (flags & 1) this.number();
  }
  /** What kind of thing is imported; true for a function. */
  importType() {
    const kind = this.byte();
    if (kind === 0) this.number();
    else if (kind === 1) this.byte(), this.limits();
    else if (kind === 2) this.limits();
    else if (kind === 3) this.at += 2;
    else if (kind === 4) this.byte(), this.number();
    else throw new Error(`unknown kind of import: ${kind}`);
    return kind === 0;
  }
}

/** The parts of a module, by the number of their kind. */
export function splitSections(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = [];
  while (reader.at < bytes.length) {
    const id = reader.byte();
    const length = reader.number();
    sections.push({ id, body: bytes.subarray(reader.at, reader.at + length) });
    reader.at += length;
  }
  return sections;
}

export function joinSections(sections) {
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  return Buffer.concat([Buffer.from(header), ...sections.flatMap(({ id, body }) => [Buffer.from([id, ...number(body.length)]), body])]);
}

/** An unsigned LEB128 number. */
export function number(value) {
  const bytes = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return bytes;
}

/** A module with one more export, which gives its memory another name. */
export function addExport(bytes, name) {
  const label = Buffer.from(name);
  const entry = [...number(label.length), ...label, MEMORY, 0];
  return joinSections(
    splitSections(bytes).map(({ id, body }) => {
      if (id !== EXPORTS) return { id, body };
      const reader = new Reader(body);
      const count = reader.number();
      return { id, body: Buffer.concat([Buffer.from(number(count + 1)), body.subarray(reader.at), Buffer.from(entry)]) };
    }),
  );
}

/** The names of functions by their index, and how many of them are imported. */
export function functionNames(bytes) {
  const names = new Map();
  let imported = 0;
  for (const { id, body } of splitSections(bytes)) {
    const reader = new Reader(body);
    if (id === 0 && reader.text() === "name") readNames(reader, body.length, names);
    if (id === 2) imported = countImportedFunctions(reader);
  }
  return { names, imported };
}

/** `{ sections: Map name → bytes, functions: [{ name, size }] }`; names need a name section. */
export function readWasm(bytes) {
  const reader = new Reader(bytes, 8);
  const sections = new Map();
  const bodies = [];
  const names = new Map();
  let imported = 0;
  while (reader.at < bytes.length) {
    const start = reader.at;
    const id = reader.byte();
    const length = reader.number();
    const end = reader.at + length;
    let name = SECTIONS[id] ?? `section ${id}`;
    if (id === 0) {
      name = `custom ${reader.text()}`;
      if (name === "custom name") readNames(reader, end, names);
    } else if (name === "import") {
      imported = countImportedFunctions(reader);
    } else if (name === "code") {
      for (let count = reader.number(); count > 0; count -= 1) {
        const before = reader.at;
        const size = reader.number();
        // The length itself belongs to what the function costs.
        bodies.push(reader.at - before + size);
        reader.at += size;
      }
    }
    sections.set(name, (sections.get(name) ?? 0) + end - start);
    reader.at = end;
  }
  return { sections, functions: bodies.map((size, i) => ({ name: names.get(imported + i) ?? "", size })) };
}

function countImportedFunctions(reader) {
  let functions = 0;
  for (let count = reader.number(); count > 0; count -= 1) {
    reader.text();
    reader.text();
    if (reader.importType()) functions += 1;
  }
  return functions;
}

function readNames(reader, end, names) {
  while (reader.at < end) {
    const kind = reader.byte();
    const stop = reader.number() + reader.at;
    if (kind === 1) {
      for (let count = reader.number(); count > 0; count -= 1) names.set(reader.number(), reader.text());
    }
    reader.at = stop;
  }
}

// `__rustc` holds the compiler's allocator shims.
const STANDARD = new Set(["core", "alloc", "std", "__rustc"]);

/**
 * The crate that a function is there for: the first in its (demangled) name that is not the standard library, so that
 * `Vec<palaver::Event>::push` counts for palaver. `own` gets what has no path: functions exported under plain names.
 */
export function crateOf(name, own) {
  if (/^_?_?(wbindgen|externref)/.test(name) || name.includes("->")) return "wasm_bindgen";
  // A path begins where no `::` stands before it; `[0123abcd]` is the crate's hash.
  const crates = [...name.replace(/\[[0-9a-f]+\]/g, "").matchAll(/(?<![:\w])([a-z_][a-z0-9_]*)::/g)].map((match) => match[1]);
  if (crates.length === 0) return own;
  return crates.find((crate) => !STANDARD.has(crate) && crate !== "_") ?? "std";
}
