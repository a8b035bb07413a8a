// A panic in the core ends in a trap, and nobody ever reads its message: there is no standard error in a browser, and
// the shell replaces the instance (docs/adr/0012). So a panic is made to trap at once, the optimizer removes the
// machinery that would have formatted the message, and the places in the sources that it would have named are blanked.
// Rust's own way to this needs an unstable compiler. What else only the table of functions keeps goes the same way: ways
// into closures of types that nothing hands out, and formatting that only panics asked for.

import { functionNames, joinSections, number, Reader, splitSections } from "./wasm.mjs";

/** The functions that a panic begins with; none of them returns. */
const PANICS = [
  /^wasm_bindgen::throw_str$/,
  /^wasm_bindgen::__rt::(throw_null|borrow_fail)$/,
  /^core::panicking::/,
  /^core::(option|result)::(expect|unwrap)_failed/,
  /^core::cell::(panic_|lazy::panic_)/,
  /^core::(slice|str)::.*_fail/,
  /^std::panicking::/,
  /^__rustc::(rust_panic|rust_begin_unwind|__rust_alloc_error_handler)/,
  /^alloc::(raw_vec::(handle_error|capacity_overflow)|alloc::handle_alloc_error)/,
  /::assert_failed$/,
  // What only messages need; it stays because tables of functions name it.
  / as core::fmt::Debug>::fmt(\[\d+\])?$/,
  /^<core::cell::Borrow(Mut)?Error as /,
  /^<std::panicking::.* as /,
  /^<u32 as core::fmt::Display>::fmt$/,
  /^core::str::count::do_count_chars$/,
];

/** What only panics say; what the compiler calls otherwise one day costs some bytes again. */
const TEXTS = [
  /slice index starts at | but ends at | ?index out of bounds: the len is | but the index is |range (start|end) index |" out of range for slice of length /g,
  /(insertion|removal) index \(is |\) should be <=? len \(is |mid > len|Tried to shrink to a larger capacity|capacity overflow/g,
  /\/rustc\/[0-9a-f]{40}\/library\/|called `(Result|Option)::unwrap(_throw)?\(\)` on an? `(Err|None)` value|internal error: entered unreachable code/g,
  /FnOnce called more than once|LazyCell instance has previously been poisoned|`async fn` resumed after completion/g,
  /RefCell already (mutably )?borrowed|a (Display|formatting trait) implementation returned an error [a-z ]+/g,
  /closure invoked recursively or after being dropped|null pointer passed to rust|attempted to take ownership of Rust value while it was borrowed/g,
  /recursive use of an object detected which would lead to unsafe aliasing in rust|finish: (callbacks|result) should be (Some|None)/g,
  /: JsValue passed is not an Error type -- this is a bug|fetch returned |, not `Response` - this is a bug|js_value passed has no string representation/g,
];

/**
 * The way into a closure that JavaScript holds. wasm-bindgen makes one for each type of closure that any crate could hand
 * out, and leaves it in the table of functions when none does. What is in use is exported under the same hash.
 */
const WAY_IN = /^wasm_bindgen::convert::closures::_::invoke::(h[0-9a-f]{16})$/;

/** What turns values into text, and what takes the text. */
const FORMATTING = / as core::fmt::\w+>::\w+$/;
const WRITER = / as core::fmt::Write>::write_(str|char|fmt)$/;

const bare = (name) => name.replace(/\[[0-9a-f]+\]/g, "").replace(/::h[0-9a-f]{16}$/, "");
const isPanic = (name) => PANICS.some((pattern) => pattern.test(bare(name)));

// No locals; `unreachable`; the end.
const TRAP = Buffer.from([3, 0x00, 0x00, 0x0b]);

/**
 * @param {Uint8Array} wasm a module with a name section
 * @returns {Uint8Array} the same module, whose panics trap at once
 */
export function trapOnPanic(wasm) {
  const { names, imported } = functionNames(wasm);
  const nameOf = (index) => names.get(index) ?? "";
  const exported = WebAssembly.Module.exports(new WebAssembly.Module(wasm)).map(({ name }) => name);
  const isUnused = (name) => {
    const hash = WAY_IN.exec(name)?.[1];
    return hash !== undefined && !exported.some((other) => other.endsWith(hash));
  };
  const isMute = hasNoWriter(wasm, nameOf, imported);
  let found = 0;
  const sections = splitSections(wasm).map(({ id, body }) => {
    if (id === 11) return { id, body: withoutTexts(withoutPlaces(body)) };
    if (id === 9 && isMute) return { id, body: withoutFormatting(body, nameOf) };
    if (id !== 10) return { id, body };
    const codes = codesOf(body).map((code, i) => {
      const name = nameOf(imported + i);
      const traps = isPanic(name) || isUnused(name);
      if (traps) found += 1;
      return traps ? TRAP : code;
    });
    return { id, body: Buffer.concat([Buffer.from(number(codes.length)), ...codes]) };
  });
  if (found === 0) throw new Error("no panic has been found: do the functions still have names, and these?");
  return joinSections(sections);
}

/**
 * Whether nothing can be formatted: a text is written through a table of functions in the data (`{ drop, size, align,
 * write_str, write_char, write_fmt }`), and no code and no other table names the address of one. The functions would stay
 * all the same, because the table of functions names them.
 */
function hasNoWriter(wasm, nameOf, imported) {
  const sections = splitSections(wasm);
  const bodyOf = (wanted) => Buffer.from(sections.find(({ id }) => id === wanted).body);
  const isWriter = (index) => WRITER.test(bare(nameOf(index)));
  const places = tableOf(bodyOf(9)).flatMap(({ start, functions }) => functions.map((index, i) => [start + i, index]));
  const writers = new Set(places.filter(([, index]) => isWriter(index)).map(([place]) => place));
  const segments = segmentsOf(bodyOf(11));
  const words = segments.flatMap(({ start, bytes }) => {
    const first = (4 - (start % 4)) % 4;
    return Array.from({ length: Math.max(0, (bytes.length - first) >> 2) }, (_, i) => [start + first + 4 * i, bytes.readUInt32LE(first + 4 * i)]);
  });
  // A writer names its own table; that alone is no use.
  const code = Buffer.concat(codesOf(bodyOf(10)).filter((_, i) => !isWriter(imported + i)));
  const isNamed = (address) => words.some(([, word]) => word === address) || code.includes(Buffer.from([0x41, ...signed(address)]));
  const tables = words.filter(([at], i) => [3, 4, 5].every((field) => words[i + field]?.[0] === at + 4 * field && writers.has(words[i + field][1])));
  return tables.length * 3 >= writers.size && !tables.some(([address]) => isNamed(address));
}

/** The functions' codes, each with its length. */
function codesOf(section) {
  const reader = new Reader(section);
  return Array.from({ length: reader.number() }, () => {
    const start = reader.at;
    const size = reader.number();
    reader.at += size;
    return section.subarray(start, reader.at);
  });
}

/** The parts of a section that are put somewhere: where they start, and what `read` makes of the rest. */
function placed(section, what, read) {
  const reader = new Reader(section);
  return Array.from({ length: reader.number() }, () => {
    if (reader.number() !== 0 || reader.byte() !== 0x41) throw new Error(`${what} of an unexpected kind`);
    const start = reader.number();
    reader.byte();
    return { start, ...read(reader) };
  });
}

/** The parts of the table of functions: where they begin, and the functions in them. */
const tableOf = (section) =>
  placed(section, "a part of the table of functions", (reader) => ({
    functions: Array.from({ length: reader.number() }, () => reader.number()),
  }));

/** Puts a panic where the table names what formats. Who calls that by itself still finds it. */
function withoutFormatting(section, nameOf) {
  const parts = tableOf(section);
  const panic = parts.flatMap(({ functions }) => functions).find((index) => isPanic(nameOf(index)));
  if (panic === undefined) return section;
  const kept = (index) => (FORMATTING.test(bare(nameOf(index))) ? panic : index);
  const bytes = ({ start, functions }) => [0, 0x41, ...signed(start), 0x0b, ...number(functions.length), ...functions.map(kept).flatMap(number)];
  return Buffer.from([...number(parts.length), ...parts.flatMap(bytes)]);
}

/** A signed LEB128 number that is positive. */
const signed = (value) => {
  const bytes = number(value);
  return bytes.at(-1) < 0x40 ? bytes : [...bytes.slice(0, -1), bytes.at(-1) | 0x80, 0];
};

/** Blanks what only panics say. */
function withoutTexts(body) {
  const text = TEXTS.reduce((text, said) => text.replace(said, (found) => "\0".repeat(found.length)), body.toString("latin1"));
  return Buffer.from(text, "latin1");
}

/** Blanks what says where in the sources something stands: `{ file, length, line, column }`, and the file's name. */
function withoutPlaces(section) {
  const body = Buffer.from(section);
  const segments = segmentsOf(body);
  const at = (address) => segments.find(({ start, bytes }) => address >= start && address < start + bytes.length);
  const blanked = new Set();
  for (const { start, bytes } of segments) {
    for (let offset = (4 - (start % 4)) % 4; offset + 16 <= bytes.length; offset += 4) {
      const [file, length, line, column] = [0, 4, 8, 12].map((field) => bytes.readUInt32LE(offset + field));
      const home = at(file);
      if (!home || length > 200 || line === 0 || line > 99_999 || column === 0 || column > 999) continue;
      const name = home.bytes.subarray(file - home.start, file - home.start + length);
      // Several places are in one file.
      if (!blanked.has(file) && !/^[\w/.-]+\.rs$/.test(name.toString("latin1"))) continue;
      blanked.add(file);
      name.fill(0);
      bytes.fill(0, offset, offset + 16);
    }
  }
  return body;
}

/** The active data segments: where they start in memory, and their bytes, which are views. */
const segmentsOf = (body) =>
  placed(body, "a data segment", (reader) => {
    const length = reader.number();
    reader.at += length;
    return { bytes: body.subarray(reader.at - length, reader.at) };
  });
