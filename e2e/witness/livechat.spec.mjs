// The witness: LiveChat's own client, as it is published, must work against the stand-in. What it accepts, LiveChat's
// servers would have said; so our own tests cannot drift into a protocol that only we speak. A conversation, first.

import { CLIENT, ORGANIZATION } from "../support/vendor.mjs";
import { expect, test, texts } from "./customer.mjs";

const RFC3339_MICROSECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

test("the token comes by cookie, and the customer stays the same after a reload", async ({ customer, page, context }) => {
  const asked = page.waitForRequest((request) => request.url().includes("/v2/customer/token") && request.method() === "POST");
  const { customer: self } = await customer.open();

  const request = await asked;
  expect(JSON.parse(request.postData())).toMatchObject({
    response_type: "token",
    grant_type: "cookie",
    client_id: CLIENT,
    organization_id: ORGANIZATION,
  });
  const answer = await (await request.response()).json();
  expect(answer).toMatchObject({ token_type: "Bearer", entity_id: self.id, organization_id: ORGANIZATION });
  expect(answer.expires_in).toBeGreaterThan(0);
  expect(await customer.event("customer_id")).toBe(self.id);

  const cookies = (await context.cookies()).filter((cookie) => cookie.name.startsWith("__lc_c"));
  expect(cookies.map((cookie) => cookie.name).sort()).toEqual(["__lc_cid", "__lc_cst"]);
  expect(cookies.every((cookie) => cookie.httpOnly)).toBe(true);

  // Without the token of its storage the SDK has only the cookies to be recognized by.
  await page.evaluate(() => localStorage.clear());
  const again = await customer.open();
  expect(again.customer.id).toBe(self.id);

  // Another browser is another customer.
  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  expect((await customer.open()).customer.id).not.toBe(self.id);
});

test("login says who the customer is and that agents are there", async ({ customer }) => {
  const connected = await customer.open();
  expect(connected).toMatchObject({
    availability: "online",
    customer: { type: "customer", statistics: expect.any(Object) },
  });
  expect(await customer.call("listChats")).toMatchObject({ chatsSummary: [], totalChats: 0 });
});

test("a conversation: start, send, answer, list", async ({ customer, standin }) => {
  await customer.open();
  const { chat } = await customer.call("startChat", {
    chat: { thread: { events: [{ type: "message", text: "first, with the start" }] } },
  });
  expect(chat.thread).toMatchObject({ active: true, chatId: chat.id });
  expect(texts([chat.thread])).toEqual(["first, with the start"]);

  const sent = await customer.call("sendEvent", {
    chatId: chat.id,
    event: { type: "message", text: "second ✓ ü 👋", customId: "mine-1" },
  });
  expect(sent).toMatchObject({ type: "message", text: "second ✓ ü 👋", customId: "mine-1", threadId: chat.thread.id });
  expect(sent.createdAt).toMatch(RFC3339_MICROSECONDS);

  await standin.control("message", { chat_id: chat.id, text: "an agent's answer" });
  const { event } = await customer.eventLike("incoming_event", { chatId: chat.id, event: { text: "an agent's answer" } });
  expect(event.authorId).not.toBe(sent.authorId);
  expect(event.createdAt > sent.createdAt).toBe(true);

  const { chatsSummary, totalChats, users } = await customer.call("listChats");
  expect(totalChats).toBe(1);
  expect(chatsSummary[0]).toMatchObject({ id: chat.id, active: true, lastEvent: { id: event.id } });
  expect(users.map((user) => user.type).sort()).toEqual(["agent", "customer"]);

  // The agent was introduced before anything of its was shown.
  const names = await customer.page.evaluate(() => seen.map(({ name, payload }) => (name === "user_data" ? `${name} ${payload.type}` : name)));
  expect(names).toContain("user_data agent");

  await expect(customer.call("startChat", {})).rejects.toThrow(/LIMIT_REACHED/);
});

test("an agent's typing is seen", async ({ customer, standin }) => {
  await customer.open();
  const { chat } = await customer.call("startChat");
  for (const isTyping of [true, false]) {
    await standin.control("typing", { chat_id: chat.id, is_typing: isTyping });
    await customer.eventLike("incoming_typing_indicator", { chatId: chat.id, typingIndicator: { isTyping } });
  }
});

test("history comes in pages, newest first, without a hole", async ({ customer, standin }) => {
  await customer.open();
  const { chat } = await customer.call("startChat");
  const written = [];
  for (let thread = 0; thread < 7; thread += 1) {
    if (thread > 0) await customer.call("resumeChat", { chat: { id: chat.id } });
    for (let n = 0; n < 12; n += 1) {
      const text = `thread ${thread}, message ${n}`;
      written.push(text);
      if (n % 2 === 0) await customer.say(chat.id, text);
      else await standin.control("message", { chat_id: chat.id, text });
    }
    if (thread < 6) await standin.control("close", { chat_id: chat.id });
  }

  const pages = await customer.history(chat.id);
  // The SDK asks for 25 events a page and turns each page's threads, so that the oldest comes first.
  expect(pages.length).toBeGreaterThanOrEqual(3);
  const threads = pages.reverse().flat();
  expect(threads).toHaveLength(7);
  expect(texts(threads)).toEqual(written);
  const ids = threads.map((thread) => thread.id);
  expect(threads.map((thread) => thread.previousThreadId)).toEqual([null, ...ids.slice(0, -1)]);
  expect(threads.map((thread) => thread.nextThreadId)).toEqual([...ids.slice(1), null]);
  const times = threads.flatMap((thread) => thread.events.map((event) => event.createdAt));
  expect(times).toEqual([...new Set(times)].sort());
});

test("seen marks go both ways", async ({ customer, standin }) => {
  const { customer: self } = await customer.open();
  const { chat } = await customer.call("startChat");
  await standin.control("message", { chat_id: chat.id, text: "look at this" });
  const { event } = await customer.eventLike("incoming_event", { event: { text: "look at this" } });

  expect(await customer.call("markEventsAsSeen", { chatId: chat.id, seenUpTo: event.createdAt })).toEqual({ success: true });
  const mark = await customer.eventLike("events_marked_as_seen", { chatId: chat.id, userId: self.id });
  expect(mark.seenUpTo >= event.createdAt).toBe(true);
  const { chatsSummary } = await customer.call("listChats");
  expect(chatsSummary[0].eventsSeenUpToMap[self.id]).toBe(mark.seenUpTo);

  const own = await customer.say(chat.id, "and you?");
  await standin.control("seen", { chat_id: chat.id, seen_up_to: own.createdAt });
  await customer.eventLike("events_marked_as_seen", { chatId: chat.id, userId: event.authorId, seenUpTo: own.createdAt });
});

test("a chat is closed and resumed", async ({ customer, standin }) => {
  await customer.open();
  const { chat } = await customer.call("startChat");
  await customer.say(chat.id, "in the first thread");

  await customer.call("deactivateChat", { id: chat.id });
  await customer.event("chat_deactivated");
  await customer.eventLike("incoming_event", { event: { type: "system_message" } });
  await expect(customer.say(chat.id, "too late")).rejects.toThrow(/CHAT_INACTIVE/);
  expect((await customer.call("listChats")).chatsSummary[0].active).toBe(false);

  const { chat: resumed } = await customer.call("resumeChat", { chat: { id: chat.id } });
  expect(resumed.id).toBe(chat.id);
  expect(resumed.thread).toMatchObject({ active: true, previousThreadId: chat.thread.id });
  expect((await customer.say(chat.id, "in the second thread")).threadId).toBe(resumed.thread.id);

  await standin.control("close", { chat_id: chat.id });
  await customer.event("chat_deactivated", 1);
});

test("what the customer says about itself is kept", async ({ customer }) => {
  await customer.open();
  const self = { name: "Ada Byron", email: "ada@example.com", sessionFields: { plan: "pro", seats: "3" } };
  expect(await customer.call("updateCustomer", self)).toEqual({ success: true });
  await customer.eventLike("customer_updated", { name: self.name, email: self.email });
  expect(await customer.call("getCustomer")).toMatchObject(self);

  expect((await customer.open()).customer).toMatchObject({ name: self.name, email: self.email });
});

test("a server that is killed and comes back has forgotten nothing", async ({ customer, standin }) => {
  const { customer: self } = await customer.open();
  const { chat } = await customer.call("startChat");
  await customer.say(chat.id, "before");
  await standin.control("message", { chat_id: chat.id, text: "an answer before" });
  await customer.eventLike("incoming_event", { event: { text: "an answer before" } });

  await standin.kill();
  expect(await customer.event("disconnected")).toEqual({ reason: "connection_lost" });
  await standin.start();

  expect((await customer.event("connected", 1)).customer.id).toBe(self.id);
  await customer.say(chat.id, "after");
  await standin.control("message", { chat_id: chat.id, text: "an answer after" });
  await customer.eventLike("incoming_event", { event: { text: "an answer after" } });
  const pages = await customer.history(chat.id);
  expect(texts(pages.reverse().flat())).toEqual(["before", "an answer before", "after", "an answer after"]);
});
