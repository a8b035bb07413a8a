// The browser's half of json::Value. Everything here is total: no input makes it throw, because an exception that
// crosses the core leaves it in the middle of a step.

let words = [];
const indexes = new Map();
export const install = (table) => {
  words = table.split("\n");
  words.forEach((word, index) => indexes.set(word, index));
};

export const get = (value, name) => (value === null || value === undefined ? undefined : value[words[name]]);
export const word = (value) => indexes.get(value) ?? -1;
export const word_at = (value, name) => indexes.get(get(value, name)) ?? -1;
export const text_at = (value, name) => {
  const text = get(value, name);
  return typeof text === "string" ? text : undefined;
};

// Ids as numbers: equal texts, equal numbers, from 1.
const ids = new Map();
const idTexts = [""];
export const id_of = (text) => {
  let id = typeof text === "string" && text ? ids.get(text) : 0;
  if (id === undefined) ids.set(text, (id = idTexts.push(text) - 1));
  return id;
};
export const id_at = (value, name) => id_of(get(value, name));
export const text_of_id = (id) => idTexts[id];

// RFC 3339 to microseconds. Most times share their minute with the one before.
const stamp = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):([0-5]\d|60)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i;
let lastMinute;
let lastBase;
export const time = (text) => {
  const parts = typeof text === "string" && text.length < 64 ? stamp.exec(text) : null;
  if (!parts) return NaN;
  const [, day, clock, seconds, fraction = "", zone] = parts;
  const minute = day + "T" + clock + zone.toUpperCase();
  if (minute !== lastMinute) {
    lastBase = Date.parse(minute) * 1000;
    lastMinute = minute;
  }
  return lastBase + seconds * 1e6 + +fraction.slice(0, 6).padEnd(6, "0");
};

// Several fields at once, by paths of names. A place from 65520 on ends a path and says as what its end is wanted: an
// id, a number, the number after the last "_", a time, a known word. 65535 goes back to where the last path took its
// last step. This runs for every frame.
const readings = new Map();
export const learn = (reading, places) => void readings.set(reading, places.slice());
const wanted = [
  id_of,
  (value) => (typeof value === "string" && value ? +value : typeof value === "number" ? value : NaN),
  (value) => (typeof value === "string" ? parseInt(value.slice(value.lastIndexOf("_") + 1), 10) : NaN),
  time,
  (value) => indexes.get(value) ?? -1,
];
export const read = (value, reading, out) => {
  const places = readings.get(reading);
  if (!places) return false;
  let here = value;
  let parent = value;
  let next = 0;
  for (let index = 0; index < places.length; index++) {
    const place = places[index];
    if (place < 65520) {
      parent = here;
      here = get(here, place);
    } else if (place === 65535) {
      here = parent;
    } else {
      out[next++] = wanted[place - 65520](here);
      here = value;
    }
  }
  return true;
};
export const copy_as = (target, name, source, source_name) => {
  const value = get(source, source_name);
  if (value !== undefined && value !== null) target[words[name]] = value;
};
export const record = (name1, value1, name2, value2, name3, value3) => {
  const object = {};
  object[words[name1]] = value1;
  object[words[name2]] = value2;
  object[words[name3]] = value3;
  return object;
};
export const extended = (value, name1, value1, name2, value2) => {
  const object = { ...value };
  object[words[name1]] = value1;
  object[words[name2]] = value2;
  return object;
};
export const text_of = (name) => words[name];
export const set = (object, name, value) => void (object[words[name]] = value);
// For keys that are data (user ids): an own property even when the key is "__proto__".
export const put = (object, key, value) =>
  void Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
export const put_at = (object, id, value) => put(object, idTexts[id], value);
export const field = (object, key) => (Object.hasOwn(object ?? {}, key) ? object[key] : undefined);
export const at = (list, index) => list[index];
export const push = (list, value) => void list.push(value);
export const size = (value) => (Array.isArray(value) ? value.length : 0);
export const is_object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const keys = (value) => (is_object(value) ? Object.keys(value) : []);
export const object = () => ({});
export const list = () => [];

// Subtrees that belong to applications: their keys are data and stay as they are.
const opaque = /^(properties|content|text_?vars|customer_?side_?storage|details|integrations)$/i;

const renamed = (rename) => {
  let cache = new Map();
  return (key) => {
    let name = cache.get(key);
    if (name === undefined) {
      // A server that invents keys for ever must not fill the page's memory.
      if (cache.size > 999) cache = new Map();
      cache.set(key, (name = opaque.test(key) ? [rename(key)] : rename(key)));
    }
    return name;
  };
};
const camel_key = renamed((key) => (key[0] === "_" ? key : key.replace(/_([a-z0-9])/g, (_, c) => c.toUpperCase())));
const snake_key = renamed((key) => key.replace(/[A-Z]/g, (c) => "_" + c.toLowerCase()));

const convert = (value, key_of, depth) => {
  if (typeof value !== "object" || value === null || depth > 64) return value;
  if (Array.isArray(value)) return value.map((item) => convert(item, key_of, depth + 1));
  const result = {};
  for (const key in value) {
    const name = key_of(key);
    const item = value[key];
    if (key === "__proto__") continue;
    if (typeof name !== "string") result[name[0]] = item;
    else if (key === "session_fields" && Array.isArray(item))
      result[name] = Object.fromEntries(item.flatMap((field) => Object.entries(field ?? {})));
    else if (key === "sessionFields" && !Array.isArray(item))
      result[name] = Object.entries(item ?? {}).map(([field, text]) => ({ [field]: text }));
    else result[name] = convert(item, key_of, depth + 1);
  }
  return result;
};
export const camel = (value) => convert(value, camel_key, 0);
export const camel_at = (value, name) => convert(get(value, name), camel_key, 0);
export const snake = (value) => convert(value, snake_key, 0);

// What an object lacks of a template. Runs for every event, so a template is read once.
const templates = [];
export const complete = (object, template) => {
  for (const [key, value] of (templates[template] ??= Object.entries(JSON.parse(words[template])))) {
    if (object[key] === undefined || object[key] === null) {
      object[key] = typeof value !== "object" || value === null ? value : Array.isArray(value) ? [] : {};
    }
  }
};

// Longer texts are not parsed. The largest honest ones are history pages: whole threads.
const MAX_TEXT = 16 * 1024 * 1024;
export const parse = (text) => {
  if (typeof text !== "string" || text.length > MAX_TEXT) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
export const stringify = (value) => JSON.stringify(value) ?? "null";

// Lone surrogates cannot be encoded; strict parsers refuse the escapes that JSON.stringify writes for them.
const well_formed = (text) =>
  text.toWellFormed ? text.toWellFormed() : new TextDecoder().decode(new TextEncoder().encode(text));

// Copies what an application passed in, so that its getters, proxies and later changes stay outside.
// Throws what they throw, and a RangeError for what nests too deep; the caller catches.
export const plain = (value, depth = 0) => {
  if (typeof value === "string") return well_formed(value);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 64) throw new RangeError("nested deeper than 64 levels");
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  if (value instanceof Date) return value.toISOString();
  const result = {};
  for (const key of Object.keys(value)) {
    const item = plain(value[key], depth + 1);
    if (item !== undefined) put(result, key, item);
  }
  return result;
};
