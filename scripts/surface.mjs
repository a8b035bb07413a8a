// `node scripts/surface.mjs`: docs/surface.md, which says of everything that the platform has where it is documented,
// typed, built, served by the stand-in and tested. What is there is read from the sources; what must be there stands in
// lib/surface-rows.mjs. `--check` changes nothing, and fails when the page is stale or a row has a hole.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./lib/paths.mjs";
import { Failure, main, say } from "./lib/steps.mjs";
import { events, methods, pushes, words } from "./lib/surface-rows.mjs";

const PAGE = "docs/surface.md";
const TYPES = "src/api/types";
const API = "src/api.rs";
const METHODS = "src/protocol/livechat/methods.rs";
const HOLE = "**missing**";
const NOTHING = "·";

const read = (path) => readFileSync(join(root, path), "utf8");
const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The files below some folders whose names end in one of `endings`, with their texts, in a fixed order. */
function sources(folders, endings) {
  const found = [];
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      const path = `${folder}/${name.replaceAll("\\", "/")}`;
      if (endings.some((ending) => name.endsWith(ending))) found.push({ path, text: read(path) });
    }
  }
  return found;
}

// A Rust file is two things: what it does, and below that the tests of it.
const TESTS = "\n#[cfg(test)]\n";
const withoutTests = ({ path, text }) => ({ path, text: text.split(TESTS)[0] });
const onlyTests = ({ path, text }) => ({ path, text: text.split(TESTS).slice(1).join("") });

const code = (text) => `\`${text}\``;
const link = ({ path }) => {
  const folder = basename(dirname(path));
  return `[${folder}/${basename(path)}](../${path})`;
};
const first = (files, pattern) => {
  const file = files.find(({ text }) => pattern.test(text));
  return file ? link(file) : HOLE;
};

const types = sources([TYPES], [".d.ts"]).map(({ text }) => text).join("");
const stories = { path: "tests/it/documents_are_true.rs", text: read("tests/it/documents_are_true.rs") };
const STORY = /tests\/shared\/words\.json/;
const core = sources(["src"], [".rs"]);
const shell = sources(["src/js"], [".js"]);
const standin = sources(["standin/src"], [".rs"]).map(withoutTests);
// Where the stand-in tells actions apart. Its lists of names are about exceptions.
const dispatch = ["token", "requests", "methods", "configuration", "web"].map((name) => {
  const path = `standin/src/brain/${name}.rs`;
  return withoutTests({ path, text: read(path).replace(/^const \w+: &\[&str\] = [^;]*;/gm, "") });
});
const standinTests = sources(["standin/tests"], [".rs"]);
const senders = [...standin, ...sources(["standin/console"], [".js"])];
const tests = [
  ...sources(["tests/it"], [".rs"]),
  ...sources(["e2e"], [".mjs", ".js"]),
  ...sources(["tests/browser"], [".rs", ".js"]),
  ...core.map(onlyTests),
];
const samples = [...sources(["tests/fixtures"], [".json"]), ...tests, ...standinTests];

/** The body of an interface, or the right side of a type. */
function declaration(name) {
  const body = `interface ${name}\\b[^{]*\\{([^]*?)^\\}`;
  const found = new RegExp(`^export (?:${body}|type ${name} =([^]*?);\\n(?=\\S|\\n))`, "m").exec(types);
  if (!found) throw new Failure(`${TYPES} declares no ${name}`);
  return found[1] ?? found[2];
}

/** The members of an interface, and whether each has words of its own above it. */
function members(name) {
  const found = new Map();
  let hasWords = false;
  for (const line of declaration(name).split("\n")) {
    const member = /^ {2}(?:readonly )?([a-zA-Z_]+)[?]?[(:<]/.exec(line)?.[1];
    if (member) found.set(member, hasWords);
    hasWords = /^ {2}(?: \*\/|\/\*\* .* \*\/)$/.test(line);
  }
  return found;
}

/** The words of a union, those of its members that are declared elsewhere among them. */
function union(name) {
  const text = declaration(name);
  const own = [...text.matchAll(/"([^"]+)"/g)].map((found) => found[1]);
  const others = text.split("|").map((member) => member.trim()).filter((member) => /^[A-Z]\w+$/.test(member));
  return [...own, ...others.filter((member) => !member.startsWith("Unknown")).flatMap(union)];
}

const typedApi = members("Api");
const typedAuth = members("Auth");
const typedEvents = members("EventMap");

/** The core's own table of methods: name → the platform's action. */
const ROWS = /const ROWS: &str = "\\\n([^]*?)\n";/.exec(read(METHODS))[1];
const table = new Map([...ROWS.matchAll(/^(\S+) (\S+)/gm)].map(([, name, action]) => [name, action]));

function methodRow(name, actions) {
  const [member, inner] = name.split(".");
  const known = inner ? typedAuth : typedApi;
  const last = inner ?? member;
  const inJs = `\\b(?:api|core|sdk|sim)\\.${quoted(name)}\\b`;
  return [
    code(name),
    actions.map(code).join(", ") || NOTHING,
    known.get(last) ? "✓" : HOLE,
    known.has(last) ? "✓" : HOLE,
    first(shell, new RegExp(`\\b${last}\\b`)),
    built(last, actions),
    actions.length === 0 ? NOTHING : served(actions),
    first(tests, new RegExp(table.has(last) ? `${inJs}|"${last}"` : inJs)),
  ];
}

/** Where the core carries a method out: in its table with the right action, as an export of its own, or not at all. */
function built(name, actions) {
  const action = table.get(name);
  if (action) return action === "-" || actions.includes(action) ? link({ path: METHODS }) : HOLE;
  if (read(API).includes(`pub fn ${name}(`)) return link({ path: API });
  // The shell makes some of others.
  const other = new RegExp(`\\bmade = \\{[^}]*\\b${name}: "(\\w+)"`).exec(read("src/js/index.js"))?.[1];
  return actions.length === 0 || table.has(other) ? NOTHING : HOLE;
}

/** Where the stand-in carries all of these out; the last one names the place. */
function served(actions) {
  const places = actions.map((action) => first(dispatch, new RegExp(`"${action}"`)));
  return places.includes(HOLE) ? HOLE : places.at(-1);
}

// The core's list of events is one of names, which have a table of their own.
const NAMES = read("src/json/names.rs").matchAll(/^ +(\w+) = "([^"]*)"/gm);
const names = new Map([...NAMES].map(([, name, word]) => [name, word]));
const EVENTS = /pub const EVENTS: &\[Name\] = &\[([^]*?)\];/.exec(read("src/model/notice.rs"))[1];
const toldEvents = new Set([...EVENTS.matchAll(/names::(\w+)/g)].map(([, name]) => names.get(name)));

/** A word that nobody else knows in particular is sent and told by the story that goes through all of them. */
const orStory = (place, { words: all, agent, fault }, word) => {
  const isThere = (agent ?? fault) && all.includes(word) && STORY.test(stories.text);
  return place === HOLE && isThere ? link(stories) : place;
};

const eventRow = (name, push) => [
  code(name),
  push ? code(push) : NOTHING,
  typedEvents.get(name) ? "✓" : HOLE,
  typedEvents.has(name) ? "✓" : HOLE,
  toldEvents.has(name) ? link({ path: "src/model/notice.rs" }) : HOLE,
  push ? orStory(first([...standin, ...standinTests], new RegExp(`"${push}"`)), pushes, push) : NOTHING,
  orStory(first(tests, new RegExp(`"${name}"`)), pushes, name),
];

const wordRow = (known, group) => (word) => {
  const pattern = new RegExp(`${group.isType ? '\\btype"?: ?' : ""}"${quoted(word)}"`);
  const isTyped = known.includes(word) ? "✓" : HOLE;
  return [code(word), isTyped, ...[samples, senders].map((files) => orStory(first(files, pattern), group, word))];
};

/** The tables: title, heads, rows. */
function tables() {
  const methodHeads = ["method", "the platform's", "documented", "typed", "shell", "core", "stand-in", "tested"];
  const eventHeads = ["event", "the platform's", "documented", "typed", "core", "stand-in", "tested"];
  const wordHeads = ["word", "typed", "sample or test", "stand-in"];
  return [
    ["Methods", methodHeads, Object.entries(methods).map(([name, actions]) => methodRow(name, actions))],
    ["Events", eventHeads, Object.entries(events).map(([name, push]) => eventRow(name, push))],
    ...Object.entries(words).map(([title, group]) =>
      [title, wordHeads, group.words.map(wordRow(union(group.declared), group))]),
  ];
}

const HEAD = `# The surface

Everything that the platform and its vendor's SDK have, and where Palaver has it. Made by \`node scripts/surface.mjs\`
from the sources; the rows stand in [surface-rows.mjs](../scripts/lib/surface-rows.mjs), after the platform's documents.
All of it is documented and typed in [${TYPES}](../${TYPES}). ${NOTHING} means that there is nothing to be had: what
the SDK does by itself has no action of the platform's. A link leads to one place of several.
`;

function page(made) {
  const row = (cells) => `| ${cells.join(" | ")} |\n`;
  const section = ([title, heads, rows]) =>
    `\n## ${title}\n\n${[heads, heads.map(() => "---"), ...rows].map(row).join("")}`;
  return HEAD + made.map(section).join("");
}

/** What is wrong: holes, members and events without a row, a page that is not what it would be now. */
export function complaints(made = tables()) {
  const holes = made.flatMap(([title, heads, rows]) => {
    const open = rows.map((row) => [row[0], heads.filter((_, column) => row[column] === HOLE)]);
    const wanting = open.filter(([, missing]) => missing.length > 0);
    return wanting.map(([name, missing]) => `${title}: ${name} is missing under ${missing.join(", ")}`);
  });
  const named = [...typedApi.keys(), ...typedAuth.keys(), ...table.keys()].filter((name) => name !== "auth");
  const unlisted = [
    ...named.filter((name) => !(name in methods) && !(`auth.${name}` in methods)),
    ...[...typedEvents.keys(), ...toldEvents].filter((name) => !(name in events)),
  ];
  const isStale = !existsSync(join(root, PAGE)) || read(PAGE) !== page(made);
  return [
    ...holes,
    ...[...new Set(unlisted)].map((name) => `\`${name}\` is there and has no row in scripts/lib/surface-rows.mjs`),
    ...(isStale ? [`${PAGE} is stale: run \`node scripts/surface.mjs\``] : []),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const made = tables();
    if (!process.argv.includes("--check")) writeFileSync(join(root, PAGE), page(made));
    const wrong = complaints(made);
    if (wrong.length > 0) throw new Failure(wrong.join("\n"));
    say(`${PAGE}: every row is whole`);
  });
}
