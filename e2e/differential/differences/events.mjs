// Deliberate differences of the events: which are told, when, and to whom.

import { expect } from "../page.mjs";
import { chat, CHAT, thread, THREAD } from "../events.mjs";
import { pushes } from "../pushes.mjs";
import { agent } from "../script.js";
import { message, names, say } from "./words.mjs";

export const events = [
  {
    what: "What was said during an outage",
    theirs: "is never told; the application must read the history after each `connected`",
    ours: "follows `connected` as `incoming_event`, in order, each event once",
    why: "messages must not be missed",
    prove: async ({ both }) => {
      await both.start();
      await both.push(pushes["a chat"]);
      const missed = message(`${THREAD}_missed`, "while you were away");
      const threads = [thread({ events: [missed] })];
      const { thread: _, ...summary } = chat({
        active: true,
        last_thread_id: THREAD,
        last_event_per_type: {
          message: { thread_id: THREAD, thread_created_at: threads[0].created_at, event: missed },
        },
      });
      await both.answer({
        list_chats: { payload: { chats_summary: [summary], total_chats: 1 } },
        list_threads: { payload: { threads } },
      });
      await both.drop();
      const { vendor, ours } = await both.reconnected();
      expect(vendor.customer.id).toBe(ours.customer.id);
      const seen = await both.heardSince();
      expect(names(seen.vendor)).not.toContain("incoming_event");
      expect(
        seen.ours.filter(({ name }) => name === "incoming_event").map(({ payload }) => payload.event.text),
      ).toEqual(["while you were away"]);
    },
  },
  {
    what: "The same event twice",
    theirs: "is told twice",
    ours: "is told once",
    why: "the platform may repeat a push",
    prove: async ({ both }) => {
      await both.start();
      const event = message(`${THREAD}_twice`, "once");
      await both.push(say(event));
      const { vendor, ours } = await both.push(say(event));
      expect([names(vendor), names(ours)]).toEqual([["incoming_event"], []]);
    },
  },
  {
    what: "An event of a type, or a rich message of a template, that is not known",
    theirs: "is dropped; `event_updated` has `event: null`",
    ours: "comes through with all its fields",
    why: "an application that knows it should get it, any other can say that there is something",
    prove: async ({ both }) => {
      await both.start();
      const event = { ...message(`${THREAD}_new`), type: "hologram", depth_px: 3 };
      const said = await both.push(say(event));
      expect(said.vendor).toEqual([]);
      expect(said.ours[0].payload.event).toMatchObject({ type: "hologram", depthPx: 3, threadId: THREAD });
      const card = { ...message(`${THREAD}_shop`), type: "rich_message", template_id: "ecommerce", elements: [] };
      const shown = await both.push(say(card));
      expect(shown.vendor).toEqual([]);
      expect(shown.ours[0].payload.event).toMatchObject({ template: "ecommerce", elements: [] });
      const changed = await both.push({ action: "event_updated", payload: say(event).payload });
      expect(changed.vendor[0].payload.event).toBe(null);
      expect(changed.ours[0].payload.event).toMatchObject({ type: "hologram" });
    },
  },
  {
    what: "A listener that throws",
    theirs: "keeps the listeners after it from being called",
    ours: "is reported with `reportError`; the others are called",
    why: "one part of a page must not silence another",
    prove: async ({ both, page }) => {
      await both.start();
      const called = await page.evaluate(async () => {
        const called = { vendor: 0, ours: 0 };
        for (const kind of Object.keys(called)) {
          both.sdks[kind].off();
          both.sdks[kind].on("greeting_accepted", () => {
            throw new Error(`thrown to ${kind}`);
          });
          both.sdks[kind].on("greeting_accepted", () => (called[kind] += 1));
        }
        await both.push({ action: "greeting_accepted", payload: { unique_id: "T1" } });
        return called;
      });
      expect(called).toEqual({ vendor: 0, ours: 1 });
      expect(await both.uncaught()).toEqual([
        expect.stringContaining("thrown to vendor"),
        expect.stringContaining("thrown to ours"),
      ]);
    },
    isLoud: true,
  },
  {
    what: "An agent's typing",
    theirs: "lasts until the platform says that it ended",
    ours: "ends after 10 s, with the agent's message, and with the connection, as `isTyping: false`",
    why: "the platform does not promise to say it",
    prove: async ({ both }) => {
      await both.start();
      await both.push(pushes["a chat"]);
      await both.push(pushes.typing);
      const { vendor, ours } = await both.push(say(message(`${THREAD}_typed`, "typed")));
      expect(names(vendor)).toEqual(["incoming_event"]);
      expect(ours).toContainEqual({
        name: "incoming_typing_indicator",
        payload: expect.objectContaining({ chatId: CHAT, typingIndicator: { authorId: agent.id, isTyping: false } }),
      });
    },
  },
  {
    what: "A frame that makes no sense, an answer that nobody waits for",
    theirs: "throws an uncaught error",
    ours: "is ignored; the chats are read again where something may have been missed",
    why: "what the network says must not break a page",
    prove: async ({ both }) => {
      await both.start();
      await both.garble();
      const uncaught = await both.uncaught();
      expect(uncaught.length).toBeGreaterThan(0);
      expect(uncaught.join()).not.toContain("palaver");
      const { ours } = await both.push(pushes["a greeting, accepted"]);
      expect(names(ours)).toEqual(["greeting_accepted"]);
    },
    isLoud: true,
  },
];
