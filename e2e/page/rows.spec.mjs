// From the page's store to the rows on the screen, without a browser.

import { expect, test } from "@playwright/test";

import { layOut } from "../../www/model/rows.js";
import { micros, Store } from "../../www/model/store.js";
import { at, event, ME } from "./events.mjs";

test.describe("rows", () => {
  const view = {
    customerId: ME,
    seenUpTo: 0,
    connected: true,
    ended: false,
    thread: () => undefined,
    now: Date.parse(at(59)),
  };
  const rows = (store, more) => layOut(store.items(), { ...view, thread: (id) => store.thread(id), ...more });

  test("threads are separated, neighbours of one author are grouped, pauses split", () => {
    const store = new Store();
    store.addThread({ id: "A", createdAt: at(0) });
    store.upsert(event("A_1", at(1)), { threadId: "A" });
    store.upsert(event("A_2", at(2)), { threadId: "A" });
    store.upsert(event("A_3", at(3), { authorId: ME }), { threadId: "A" });
    store.upsert(event("A_4", "2026-03-09T15:56:00Z", { authorId: ME }), { threadId: "A" });
    store.upsert(event("B_1", "2026-03-10T10:00:00Z"), { threadId: "B" });
    expect(rows(store).map(({ kind, first, last }) => [kind, first, last])).toEqual([
      ["separator", undefined, undefined],
      ["event", true, false],
      ["event", false, true],
      ["event", true, true],
      ["event", true, true],
      ["separator", undefined, undefined],
      ["event", true, true],
    ]);
    expect(
      rows(store)
        .filter((row) => row.kind === "separator")
        .map((row) => row.again),
    ).toEqual([false, true]);
  });

  test("only the last sent and the last seen message say so", () => {
    const store = new Store();
    for (let n = 1; n <= 4; n += 1) store.upsert(event(`A_${n}`, at(n), { authorId: ME }), { threadId: "A" });
    const marks = rows(store, { seenUpTo: micros(at(2)) }).filter((row) => row.kind === "event");
    expect(marks.map(({ state, mark }) => [state, mark])).toEqual([
      ["seen", false],
      ["seen", true],
      ["sent", false],
      ["sent", true],
    ]);
  });

  test("what is not sent says whether it is on its way, waiting or refused", () => {
    const store = new Store();
    store.addPending({ customId: "one", text: "one" });
    store.addPending({ customId: "two", text: "two" });
    store.addPending({ customId: "three", text: "three" });
    store.mark("two", "sending");
    store.fail("three", new Error("no"));
    const states = (more) => rows(store, more).map((row) => [row.state, row.waits]);
    expect(states()).toEqual([
      ["queued", false],
      ["sending", false],
      ["failed", false],
    ]);
    expect(states({ connected: false })).toEqual([
      ["queued", true],
      ["sending", false],
      ["failed", false],
    ]);
  });

  test("a gap stands where it begins, and moves nothing from the past into the live log", () => {
    const store = new Store();
    for (let n = 1; n <= 4; n += 1) store.upsert(event(`A_${n}`, at(n)), { threadId: "A", live: n > 2 });
    store.addPending({ customId: "one", text: "one" });
    const laid = (...gaps) =>
      rows(store, { gaps: gaps.map((from) => ({ key: `gap:${from}`, at: from, state: "open" })) })
        .filter((row) => row.kind !== "separator")
        .map((row) => (row.kind === "gap" ? `gap ${row.live}` : row.event.id || "one"));
    expect(laid(micros(at(2)))).toEqual(["A_1", "A_2", "gap false", "A_3", "A_4", "one"]);
    expect(laid(micros(at(3)), 0)).toEqual(["gap false", "A_1", "A_2", "A_3", "gap true", "A_4", "one"]);
    expect(laid(micros(at(9)))).toEqual(["A_1", "A_2", "A_3", "A_4", "gap true", "one"]);
  });

  test("an ended conversation says so, but not while a message is opening it again", () => {
    const store = new Store();
    expect(rows(store, { ended: true })).toEqual([]);
    store.upsert(event("A_1", at(1)), { threadId: "A" });
    expect(rows(store, { ended: true }).at(-1).kind).toBe("ended");
    store.addPending({ customId: "one", text: "one" });
    expect(rows(store, { ended: true }).at(-1).kind).toBe("event");
  });

  test("a form is answered once its answers are there, short answers are offered at the end only", () => {
    const store = new Store();
    const rich = (id, second) =>
      event(id, at(second), { type: "rich_message", template: "quick_replies", elements: [] });
    store.upsert(event("A_1", at(1), { type: "form", formId: "f", fields: [] }), { threadId: "A" });
    store.upsert(rich("A_2", 2), { threadId: "A" });
    expect(
      rows(store)
        .filter((row) => row.latest)
        .map((row) => row.key),
    ).toEqual(["A_2"]);
    expect(rows(store).find((row) => row.key === "A_1").answered).toBe(false);
    expect(rows(store, { ended: true }).some((row) => row.latest)).toBe(false);
    store.addPending({ customId: "one", type: "filled_form", formId: "f", fields: [], authorId: ME });
    expect(rows(store).find((row) => row.key === "A_1").answered).toBe(true);
    expect(rows(store).some((row) => row.latest)).toBe(false);
  });

  test("a day that begins inside a thread is named", () => {
    const store = new Store();
    store.upsert(event("A_1", "2026-03-08T12:00:00Z"), { threadId: "A" });
    store.upsert(event("A_2", "2026-03-09T12:00:00Z"), { threadId: "A" });
    expect(
      rows(store)
        .filter((row) => row.kind === "separator")
        .map((row) => row.text),
    ).toEqual(["Yesterday", "Today"]);
  });
});
