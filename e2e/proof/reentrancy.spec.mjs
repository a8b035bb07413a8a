// Every event × every method of the api, called from the event's listener.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { documented, pushes } from "../differential/pushes.mjs";
import { root } from "../support/standin.mjs";
import { isFull, servePages } from "./rig.mjs";

/** The events as the core has them. */
const events = () => {
  const source = (path) => readFileSync(join(root, path), "utf8");
  const texts = Object.fromEntries([...source("src/json/names.rs").matchAll(/^ {4}(\w+) = "(\w+)",$/gm)].map(([, name, text]) => [name, text]));
  const [, list] = /EVENTS: &\[Name\] = &\[([^\]]*)\]/.exec(source("src/model/notice.rs"));
  return [...list.matchAll(/names::(\w+)/g)].map(([, name]) => texts[name]);
};

// What the core tells of itself comes about as it does in life, and the farewell comes last.
const OWN = [
  "connected", "connection_lost", "connection_recovered", "connection_restored", "connection_unstable", "customer_id",
  "disconnected", "error", "history_gap", "identity_changed", "message_status", "state", "unknown_push", "warning",
  "customer_disconnected",
];
// These end or move the connection, so each has a conversation of its own; what is left may share one.
const DECISIVE = ["destroy", "disconnect", "reconnect", "logout", "auth.invalidate", "auth.getFreshToken"];

// Thousands of conversations in one page: a trace of them is of no use to anybody.
test.use({ trace: "off" });

test("every method may be called from every event", async ({ page }) => {
  test.setTimeout(isFull ? 1_800_000 : 240_000);
  const site = await servePages();
  try {
    await page.goto(`${site.origin}/blank`);
    const call = (name, ...given) =>
      page.evaluate(async ([name, given]) => (await import("/proof/reentrancy.js"))[name](...given), [name, given]);
    const methods = await call("methods");
    const names = events();
    const samples = Object.values({ ...documented, ...pushes });
    // A number left out shows a gap; a name nobody knows is passed on; what no sample has comes with next to nothing.
    const message = (number) => ({ id: `T_${number}`, type: "message", text: "x", author_id: "A", created_at: `2026-03-01T10:00:${number}.000000Z` });
    const made = [
      ...[11, 12, 19].map((number) => ({ action: "incoming_event", payload: { chat_id: "C", thread_id: "T", event: message(number) } })),
      { action: "invented_tomorrow", payload: { a_key: 1 } },
      ...names.map((action) => ({ action, payload: { chat_id: "C", thread_id: "T", event_id: "T_11" } })),
      ...["incoming_event_preview", "incoming_welcome_message"].map((action) => ({
        action,
        payload: { chat_id: "C", thread_id: "T", event: { type: "message", text: "x" } },
      })),
    ].filter(({ action }) => !OWN.includes(action));
    const groups = isFull
      ? methods.map((name) => [name])
      : [methods.filter((name) => !DECISIVE.includes(name)), ...DECISIVE.map((name) => [name])];
    // A chat comes and goes before anything that cannot be read: what follows that waits for a read, which a conversation
    // in a slow engine does not live to see.
    const chats = samples.filter(({ action }) => action === "incoming_chat" || action === "chat_deactivated");
    await call("learn", [...chats, ...made, ...samples]);
    let pairs = 0;
    const silent = [];
    for (const event of names) {
      for (const group of groups) {
        const said = await call("meet", event, group);
        const what = `${event} × ${group.length > 1 ? "the harmless" : group[0]}`;
        if (!said.called) {
          silent.push(event);
          break;
        }
        expect(said, what).toMatchObject({ unsettled: [], sockets: 0, reported: [], internal: 0 });
        pairs += group.length;
      }
    }
    expect(silent, "events that never came about").toEqual([]);
    expect(pairs).toBe(names.length * methods.length);
    console.log(`proof ${JSON.stringify({ id: 8, name: "re-entrancy", events: names.length, methods: methods.length, pairs })}`);
  } finally {
    await site.close();
  }
});
