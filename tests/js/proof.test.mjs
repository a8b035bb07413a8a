// What becomes of the figures that proofs print.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fill } from "../../scripts/lib/proof-page.mjs";
import { printed } from "../../scripts/lib/proof-runs.mjs";

const NAMES = ["proofs", "vendor", "survivors", "machines"];
const place = (name) => `<!-- ${name} -->\nstale\n<!-- end of ${name} -->\nour words on ${name}\n`;
const PAGE = `# Ours\n${NAMES.map(place).join("")}`;
const RECORD = { id: 1, command: "cargo test a|b", date: "2026-03-01", machine: "a machine", isFailed: false };

test("figures are found at the start of a line and behind the name of a test", () => {
  const output =
    'proof {"id":4,"name":"a","p99":1}\ntest x ... proof {"id":4,"name":"b"}\r\n' +
    'proof {"id":40,"name":"c"}\nno proof {}\n';
  assert.deepEqual(printed(output, 4), [{ id: 4, name: "a", p99: 1 }, { id: 4, name: "b" }]);
});

test("the page shows figures, and what people wrote stays", () => {
  const worst = { lateP99Ms: 2.5, all: [1, 2000], per100Ms: [{ HalfOpen: 7 }] };
  const figures = [{ id: 1, name: "simulation", mode: "full", seeds: 1000, seed: 123456, worst }];
  const page = fill(PAGE, [{ ...RECORD, figures }]);
  assert.match(page, /\*\*simulation\*\*: seeds 1,000, seed 123456, worst \(late p99 ms 2\.5/);
  assert.match(page, /2\.5, all 1, 2,000, per 100 ms \(half open 7\)\)/);
  assert.match(page, /`cargo test a\\|b`<br>2026-03-01/);
  assert.match(page, /\* 1: a machine/);
  assert.doesNotMatch(page, /stale|FAILED|mode/);
  for (const name of NAMES) assert.ok(page.includes(`our words on ${name}`));
  // Nothing more is added by writing it again.
  assert.equal(fill(page, [{ ...RECORD, figures }]), page);
});

test("a proof that failed is shown as one", () => {
  assert.match(fill(PAGE, [{ ...RECORD, figures: [], isFailed: true }]), /\*\*FAILED\*\*/);
});

test("the vendor's faults and the surviving changes have tables of their own", () => {
  const rows = [{ kind: "cut", vendor: { lost: 3, doubled: 1 }, palaver: { lost: 0, doubled: 0 } }];
  const page = fill(PAGE, [
    { ...RECORD, id: 15, figures: [{ name: "vendor", rows }] },
    { ...RECORD, id: 13, figures: [{ name: "cargo-mutants", survivors: ["a.rs:1: x"] }] },
  ]);
  assert.match(page, /\| cut \| 3 lost, 1 doubled \| 0 \|/);
  assert.match(page, /\* `a\.rs:1: x`/);
});

test("a page without a place for them is refused", () => {
  assert.throws(() => fill("# Ours", []), /no place for: proofs/);
});
