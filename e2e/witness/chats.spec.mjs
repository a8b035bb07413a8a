// What becomes of a chat: its threads, its people, its properties.

import { begin, expect, test } from "./customer.mjs";

const properties = { "e2e-app": { a_key: "a value", number: 1, flag: true } };
const names = { "e2e-app": ["a_key"] };
const left = { "e2e-app": { number: 1, flag: true } };
const success = { success: true };

test("properties of chats, threads and events are set, told, read and deleted", async ({ customer }) => {
  const { chat, event, place } = await begin(customer);
  const on = [
    ["Chat", { id: chat.id }, { chatId: chat.id }],
    ["Thread", place, place],
    ["Event", { ...place, eventId: event.id }, { ...place, eventId: event.id }],
  ];
  for (const [kind, where, told] of on) {
    const name = kind.toLowerCase();
    expect(await customer.call(`update${kind}Properties`, { ...where, properties })).toEqual(success);
    await customer.eventLike(`${name}_properties_updated`, { ...told, properties });
    expect(await customer.call(`delete${kind}Properties`, { ...where, properties: names })).toEqual(success);
    await customer.eventLike(`${name}_properties_deleted`, { ...told, properties: names });
  }
  const { properties: ofChat, thread } = await customer.call("getChat", { chatId: chat.id });
  expect(ofChat).toMatchObject(left);
  expect(thread.properties).toMatchObject(left);
  expect(thread.events.find(({ id }) => id === event.id).properties).toMatchObject(left);

  // Some of the platform's own are not the customer's to write.
  const own = { ...place, properties: { routing: { start_url: "https://example.com" } } };
  await expect(customer.call("updateThreadProperties", own)).rejects.toThrow(/AUTHORIZATION/);
});

test("a chat is rated, and the rating taken back", async ({ customer }) => {
  const { chat, place } = await begin(customer);
  const rating = async () => (await customer.call("getChat", { chatId: chat.id })).thread.properties.rating ?? {};
  expect(await customer.call("rateChat", { chatId: chat.id, rating: { score: 1, comment: "good" } })).toEqual(success);
  await customer.eventLike("thread_properties_updated", { ...place, properties: { rating: { score: 1 } } });
  expect(await rating()).toEqual({ score: 1, comment: "good" });
  expect(await customer.call("cancelRate", { chatId: chat.id })).toEqual(success);
  await customer.eventLike("thread_properties_deleted", { ...place, properties: { rating: ["score"] } });
  expect(await rating()).toEqual({ comment: "good" });
  await customer.call("cancelRate", { chatId: chat.id, properties: ["comment"] });
  expect(await rating()).toEqual({});
});

test("the queue moves, and ends with an agent", async ({ customer, standin }) => {
  await customer.open();
  const { agents } = await standin.look("state");
  for (const { id } of agents) await standin.control("agent_status", { agent_id: id, accepting: false });
  const { chat } = await customer.call("startChat");
  expect(chat.thread.queue).toMatchObject({ position: 1, waitTime: expect.any(Number), queuedAt: expect.any(String) });
  const place = { chatId: chat.id, threadId: chat.thread.id };
  await standin.control("queue_position", { position: 3, wait_time: 120 });
  await customer.eventLike("queue_position_updated", { ...place, queue: { position: 3, waitTime: 120 } });
  await standin.control("assign");
  await customer.eventLike("chat_transferred", { ...place, queue: null });
  await customer.eventLike("user_added_to_chat", { chatId: chat.id, present: true, user: { type: "agent" } });
  expect((await customer.call("getChat", place)).thread.queue).toBe(null);
});

test("agents come, pass the chat on, and go", async ({ customer, standin }) => {
  const { chat } = await begin(customer);
  const [, other] = (await standin.look("state")).agents;
  await standin.control("transfer", { to_agent_id: other.id });
  const { transferredTo } = await customer.eventLike("chat_transferred", { chatId: chat.id, reason: "manual" });
  expect(transferredTo.agentIds).toEqual([other.id]);
  await customer.eventLike("user_data", { id: other.id, type: "agent" });
  await customer.eventLike("user_added_to_chat", { chatId: chat.id, user: { id: other.id } });
  await standin.control("join");
  await standin.control("leave", { agent_id: other.id });
  await customer.eventLike("user_removed_from_chat", { chatId: chat.id, userId: other.id });
});

test("messages are changed, buttons pressed, and everybody is told", async ({ customer, standin }) => {
  const { self, place } = await begin(customer);
  const buttons = [{ type: "message", text: "Yes", value: "yes", postback_id: "yes", user_ids: [] }];
  await standin.control("event", {
    event: { type: "rich_message", template_id: "quick_replies", elements: [{ buttons }] },
  });
  const { event: card } = await customer.eventLike("incoming_event", { event: { type: "rich_message" } });
  expect(card.elements[0].buttons[0]).toMatchObject({ postbackId: "yes", userIds: [], role: "default" });
  const postback = { id: "yes", toggled: true };
  const pressed = { ...place, eventId: card.id, postback };
  expect(await customer.call("sendRichMessagePostback", pressed)).toEqual(success);
  await customer.eventLike("incoming_rich_message_postback", { ...pressed, userId: self.id });
  const { thread } = await customer.call("getChat", place);
  expect(thread.events.find(({ id }) => id === card.id).elements[0].buttons[0].userIds).toEqual([self.id]);

  await standin.control("message", { text: "helo" });
  const { event } = await customer.eventLike("incoming_event", { event: { text: "helo" } });
  await standin.control("edit", { event_id: event.id, text: "hello" });
  await customer.eventLike("event_updated", { ...place, event: { id: event.id, text: "hello" } });

  await standin.control("multicast", { content: { a_key: { b_key: 1 } } });
  await customer.eventLike("incoming_multicast", { content: { a_key: { b_key: 1 } } });
  await standin.control("close");
  await customer.event("chat_deactivated");
  await standin.control("reopen");
  expect((await customer.event("incoming_chat")).chat.thread).toMatchObject({
    active: true,
    previousThreadId: place.threadId,
  });
});

test("threads are listed in both directions and page by page; one is read by itself", async ({ customer, standin }) => {
  const { chat } = await begin(customer);
  await expect(customer.call("resumeChat", { chat: { id: chat.id } })).rejects.toThrow(/CHAT_ALREADY_ACTIVE/);
  const ids = [chat.thread.id];
  for (let n = 0; n < 3; n += 1) {
    await standin.control("close");
    ids.push((await customer.call("resumeChat", { chat: { id: chat.id } })).chat.thread.id);
  }
  const list = (options) => customer.call("listThreads", { chatId: chat.id, ...options });
  const listed = ({ threads }) => threads.map(({ id }) => id);
  expect(listed(await list({ limit: 10 }))).toEqual([...ids].reverse());
  const first = await list({ sortOrder: "asc", limit: 2 });
  expect(listed(first)).toEqual(ids.slice(0, 2));
  const second = await list({ pageId: first.nextPageId });
  expect(listed(second)).toEqual(ids.slice(2));
  expect([first.previousPageId, second.nextPageId]).toEqual([null, null]);
  expect(listed(await list({ pageId: second.previousPageId }))).toEqual(ids.slice(0, 2));
  expect((await customer.call("getChat", { chatId: chat.id, threadId: ids[1] })).thread.id).toBe(ids[1]);
  await expect(customer.call("getChat", { chatId: "none" })).rejects.toThrow(/NOT_FOUND/);
});
