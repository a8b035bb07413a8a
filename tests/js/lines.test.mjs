// Short lines of the shipped bundle.

import assert from "node:assert/strict";
import { test } from "node:test";

import { breakLines } from "../../scripts/lib/lines.mjs";

/** Stands for a minifier: what is a script comes out the same; what is none throws. */
const minify = (text) => {
  new Function(text);
  return text.replace(/(?<=[{},;])\n/g, "").replace(/\n/g, ";");
};
const longest = (text) => Math.max(...text.split("\n").map(({ length }) => length));

test("long_statements_get_lines_of_their_own", () => {
  const text = Array.from({ length: 200 }, (_, n) => `const a${n}=[${n}]`).join(";");
  const broken = breakLines(text, minify);
  assert.ok(longest(broken) <= 480);
  assert.equal(new Function(`${broken};return a199`)()[0], 199);
  assert.ok(broken.length <= text.length);
});

test("text_that_looks_like_a_statement_stays_whole", () => {
  const words = '"' + "{,;const ,{;return ,".repeat(20);
  const text = `const a=[${Array.from({ length: 60 }, () => 1000)}];const b=[${words.slice(0, 400)}"];const c=1`;
  const broken = breakLines(text, minify);
  assert.ok(longest(broken) <= 480);
  assert.deepEqual(new Function(`${broken};return b`)(), [words.slice(1, 400)]);
});

test("text_longer_than_a_line_is_refused", () => {
  assert.throws(() => breakLines(`const a="${"x".repeat(600)}"`, minify), /no line can end/);
});

test("short_text_stays_as_it_is", () => {
  assert.equal(breakLines("const a=1;const b=2\n", minify), "const a=1;const b=2\n");
});
