// docs/reliability.md: what people wrote stays, what stands between two marks of one name is written anew from
// docs/reliability.json, where the figures of the last runs are.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { proofs } from "./proofs.mjs";
import { Failure } from "./steps.mjs";

const PAGE = join(root, "docs/reliability.md");
const DATA = join(root, "docs/reliability.json");
// What the page shows elsewhere.
const ELSEWHERE = new Set(["id", "name", "mode", "survivors"]);
const isTable = (value) => Array.isArray(value) && value.some((row) => row?.vendor);

export const readRecords = () => (existsSync(DATA) ? JSON.parse(readFileSync(DATA, "utf8")).records : []);

/** `mostIn10Minutes`: most in 10 minutes. */
const spaced = (key) =>
  key
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace(/([a-z]{2})(\d)/g, "$1 $2")
    .trim();
const shown = (value) => {
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 3, useGrouping: true });
  if (Array.isArray(value)) return value.map(shown).join(", ");
  if (typeof value === "object" && value !== null) return `(${listed(value)})`;
  return String(value);
};
// A seed is typed again: no commas.
const listed = (figures) =>
  Object.entries(figures)
    .filter(([key, value]) => !ELSEWHERE.has(key) && !isTable(value))
    .map(([key, value]) => `${spaced(key)} ${/seed$/i.test(key) ? value : shown(value)}`)
    .join(", ");

const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
const tableOf = (heads, rows) => [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");

function figuresOf({ figures, isFailed }) {
  const lines = figures.map((one) => `**${one.name}**: ${listed(one)}`);
  return [...(isFailed ? ["**FAILED**"] : []), ...lines].join("<br>");
}

function proofTable(records) {
  const rows = proofs.flatMap(({ id, what, demand, native, chromium, run }) => {
    const own = records.filter((record) => record.id === id);
    if (own.length === 0) return [[id, what, demand, native || chromium || run ? "not run yet" : "", ""]];
    return own.map((record, index) => [
      index === 0 ? id : "",
      index === 0 ? what : "",
      index === 0 ? demand : "",
      figuresOf(record),
      `\`${record.command}\`<br>${record.date}`,
    ]);
  });
  return tableOf(["#", "what", "at least", "found", "command, date"], rows);
}

const last = (records, id) => records.filter((record) => record.id === id).at(-1)?.figures[0];

function vendorTable(records) {
  const rows = last(records, 15)?.rows;
  if (!rows?.length) return "Not run yet.";
  const keys = [...new Set(rows.flatMap(({ vendor, palaver }) => [...Object.keys(vendor), ...Object.keys(palaver)]))];
  const verdict = (counts) => {
    const wrong = keys.filter((key) => counts[key] > 0).map((key) => `${counts[key]} ${spaced(key)}`);
    return wrong.join(", ") || "0";
  };
  const cells = rows.map(({ kind, vendor, palaver }) => [kind, verdict(vendor), verdict(palaver)]);
  return tableOf(["fault", "LiveChat's SDK", "Palaver"], cells);
}

const survivorList = (records) => {
  const survivors = last(records, 13)?.survivors;
  if (!survivors) return "Not run yet.";
  return survivors.map((name) => `* \`${name}\``).join("\n") || "None.";
};

const machines = (records) => {
  const idsOn = (where) => records.filter(({ machine }) => machine === where).map(({ id }) => id);
  const seen = [...new Set(records.map(({ machine }) => machine))];
  return seen.map((where) => `* ${[...new Set(idsOn(where))].join(", ")}: ${where}`).join("\n") || "None yet.";
};

const sections = { proofs: proofTable, vendor: vendorTable, survivors: survivorList, machines };

/** A page with its marked places written anew. */
export function fill(page, records) {
  for (const [name, make] of Object.entries(sections)) {
    const place = new RegExp(`(<!-- ${name} -->)[^]*(<!-- end of ${name} -->)`);
    if (!place.test(page)) throw new Failure(`docs/reliability.md has no place for: ${name}`);
    page = page.replace(place, (_, from, to) => `${from}\n\n${make(records)}\n\n${to}`);
  }
  return page;
}

/** Keeps the records and writes the page. */
export function writePage(records) {
  const place = ({ id, kind }) => proofs.findIndex((row) => row.id === id) * 2 + (kind === "native" ? 0 : 1);
  records.sort((one, other) => place(one) - place(other));
  writeFileSync(DATA, `${JSON.stringify({ records }, null, 2)}\n`);
  writeFileSync(PAGE, fill(readFileSync(PAGE, "utf8"), records));
}
