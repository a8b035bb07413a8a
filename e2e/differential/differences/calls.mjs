// Deliberate differences of the methods: what they take, send and answer.

import { expect } from "../page.mjs";
import { CHAT, now, thread, THREAD } from "../events.mjs";
import { pushes } from "../pushes.mjs";
import { CUSTOMER } from "../script.js";
import { say } from "./words.mjs";

export const calls = [
  {
    what: "An error",
    theirs: "is an `Error` with a `code`; what the platform adds is dropped",
    ours: "is a `ChatError`: also `retryable`, and `details` with what the platform adds",
    why: "an application must know whether trying again helps",
    prove: async ({ both, page }) => {
      await both.start();
      await both.answer({
        get_predicted_agent: { error: { type: "group_offline", message: "m", data: { group_id: 2 } } },
      });
      const errors = await page.evaluate(() =>
        Promise.all(
          Object.values(both.sdks).map((sdk) =>
            sdk.getPredictedAgent().catch((error) => ({ ...error, name: error.name, isError: error instanceof Error })),
          ),
        ),
      );
      expect(errors[0]).toEqual({ code: "GROUP_OFFLINE", name: "Error", isError: true });
      expect(errors[1]).toMatchObject({
        code: "GROUP_OFFLINE",
        name: "ChatError",
        isError: true,
        retryable: expect.any(Boolean),
      });
      expect(errors[1].details).toBeTruthy();
    },
  },
  {
    what: "`deactivateChat`",
    theirs: "resolves with nothing",
    ours: "resolves with `{ success: true }`",
    why: "it is documented so",
    prove: async ({ both }) => {
      await both.start();
      const { vendor, ours } = await both.call({ method: "deactivateChat", args: [{ id: CHAT }] });
      expect([vendor.result, ours.result]).toEqual([undefined, { success: true }]);
    },
  },
  {
    what: "A request that is never answered",
    theirs: "leaves its promise open until the connection is lost",
    ours: "rejects with `REQUEST_TIMEOUT` after 16 s",
    why: "every promise settles",
    prove: async ({ both, page }) => {
      await both.start();
      const outcome = await page.evaluate(() => {
        both.silence("get_predicted_agent");
        return Promise.all(
          Object.values(both.sdks).map((sdk) =>
            Promise.race([
              sdk.getPredictedAgent().catch(({ code }) => code),
              new Promise((resolve) => setTimeout(() => resolve("open"), 20_000)),
            ]),
          ),
        );
      });
      expect(outcome).toEqual(["open", "REQUEST_TIMEOUT"]);
    },
  },
  {
    what: "An argument that is missing or wrong",
    theirs: "throws a `TypeError`, or is sent as it is",
    ours: "rejects with `VALIDATION`; `details.argument` names it",
    why: "a promise that is promised should be returned, and the platform's own refusals name nothing",
    prove: async ({ both, page }) => {
      await both.start();
      const outcome = await page.evaluate(async () => {
        const of = async (act) => {
          try {
            return await act();
          } catch ({ code, name, details }) {
            return { code, name, details };
          }
        };
        const { vendor, ours } = both.sdks;
        let isThrown = false;
        try {
          vendor.getChat();
        } catch {
          isThrown = true;
        }
        return { isThrown, none: await of(() => ours.getChat()), limit: await of(() => ours.listChats({ limit: 26 })) };
      });
      expect(outcome).toEqual({
        isThrown: true,
        none: { code: "VALIDATION", name: "ChatError", details: expect.objectContaining({ argument: "chatId" }) },
        limit: { code: "VALIDATION", name: "ChatError", details: expect.objectContaining({ argument: "limit" }) },
      });
    },
  },
  {
    what: "`sendEvent` of a type that it does not know, e.g. `rich_message`",
    theirs: "sends a request without an event",
    ours: "sends the event as it is",
    why: "the platform decides what it takes",
    prove: async ({ both }) => {
      await both.start();
      const event = { type: "rich_message", templateId: "cards", elements: [{ title: "T" }], customId: "mine" };
      const { vendor, ours } = await both.call({
        method: "sendEvent",
        args: [{ chatId: CHAT, event }],
        script: { send_event: { error: { type: "validation", message: "no event" } } },
      });
      expect(vendor.frames[0].payload).toEqual({ chat_id: CHAT });
      expect(ours.frames[0].payload.event).toEqual({
        type: "rich_message",
        template_id: "cards",
        elements: [{ title: "T" }],
        custom_id: "mine",
      });
    },
  },
  {
    what: "`customId` of own events",
    theirs: "is there if the application gave one",
    ours: "is always there; the SDK makes one",
    why: "by it a message is found again after an outage, so that it is neither lost nor sent twice",
    prove: async ({ both }) => {
      await both.start();
      const event = { id: `${THREAD}_own`, type: "message", text: "hi", author_id: CUSTOMER, created_at: now() };
      const { vendor, ours } = await both.call({
        method: "sendEvent",
        args: [{ chatId: CHAT, event: { type: "message", text: "hi" } }],
        script: { send_event: { payload: { event_id: event.id }, pushes: [say(event)] } },
      });
      expect(vendor.frames[0].payload.event).toEqual({ type: "message", text: "hi" });
      const { custom_id } = ours.frames[0].payload.event;
      expect(custom_id).toEqual(expect.any(String));
      expect(vendor.result).not.toHaveProperty("customId");
      expect(ours.result).toMatchObject({ ...vendor.result, customId: custom_id });
    },
  },
  {
    what: "`setSneakPeek`",
    theirs: "sends every call, and none before `listChats` was called",
    ours: "sends at most every 2 s, always ending with the latest text",
    why: "the platform limits requests; agents should see it from the start",
    prove: async ({ both, page }) => {
      await both.start();
      await both.push(pushes["a chat"]);
      const frames = await page.evaluate(async (chatId) => {
        for (const sneakPeekText of ["h", "he", "hey"]) {
          for (const sdk of Object.values(both.sdks)) sdk.setSneakPeek({ chatId, sneakPeekText });
        }
        await new Promise((resolve) => setTimeout(resolve, 2_300));
        return both.framesOf("send_sneak_peek");
      }, CHAT);
      const texts = (frames) => frames.map(({ payload }) => payload.sneak_peek_text);
      expect(texts(frames.vendor)).toEqual(["h", "he", "hey"]);
      expect(texts(frames.ours)).toEqual(["h", "hey"]);
    },
  },
  {
    what: "An upload that is answered by something else than JSON, e.g. a proxy's page",
    theirs: "leaves its promise open forever",
    ours: "rejects, with a code by its status: `ENTITY_TOO_LARGE`, `SERVICE_UNAVAILABLE`, …",
    why: "every promise settles",
    prove: async ({ both, page }) => {
      await page.route("**/action/upload_file**", (route) =>
        route.fulfill({
          status: 413,
          contentType: "text/html",
          body: "<h1>Too large</h1>",
          headers: { "access-control-allow-origin": "*" },
        }),
      );
      await both.start();
      const outcome = await page.evaluate(() =>
        Promise.all(
          Object.values(both.sdks).map((sdk) =>
            Promise.race([
              sdk
                .uploadFile({ file: new File(["x"], "x.txt", { type: "text/plain" }) })
                .promise.catch(({ code }) => code),
              new Promise((resolve) => setTimeout(() => resolve("open"), 1_000)),
            ]),
          ),
        ),
      );
      expect(outcome).toEqual(["open", "ENTITY_TOO_LARGE"]);
    },
  },
  {
    what: "`for await` over `getChatHistory`",
    theirs: "is not possible",
    ours: "gives every page; `next()` is as it was, the last page together with `done: true`",
    why: "JavaScript's own way",
    prove: async ({ both, page }) => {
      await both.start();
      await both.answer({ list_threads: { payload: { threads: [thread({ queue: undefined })] } } });
      const pages = await page.evaluate(async (chatId) => {
        const nexts = await Promise.all(
          Object.values(both.sdks).map(async (sdk) => {
            const history = sdk.getChatHistory({ chatId });
            const [first, second] = [await history.next(), await history.next()];
            return [first.done, first.value.threads.length, second.done, second.value ?? null];
          }),
        );
        const threads = [];
        for await (const page of both.sdks.ours.getChatHistory({ chatId })) threads.push(...page.threads);
        return {
          nexts,
          threads: threads.length,
          isIterable: Symbol.asyncIterator in both.sdks.vendor.getChatHistory({ chatId }),
        };
      }, CHAT);
      expect(pages).toEqual({
        nexts: [
          [true, 1, true, null],
          [true, 1, true, null],
        ],
        threads: 1,
        isIterable: false,
      });
    },
  },
];
