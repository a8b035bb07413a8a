// The judge of the proofs in browsers: each thing that can be wrong is counted, and as itself alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CLEAN, historyOf, isClean, judge, sum } from "../../e2e/proof/judge.mjs";

const HISTORY = [
  { id: "a1", text: "agent 1", isOwn: false },
  { id: "c1", text: "customer 1", isOwn: true },
  { id: "a2", text: "agent 2", isOwn: false },
  { id: "c2", text: "customer 2", isOwn: true },
];
const sent = (n) => ({ text: `customer ${n}`, outcome: "sent", id: `c${n}`, shown: `customer ${n}` });
const told = (n) => ({ id: `a${n}`, text: `agent ${n}` });
const record = (changes) => ({ told: [told(1), told(2)], changes: [], sends: [sent(1), sent(2)], ...changes });

/** What is counted besides nothing. */
const wrong = (changes, history = HISTORY) =>
  Object.fromEntries(Object.entries(judge(history, record(changes))).filter(([, count]) => count !== 0));

test("a page that was told everything, once and in order, is clean", () => {
  assert.deepEqual(wrong({}), {});
  assert.ok(isClean(CLEAN));
});

test("an agent's message that was not told is lost", () => {
  assert.deepEqual(wrong({ told: [told(2)] }), { lost: 1 });
});

test("an own message that the server has not is lost, or failed if its promise says so", () => {
  const history = HISTORY.slice(0, 3);
  assert.deepEqual(wrong({}, history), { lost: 1 });
  assert.deepEqual(wrong({ sends: [sent(1), { text: "customer 2", outcome: "failed" }] }, history), { failed: 1 });
  const pending = { text: "customer 2", outcome: "pending" };
  assert.deepEqual(wrong({ sends: [sent(1), pending] }, history), { lost: 1, unsettled: 1 });
});

test("a promise that is rejected though the message arrived is untrue", () => {
  assert.deepEqual(wrong({ sends: [sent(1), { text: "customer 2", outcome: "failed" }] }), { untrue: 1 });
});

test("told twice and stored twice are doubled", () => {
  assert.deepEqual(wrong({ told: [told(1), told(1), told(2)] }), { doubled: 1 });
  assert.deepEqual(wrong({}, [...HISTORY, { id: "c3", text: "customer 1", isOwn: true }]), { doubled: 1 });
});

test("told, or stored, after what follows it is misordered", () => {
  assert.deepEqual(wrong({ told: [told(2), told(1)] }), { misordered: 1 });
  const [a1, c1, a2, c2] = HISTORY;
  assert.deepEqual(wrong({}, [a1, c2, a2, c1]), { misordered: 1 });
});

test("what the server has not is invented, unless it was deleted", () => {
  const odd = { id: "x", text: "odd" };
  assert.deepEqual(wrong({ told: [told(1), told(2), odd] }), { invented: 1 });
  assert.deepEqual(wrong({ told: [told(1), told(2), odd], changes: [["deleted", "x"]] }), {});
});

test("a text that was edited is stale until the page is told", () => {
  const history = HISTORY.map((event) => ({ ...event, text: `${event.text} (edited)` }));
  assert.deepEqual(wrong({}, history), { stale: 4 });
  assert.deepEqual(wrong({ changes: history.map(({ id, text }) => ["edited", id, text]) }, history), {});
});

test("verdicts add up, and histories are read from the server's state", () => {
  assert.equal(sum([{ lost: 1 }, { lost: 2 }]).lost, 3);
  const message = (id, author_id) => ({ id, author_id, type: "message", text: id });
  const threads = [
    { id: "T", events: [message("1", "C"), { id: "2", type: "system_message" }] },
    { id: "U", events: [message("3", "A")] },
  ];
  assert.deepEqual(historyOf({ chats: [{ customer_id: "C", threads }] }), [
    { id: "1", text: "1", isOwn: true, thread: "T" },
    { id: "3", text: "3", isOwn: false, thread: "U" },
  ]);
});
