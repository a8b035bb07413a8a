// The browser's half of json::Value. Everything here is total: no input makes it throw, because an exception that
// crosses the core leaves it in the middle of a step.

let words = [];
const indexes = new Map();
let memory;
export const install = (table, own) => {
  memory = own;
  words = table.split("\n");
  words.forEach((word, index) => indexes.set(word, index));
};

// Only objects are written to; with anything else writing does nothing.
export const is_object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
// What a page has added to every object is no data.
export const get = (value, name) => {
  const found = value?.[words[name]];
  return typeof found === "function" ? undefined : found;
};
export const word = (value) => indexes.get(value) ?? -1;
export const word_at = (value, name) => indexes.get(get(value, name)) ?? -1;
export const text_at = (value, name) => {
  const text = get(value, name);
  return typeof text === "string" ? text : undefined;
};

// Ids as numbers: equal texts, equal numbers, from 1.
const ids = new Map();
const idTexts = new Map();
let lastId = 0;
export const id_of = (text) => {
  let id = typeof text === "string" && text ? ids.get(text) : 0;
  if (id === undefined) {
    ids.set(text, (id = ++lastId));
    idTexts.set(id, text);
    lengths[text.length] = true;
  }
  return id;
};
export const id_at = (value, name) => id_of(get(value, name));
export const text_of_id = (id) => idTexts.get(id);
// A long conversation must not fill the table with ids that nobody asks for again. Its number is never given anew.
export const forget_id = (id) => {
  ids.delete(idTexts.get(id));
  idTexts.delete(id);
};

// Looking a text up means hashing all of it, so the frequent questions are answered without: most texts that are asked
// for are of a length that no id has, or the same as in the frame before.
const lengths = [];
const known_id = (text) => (typeof text === "string" && lengths[text.length] ? (ids.get(text) ?? 0) : 0);
const remembering = (find) => {
  const texts = Array(48).fill(NaN);
  const numbers = [];
  return (text, place) => {
    if (text !== texts[place]) {
      numbers[place] = find(text);
      texts[place] = text;
    }
    return numbers[place];
  };
};
const id_again = remembering(id_of);
const word_again = remembering(word);

// An event's id: what stands before its last "_" and the number after it, or the whole of it. Mostly the part before is
// that of the event before.
const whole = 2 ** 32;
let lastHead = "";
let lastHeadId = 0;
const key = (text) => {
  if (typeof text !== "string" || !text) return 0;
  const from = text.lastIndexOf("_") + 1;
  if (from !== lastHead.length || !text.startsWith(lastHead)) {
    lastHead = text.slice(0, from);
    lastHeadId = id_of(text.slice(0, Math.max(from - 1, 0)));
  }
  if (lastHeadId) {
    let number = 0;
    let index = from;
    for (; index < text.length; index++) {
      const digit = text.charCodeAt(index) - 48;
      // Another form, and a zero in front would make two ids one.
      if (digit < 0 || digit > 9 || (number === 0 && digit === 0)) break;
      number = number * 10 + digit;
    }
    if (index === text.length && index > from && number < whole - 1) return lastHeadId * whole + number;
  }
  return id_of(text);
};

// RFC 3339 to microseconds. Most times share their minute with the one before and have six digits and a Z.
const stamp = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):([0-5]\d|60)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;
let lastMinute = "-";
let lastBase;
const digits = (text, from, to) => {
  let number = 0;
  for (; from < to; from++) {
    const digit = text.charCodeAt(from) - 48;
    number = digit < 0 || digit > 9 ? NaN : number * 10 + digit;
  }
  return number;
};
export const time = (text) => {
  if (typeof text !== "string" || text.length > 64) return NaN;
  if (text.length === 27 && text[26] === "Z" && text[19] === "." && text.startsWith(lastMinute)) {
    return lastBase + digits(text, 17, 19) * 1e6 + digits(text, 20, 26);
  }
  const parts = stamp.exec(text);
  if (!parts) return NaN;
  const [, day, clock, seconds, fraction = "", zone] = parts;
  const minute = `${day}T${clock}:`;
  const base = Date.parse(`${minute}00${zone.toUpperCase()}`) * 1000;
  if (zone === "Z") {
    lastMinute = minute;
    lastBase = base;
  }
  return base + seconds * 1e6 + +fraction.slice(0, 6).padEnd(6, "0");
};

// Several fields at once, by paths of names. A place from 65520 on ends a path and says as what its end is wanted; 65535
// goes back to where the last path took its last step. Paths and results lie in the core's memory. This runs for every
// frame.
const number = (value) => (typeof value === "string" && value ? +value : typeof value === "number" ? value : NaN);
let paths = new Uint16Array();
let results = new Float64Array();
export const read = (value, places, length, out) => {
  if (paths.buffer !== memory.buffer) {
    paths = new Uint16Array(memory.buffer);
    results = new Float64Array(memory.buffer);
  }
  let here = value;
  let parent = value;
  const first = out >> 3;
  let next = first;
  for (let index = places >> 1, end = index + length; index < end; index++) {
    const place = paths[index];
    if (place < 65520) {
      parent = here;
      here = here === null || here === undefined ? undefined : here[words[place]];
      continue;
    }
    if (place === 65535) {
      here = parent;
      continue;
    }
    results[next] =
      place === 65520 ? id_again(here, next - first)
      : place === 65521 ? known_id(here)
      : place === 65522 ? key(here)
      : place === 65523 ? number(here)
      : place === 65524 ? time(here)
      : word_again(here, next - first);
    next++;
    here = value;
  }
};
export const copy_as = (target, name, source, source_name) => {
  const value = get(source, source_name);
  if (value !== undefined && value !== null && is_object(target)) target[words[name]] = value;
};
export const text_of = (name) => words[name];
export const set = (object, name, value) => {
  if (is_object(object)) object[words[name]] = value;
};
// For keys that are data (user ids): an own property even when the key is "__proto__".
export const put = (object, key, value) => {
  // Without a prototype: a page may have put `get` on that of all objects.
  const property = { __proto__: null, value, enumerable: true, configurable: true, writable: true };
  if (is_object(object)) Object.defineProperty(object, key, property);
};
export const iso = (millis) => (Math.abs(millis) < 8e15 ? new Date(millis).toISOString().replace("Z", "000Z") : undefined);
export const put_at = (object, id, value) => put(object, idTexts.get(id), value);
export const field = (object, key) => (is_object(object) && Object.hasOwn(object, key) ? object[key] : undefined);
export const at = (list, index) => list?.[index];
export const push = (list, value) => {
  if (Array.isArray(list)) list.push(value);
};
export const size = (value) => (Array.isArray(value) ? value.length : 0);
export const keys = (value) => (is_object(value) ? Object.keys(value) : []);
export const object = () => ({});
export const list = () => [];

// Subtrees that belong to applications: their keys are data and stay as they are.
const opaque = /^(properties|content|text_?vars|customer_?side_?storage|details|integrations|session_?fields)$/i;

// Keys mostly come in the order in which they came before: what followed a key then is looked at first.
const renamed = (rename) => {
  let cache = new Map();
  let last = {};
  return (key) => {
    let entry = last.next;
    if (entry === undefined || entry.key !== key) {
      entry = cache.get(key);
      if (entry === undefined) {
        // A server that invents keys for ever must not fill the page's memory.
        if (cache.size > 999) cache = new Map();
        entry = { key, name: opaque.test(key) ? [rename(key)] : rename(key), next: undefined };
        cache.set(key, entry);
      }
      last.next = entry;
    }
    last = entry;
    return entry.name;
  };
};
const camel_key = renamed((key) => (key[0] === "_" ? key : key.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase())));
const snake_key = renamed((key) => key.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase()));

const convert = (value, key_of, depth) => {
  if (typeof value !== "object" || value === null || depth > 64) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, key_of, depth + 1));
  const result = {};
  for (const key in value) {
    // Old libraries add to the prototype of all objects, where `in` finds it.
    if (key === "__proto__" || !Object.hasOwn(value, key)) continue;
    const name = key_of(key);
    const item = value[key];
    if (typeof name === "string") result[name] = convert(item, key_of, depth + 1);
    else if (key_of === camel_key && key === "session_fields" && Array.isArray(item))
      result.sessionFields = Object.fromEntries(item.flatMap((field) => Object.entries(field ?? {})));
    else if (key_of === snake_key && key === "sessionFields" && !Array.isArray(item))
      result.session_fields = Object.entries(item ?? {}).map(([field, text]) => ({ [field]: text }));
    else result[name[0]] = item;
  }
  return result;
};
export const camel = (value) => convert(value, camel_key, 0);
export const camel_at = (value, name, template, more, id) => {
  const copy = convert(get(value, name), camel_key, 0);
  set(copy, more, idTexts.get(id));
  complete(copy, template);
  return copy;
};
// Whether two readings of an event show the same. What the platform may add or fill in later makes no other event.
const volatile = /^(properties|createdAt|customId|visibility|recipients|threadId)$/;
export const same_event = (one, other, depth = 0) => {
  if (one === other || typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const is_same = (key) => (depth === 0 && volatile.test(key)) || same_event(one[key] ?? null, other[key] ?? null, depth + 1);
  return depth > 64 || [...keys].every(is_same);
};
export const snake = (value) => convert(value, snake_key, 0);

// What an object lacks of a template. Runs for every event, so a template is read once.
const templates = [];
export const complete = (object, template) => {
  if (!is_object(object)) return;
  for (const [key, value] of (templates[template] ??= Object.entries(JSON.parse(words[template])))) {
    if (object[key] === undefined || object[key] === null) {
      object[key] = typeof value !== "object" || value === null ? value : Array.isArray(value) ? [] : {};
    }
  }
};

// Of a longer text only the first level is read, so that the request is known that it answers. The largest honest ones
// are history pages: whole threads. V8 reads 16 Mi of those in 0.1 s; a hostile list of empty lists takes 1 s and 230 MB,
// four times the length 10 s and 900 MB.
export const MAX_TEXT = 16 * 1024 * 1024;
// Nor is what nests deeper. Hosts parse it, but run out of stack when they write or copy it (V8 from 4,000 levels on).
const MAX_NESTING = 127;
// A text this short cannot nest so deep that it hurts; most frames are, and are not looked through.
const SHORT = 2048;

const nests_too_deep = (text) => {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text.charCodeAt(index);
    if (char === 34) index = end_of_string(text, index);
    else if (char === 91 || char === 123) {
      if (++depth > MAX_NESTING) return true;
    } else if (char === 93 || char === 125) depth--;
  }
  return false;
};
const end_of_string = (text, index) => {
  for (;;) {
    index = text.indexOf('"', index + 1);
    if (index < 0) return text.length;
    let slash = index;
    while (text.charCodeAt(slash - 1) === 92) slash--;
    if (((index - slash) & 1) === 0) return index;
  }
};

// What nests in a text that is too long becomes 0.
const outline = (text) =>
  text.slice(0, text.slice(1).search(/[[{]/) + 1) +
  0 +
  text.slice(Math.max(text.lastIndexOf("]"), text.lastIndexOf("}", text.lastIndexOf("}") - 1)) + 1);

export const parse = (text) => {
  if (typeof text !== "string") return undefined;
  if (text.length > MAX_TEXT && (text = outline(text)).length > SHORT) return undefined;
  if (text.length > SHORT && nests_too_deep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
// Old libraries give all arrays or objects a `toJSON` that makes a text of them: the field itself is written instead.
const as_it_is = function (key) {
  return this[key];
};
/** Every JSON text that leaves the SDK. */
export const stringify = (value) => JSON.stringify(value, [].toJSON && as_it_is) ?? "null";

// Lone surrogates cannot be encoded; strict parsers refuse the escapes that JSON.stringify writes for them.
const well_formed = (text) =>
  text.toWellFormed ? text.toWellFormed() : new TextDecoder().decode(new TextEncoder().encode(text));

// Copies what an application passed in, so that its getters, proxies and later changes stay outside. What has a `toJSON`
// of its own kind is what that makes of it. Functions are no data; those among the arguments stay, so that a misspelt name
// is seen. Throws what reading throws, and a RangeError for what nests too deep; the caller catches.
export const plain = (value, depth = 0, isMade = false) => {
  if (typeof value === "string") return well_formed(value);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 64) throw new RangeError("nested deeper than 64 levels");
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  // A date of another window is none of this one's, and one all the same.
  if (Object.prototype.toString.call(value) === "[object Date]") return Date.prototype.toISOString.call(value);
  const { toJSON } = value;
  if (!isMade && typeof toJSON === "function" && toJSON !== {}.toJSON) return plain(toJSON.call(value), depth, true);
  const result = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    const item = depth === 0 && typeof field === "function" ? field : plain(field, depth + 1);
    if (item !== undefined) put(result, key, item);
  }
  return result;
};
