// The page's store and its rows, without a browser: every event once, in the server's order.

import { expect, test } from "@playwright/test";

import { micros, Store } from "../../www/model/store.js";
import { at, event, ME } from "./events.mjs";

const ids = (store) => store.items().map((item) => item.event.id || `(${item.event.text})`);

test("microseconds count, and the number at the end of an id decides between equals", () => {
  const store = new Store();
  for (const [id, time] of [
    ["T_10", at(5)],
    ["T_9", at(5)],
    ["T_2", at(4, "000002")],
    ["T_3", at(4, "000001")],
    ["T_1", at(4)],
  ]) {
    store.upsert(event(id, time), { threadId: "T" });
  }
  expect(ids(store)).toEqual(["T_1", "T_3", "T_2", "T_9", "T_10"]);
});

test("times of any precision and zone are comparable, unreadable ones are last", () => {
  expect(micros("2026-03-09T15:46:57.368002Z") - micros("2026-03-09T15:46:57.368001Z")).toBe(1);
  expect(micros("2026-03-09T15:46:57Z")).toBe(micros("2026-03-09T16:46:57.000000+01:00"));
  expect(micros("2026-03-09T15:46:57.1234567Z")).toBe(micros("2026-03-09T15:46:57.123456Z"));
  for (const odd of [undefined, null, "", "yesterday", "2026-13-99T99:99:99Z"])
    expect(micros(odd)).toBe(Number.MAX_SAFE_INTEGER);
});

test("threads are in the order they opened, whatever their events say and whenever they come", () => {
  const store = new Store();
  store.upsert(event("B_1", at(1)), { threadId: "B" });
  store.addThread({ id: "B", createdAt: at(30), active: true });
  store.addThread({ id: "A", createdAt: at(20), active: false });
  store.upsert(event("A_1", at(50)), { threadId: "A" });
  expect(ids(store)).toEqual(["A_1", "B_1"]);
  expect(store.thread("A")).toMatchObject({ active: false });
  store.addThread({ id: "A", active: true });
  expect(store.thread("A")).toMatchObject({ active: true, createdAt: at(20) });
});

test("a thread of which only events are known counts from its first event", () => {
  const store = new Store();
  store.addThread({ id: "A", createdAt: at(20) });
  store.upsert(event("A_1", at(40)), { threadId: "A" });
  store.upsert(event("N_2", at(45)), { threadId: "N" });
  store.upsert(event("N_1", at(30)), { threadId: "N" });
  expect(ids(store)).toEqual(["A_1", "N_1", "N_2"]);
});

test("an event that comes live and with the history is there once, with its latest content", () => {
  const store = new Store();
  store.upsert(event("T_1", at(1)), { threadId: "T", live: true });
  store.upsert(event("T_1", at(1), { text: "edited" }), { threadId: "T" });
  store.upsert(event("T_1", at(1), { text: "edited" }));
  expect(store.items()).toHaveLength(1);
  expect(store.items()[0]).toMatchObject({ live: true, threadId: "T", event: { text: "edited" } });
});

test("own messages wait at the end, in the order of sending, and keep their key when they are confirmed", () => {
  const store = new Store();
  store.addPending({ customId: "one", text: "one", authorId: ME });
  store.addPending({ customId: "two", text: "two", authorId: ME });
  store.upsert(event("T_1", at(1)), { threadId: "T", live: true, customerId: ME });
  expect(ids(store)).toEqual(["T_1", "(one)", "(two)"]);
  const key = store.items()[1].key;

  store.confirm("one", event("T_2", at(2), { customId: "one", authorId: ME, threadId: "T" }));
  store.upsert(event("T_3", at(3)), { threadId: "T", live: true, customerId: ME });
  expect(ids(store)).toEqual(["T_1", "T_2", "T_3", "(two)"]);
  expect(store.items()[1]).toMatchObject({ key, status: "sent" });
});

for (const [way, first, second] of [
  ["its promise, then the history", "promise", "event"],
  ["the history, then its promise", "event", "promise"],
]) {
  test(`an own message confirmed by ${way} is there once`, () => {
    const store = new Store();
    store.addPending({ customId: "one", text: "one", authorId: ME });
    const sent = event("T_1", at(1), { customId: "one", authorId: ME });
    for (const step of [first, second]) {
      if (step === "promise") store.confirm("one", sent, "T");
      else store.upsert(sent, { threadId: "T", customerId: ME });
    }
    expect(ids(store)).toEqual(["T_1"]);
    expect(store.items()[0].status).toBe("sent");
    expect(store.size).toBe(1);
  });
}

test("a message that came without its custom id becomes one with the unsent when the promise tells", () => {
  const store = new Store();
  store.addPending({ customId: "one", text: "one", authorId: ME });
  store.upsert(event("T_1", at(1), { authorId: ME }), { threadId: "T", customerId: ME });
  expect(store.items()).toHaveLength(2);
  store.confirm("one", event("T_1", at(1), { authorId: ME }), "T");
  expect(ids(store)).toEqual(["T_1"]);
});

test("nobody else's event takes the place of an own message", () => {
  const store = new Store();
  store.addPending({ customId: "one", text: "mine", authorId: ME });
  store.upsert(event("T_1", at(1), { customId: "one" }), { threadId: "T", live: true, customerId: ME });
  expect(ids(store)).toEqual(["T_1", "(mine)"]);
});

test("a message waits, is under way, is refused, and can be tried again or forgotten in its place", () => {
  const store = new Store();
  store.addPending({ customId: "one", text: "one" });
  store.addPending({ customId: "two", text: "two" });
  expect(store.items()[0].status).toBe("queued");
  store.mark("one", "sending");
  expect(store.items()[0].status).toBe("sending");
  store.fail("one", new Error("no"));
  expect(store.items()[0]).toMatchObject({ status: "failed", error: { message: "no" } });

  store.mark("one", "queued");
  expect(ids(store)).toEqual(["(one)", "(two)"]);
  expect(store.items()[0]).toMatchObject({ status: "queued", key: "own:one" });
  expect(store.items()[0].error).toBeUndefined();
  expect([store.has("one"), store.has("three")]).toEqual([true, false]);

  // It had arrived after all.
  store.upsert(event("T_1", at(1), { customId: "one", authorId: ME }), { threadId: "T", customerId: ME });
  expect(ids(store)).toEqual(["T_1", "(two)"]);

  store.fail("two", new Error("no"));
  store.discard("two");
  expect(ids(store)).toEqual(["T_1"]);
  store.confirm("two", event("T_2", at(2), { customId: "two", authorId: ME }), "T");
  expect(ids(store)).toEqual(["T_1", "T_2"]);
});

test("a confirmed message is neither failed nor discarded nor sent again", () => {
  const store = new Store();
  store.addPending({ customId: "one", text: "one" });
  store.confirm("one", event("T_1", at(1), { customId: "one" }), "T");
  store.fail("one", new Error("late"));
  store.discard("one");
  store.mark("one", "queued");
  expect(store.items()).toMatchObject([{ status: "sent", event: { id: "T_1" } }]);
});

test("a deleted event stays away, also from old pages of history", () => {
  const store = new Store();
  store.upsert(event("T_1", at(1)), { threadId: "T" });
  store.remove("T_1");
  store.upsert(event("T_1", at(1)), { threadId: "T" });
  expect(store.items()).toEqual([]);
});

test("any order of arrival gives the same list", () => {
  const events = [];
  for (const thread of ["C", "A", "B"]) {
    for (let n = 1; n <= 8; n += 1)
      events.push([thread, event(`${thread}_${n}`, at(20 + "CAB".indexOf(thread) * 10 + (n >> 2)))]);
  }
  const expected = events.map(([, { id }]) => id);
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 50; round += 1) {
    const store = new Store();
    const shuffled = events
      .concat(events.slice(0, 9))
      .map((one) => [random(), one])
      .sort(([a], [b]) => a - b);
    for (const [, [threadId, one]] of shuffled) store.upsert(one, { threadId });
    expect(ids(store)).toEqual(expected);
  }
});

test("a changed text is marked as edited, a repeated one is not", () => {
  const store = new Store();
  store.upsert(event("T_1", at(1)), { threadId: "T" });
  store.upsert(event("T_1", at(1), { properties: {} }), { threadId: "T" });
  expect(store.items()[0].edited).toBeFalsy();
  store.upsert(event("T_1", at(1), { text: "better" }), { threadId: "T" });
  expect(store.items()[0].edited).toBe(true);
});

test("an upload moves until it has failed or arrived, and can be taken back until it is there", () => {
  const store = new Store();
  store.addPending({ customId: "one", type: "file", name: "a.png", authorId: ME, preview: "blob:x" });
  store.progress("one", 0.5);
  expect(store.items()[0]).toMatchObject({ progress: 0.5, preview: "blob:x", event: { type: "file" } });
  store.confirm("one", event("T_1", at(1), { type: "file", customId: "one", authorId: ME }), "T");
  store.progress("one", 0.7);
  expect(store.items()[0].progress).toBeUndefined();
  expect(store.items()[0].preview).toBe("blob:x");
  store.addPending({ customId: "two", type: "file", name: "b.png", authorId: ME });
  store.discard("two");
  expect(ids(store)).toEqual(["T_1"]);
  store.clear();
  expect(store.items()).toEqual([]);
});

test("listeners hear of each change and can stop listening", () => {
  const store = new Store();
  let calls = 0;
  const stop = store.subscribe(() => (calls += 1));
  store.upsert(event("T_1", at(1)), { threadId: "T" });
  expect(calls).toBe(1);
  stop();
  stop();
  store.remove("T_1");
  expect(calls).toBe(1);
});
