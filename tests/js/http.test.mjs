// What becomes of an HTTP answer on its way to the core.

import assert from "node:assert/strict";
import test from "node:test";
import { readResponse } from "../../src/platform/http.js";

const long = `{"phrases":{"a":"${"x".repeat(17 * 1024 * 1024)}"}}`;

test("an answer is its status, its body and how long to stay away", async () => {
  const response = new Response('{"a":1}', { status: 503, headers: { "Retry-After": "7" } });
  assert.deepEqual(await readResponse(undefined, response), [503, { a: 1 }, 7000]);
});

test("an answer that is too long is a failure of its own kind, whatever its status", async () => {
  for (const status of [200, 500]) {
    const [read, body] = await readResponse(undefined, new Response(long, { status }));
    assert.equal(read, 413);
    assert.deepEqual(body, { phrases: 0 });
  }
});

test("an answer that is not JSON is its text, and none has the status 0", async () => {
  assert.deepEqual(await readResponse(undefined, new Response("<html>", { status: 403 })), [403, "<html>", undefined]);
  assert.deepEqual(await readResponse(undefined, new Response(null, { status: 204 })), [204, undefined, undefined]);
  assert.deepEqual(await readResponse({ url: "https://x" }, undefined), [0, undefined]);
});
