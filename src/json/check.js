// The browser's half of model::check: what is wrong with what an application gave, or the platform replied. A table is
// text: `name:kind`, separated by spaces; `name?` may be absent, a dot leads into an object.

import { field, is_object, keys, time } from "./host.js";

const kind_of = (value) => {
  try {
    return value == null ? "nothing" : Array.isArray(value) ? "array" : typeof value;
  } catch {
    // A proxy that was revoked.
    return "object";
  }
};
/**
 * What is said of a wrong value: the details and the message. Where what is expected stands in quotes, a plain word or an
 * address that was given is shown as well: neither has a secret in it.
 */
export const blamed = (argument, value, expected) => {
  const kind = kind_of(value);
  const shown = /"/.test(expected) && kind === "string" && /^[\w .:/-]{1,200}$/.test(value) ? ` "${value}"` : "";
  return [{ argument, expected, kind }, `\`${argument}\` must be ${expected} (given: ${kind}${shown})`];
};

const is_text = (value) => typeof value === "string";
const is_number = (value) => typeof value === "number";
const is_whole = (value) => is_number(value) && value >>> 0 === value;
const count = (most) => [(value) => is_whole(value) && value >= 1 && value <= most, `an integer from 1 to ${most}`];
const one_of = (...words) => [(value) => words.includes(value), words.map((word) => `"${word}"`).join(" or ")];
const list_of = (is_right) => (value) => Array.isArray(value) && [...value].every(is_right);
const map_of = (is_right) => (value) => is_object(value) && keys(value).every((key) => is_right(value[key]));
/** What addresses begin with: `http` or `https`, a host, perhaps a port, and nothing more than a slash. */
const is_origin = (text) => {
  try {
    return /^https?:\/\/[^\s/?#@\\]+\/?$/.test(text) && Boolean(new URL(text));
  } catch {
    return false;
  }
};

/** Of each kind: whether a value is right, and what it must be. */
const kinds = {
  text: [(value) => is_text(value) && value, "a non-empty string"],
  string: [is_text, "a string"],
  // It has no other fields than the table says; a map may have any.
  object: [is_object, "an object"],
  map: [is_object, "an object"],
  list: [Array.isArray, "a list"],
  flag: [(value) => typeof value === "boolean", "true or false"],
  int: [is_whole, "an integer from 0"],
  25: count(25),
  100: count(100),
  score: [(value) => value === 0 || value === 1, "0 or 1"],
  millis: [(value) => is_number(value) && value >= 1 && value < 1e12, "a number of milliseconds above 0"],
  order: one_of("asc", "desc"),
  form: one_of("prechat", "postchat", "ticket"),
  platform: one_of("livechat"),
  version: one_of("3.6", "3.5"),
  storage: one_of("local", "memory"),
  region: [(value) => is_text(value) && /^[a-z\d]+$/i.test(value), '"dal" or "fra"'],
  origin: [
    is_origin,
    'an http or https origin without path, query or user; give the origin only, such as "http://localhost:8080"',
  ],
  time: [(value) => time(value) < Infinity, "an RFC 3339 time, such as an event's createdAt"],
  props: [map_of(is_object), "an object of namespaces, each an object of values"],
  names: [map_of(list_of(is_text)), "an object of namespaces, each a list of names"],
  fields: [map_of(is_text), "an object of texts"],
  texts: [list_of(is_text), "a list of texts"],
  ints: [list_of(is_whole), "a list of integers"],
};

/** What is said of the first field that is not of its kind; `within` stands before its name. */
export const misfit = (object, table, within) => {
  for (const entry of table.split(" ")) {
    const [name, kind] = entry.split(/\??:/);
    let value = object;
    for (const key of name.split(".")) value = field(value, key);
    const [is_right, expected] = kinds[kind] ?? [() => true];
    if (!is_right(value) && (value != null || !entry.includes("?"))) return blamed(within + name, value, expected);
  }
};

// Case and underscores do not count.
const bare = (word) => word.replaceAll("_", "").toLowerCase();
const is_near = (one, other, edits) =>
  !one || !other ? one.length + other.length <= edits
  : one[0] === other[0] ? is_near(one.slice(1), other.slice(1), edits)
  : edits > 0 && ["01", "10", "11"].some(([a, b]) => is_near(one.slice(a), other.slice(b), edits - 1));
/** Which of the known words a wrong one is meant for: the nearest within two edits, if there is one. */
export const nearest = (word, known) => {
  for (const edits of [0, 1, 2]) {
    // Two edits make any short word of any other.
    const near = known.find((name) => is_near(bare(word), bare(name), Math.min(edits, word.length >> 1)));
    if (near) return near;
  }
};
/** What is said of the first field that the table does not name. */
export const stranger = (object, table, owner, within = "") => {
  const entries = table.split(" ").map((entry) => entry.split(/\??:/));
  for (const key of keys(object)) {
    const path = within + key;
    const kind = entries.find(([name]) => name === path)?.[1];
    if (!kind) {
      const names = entries.filter(([name]) => name.startsWith(within) && !name.includes(".", within.length));
      const known = names.map(([name]) => name.slice(within.length));
      const near = nearest(key, known);
      const advice = near ? `did you mean \`${near}\`?` : `${owner} takes ${known.join(", ") || "nothing"}`;
      return blamed(path, object[key], `absent: ${advice}`);
    }
    const inner = kind === "object" && stranger(object[key], table, path, path + ".");
    if (inner) return inner;
  }
};
