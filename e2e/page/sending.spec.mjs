// What becomes of what the customer sends, as the page's model has it: without a browser, a core or a network.

import { expect, test } from "@playwright/test";

import { Conversation } from "../../www/model/conversation.js";
import { at, event, ME } from "./events.mjs";
import { FakeApi } from "./fake-api.mjs";

const CHAT = "C";
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A conversation in a chat that is known. */
function begin(options) {
  const api = new FakeApi();
  const chat = new Conversation(api, options);
  api.tell("state", { state: "connected" });
  api.tell("connected", { chatsSummary: [{ id: CHAT }], customer: { id: ME } });
  return { api, chat };
}

const shown = ({ store }) => store.items().map(({ event, status }) => [event.text ?? event.name ?? event.type, status]);
const told = (customId, status, more) => ({ chatId: CHAT, customId, status, ...more });

test("a text goes the way that the SDK tells of, and only that", async () => {
  const { api, chat } = begin();
  chat.sending.text("hello");
  expect(shown(chat)).toEqual([["hello", "queued"]]);
  await settled();
  const { name, options } = api.calls.at(-1);
  expect([name, options.chatId, options.text]).toEqual(["sendMessage", CHAT, "hello"]);
  for (const status of ["queued", "sending", "queued", "sending"]) {
    api.tell("message_status", told(options.customId, status));
    expect(shown(chat)).toEqual([["hello", status]]);
  }
  const sent = event("T_1", at(1), { text: "hello", customId: options.customId, authorId: ME, threadId: "T" });
  api.tell("message_status", told(options.customId, "sent", { event: sent }));
  api.calls.at(-1).resolve(sent);
  await settled();
  expect(shown(chat)).toEqual([["hello", "sent"]]);
  expect(chat.store.items()[0].event.id).toBe("T_1");
});

test("what the SDK kept is tried again and discarded by the SDK, under its own id", async () => {
  const { api, chat } = begin();
  chat.sending.text("hello");
  await settled();
  const { customId } = api.calls.at(-1).options;
  const error = { code: "NOT_ALLOWED", message: "no", retryable: false };
  api.rows = [{ chatId: CHAT, customId, status: "failed", event: {}, createdAt: 0, error }];
  api.tell("message_status", told(customId, "failed", { error }));
  api.calls.at(-1).reject(error);
  await settled();
  expect(chat.store.items()[0]).toMatchObject({ status: "failed", error: { code: "NOT_ALLOWED" } });

  chat.sending.retry(customId);
  expect(api.calls.at(-1)).toMatchObject({ name: "retry", options: { customId } });
  api.tell("message_status", told(customId, "queued"));
  expect(shown(chat)).toEqual([["hello", "queued"]]);

  const tooLate = chat.sending.discard(customId);
  api.calls.at(-1).reject(Object.assign(new Error("late"), { code: "MESSAGE_UNDER_WAY" }));
  await expect(tooLate).rejects.toThrow("late");
  expect(shown(chat)).toEqual([["hello", "queued"]]);

  const gone = chat.sending.discard(customId);
  api.tell("message_status", told(customId, "failed", { error: { code: "DISCARDED" } }));
  expect(shown(chat)).toEqual([]);
  api.calls.at(-1).resolve({ success: true });
  await gone;
  expect(shown(chat)).toEqual([]);
});

test("what never got into the outbox is handed over once more", async () => {
  const { api, chat } = begin();
  chat.sending.file(new File(["x"], "x.txt"));
  await settled();
  api.calls.at(-1).reject({ code: "UPLOAD_FAILED" });
  await settled();
  expect(shown(chat)).toEqual([["x.txt", "failed"]]);
  const { customId } = api.calls.at(-1).options;
  chat.sending.retry(customId);
  expect(shown(chat)).toEqual([["x.txt", "queued"]]);
  await settled();
  expect(api.calls.filter(({ name }) => name === "sendFile").map(({ options }) => options.customId)).toEqual([
    customId,
    customId,
  ]);
  await chat.sending.discard(customId);
  expect(api.calls.at(-1).options.signal.aborted).toBe(true);
  expect(shown(chat)).toEqual([]);
});

test("what an earlier page left is shown as soon as the SDK takes it up", () => {
  const { api, chat } = begin();
  const row = (customId, event) => ({ chatId: CHAT, customId, status: "queued", event, createdAt: 1_700_000_000_000 });
  api.rows = [
    row("a", { type: "message", text: "from before", customId: "a" }),
    row("b", { type: "file", url: "https://cdn.example/x/a%20leaf.png", customId: "b" }),
    row("c", { type: "file", url: "nonsense", customId: "c" }),
    row("d", { type: "message", text: "refused", customId: "d" }),
  ];
  for (const customId of ["a", "b", "c"]) api.tell("message_status", told(customId, "queued"));
  api.tell("message_status", told("d", "failed", { error: { code: "NOT_ALLOWED" } }));
  api.tell("message_status", told("unknown", "queued"));
  api.tell("message_status", { ...told("e", "queued"), chatId: "another" });
  expect(shown(chat)).toEqual([
    ["from before", "queued"],
    ["a leaf.png", "queued"],
    ["", "queued"],
    ["refused", "failed"],
  ]);
  expect(chat.store.items()[0].event.createdAt).toBe("2023-11-14T22:13:20.000Z");
});

/** What `view/memory.js` is to the page. */
function memoryOf(page, kept = new Map(), isGone = async () => true) {
  const recall = (key) => kept.get(key) ?? "";
  const remember = (key, value) => (value ? kept.set(key, value) : kept.delete(key));
  return { page, kept, recall, remember, stay: () => {}, isGone };
}

test("a text that no chat could take outlives the page, until the SDK has it", async () => {
  const memory = memoryOf("first");
  const api = new FakeApi();
  new Conversation(api, { memory }).sending.text("anybody there?");
  await settled();
  expect(api.calls).toEqual([]);

  const next = begin({ memory: memoryOf("second", memory.kept) });
  await settled();
  expect(shown(next.chat)).toEqual([["anybody there?", "queued"]]);
  expect(next.api.calls.at(-1)).toMatchObject({ name: "sendMessage", options: { text: "anybody there?" } });
  expect([...memory.kept]).toEqual([]);
});

test("a copy of a page that lives leaves its messages to it, and odd memories are none", async () => {
  const memory = memoryOf("first");
  new Conversation(new FakeApi(), { memory }).sending.text("mine");
  const copy = begin({ memory: memoryOf("copy", new Map(memory.kept), async () => false) });
  await settled();
  expect(shown(copy.chat)).toEqual([]);
  for (const odd of ["{", "7", '[null,{"text":7},{"text":"x","customId":{}}]', '[{"text":"x","customId":"y"}]']) {
    const { chat } = begin({ memory: memoryOf("x", new Map([["waiting", odd]])) });
    await settled();
    expect(shown(chat)).toEqual([]);
  }
});

test("another customer sees and sends nothing of the one before", async () => {
  const memory = memoryOf("first");
  const api = new FakeApi();
  const chat = new Conversation(api, { memory });
  api.tell("customer_id", ME);
  chat.sending.text("private");
  api.tell("customer_id", "somebody else");
  api.tell("connected", { chatsSummary: [{ id: CHAT }], customer: { id: "somebody else" } });
  await settled();
  expect(shown(chat)).toEqual([]);
  expect(api.calls).toEqual([]);
  expect([...memory.kept]).toEqual([]);
});

test("a gap is closed by reading down to where it begins, and stays while that fails", async () => {
  const { api, chat } = begin();
  const thread = (id, second, ...events) => ({
    id,
    chatId: CHAT,
    active: false,
    createdAt: at(second),
    events,
    properties: {},
  });
  api.tell("history_gap", { chatId: "another", from: null, to: null });
  api.tell("history_gap", { chatId: CHAT, from: at(10), to: at(30) });
  api.tell("history_gap", { chatId: CHAT, from: at(10), to: at(30) });
  expect(chat.gaps.list).toMatchObject([{ state: "open" }]);
  const [{ key }] = chat.gaps.list;

  api.pages = [new Error("no")];
  const failing = chat.gaps.load(key);
  expect(chat.gaps.list).toMatchObject([{ state: "loading" }]);
  await failing;
  expect(chat.gaps.list).toMatchObject([{ state: "failed" }]);

  const page = (...threads) => ({ threads });
  api.pages = [
    page(thread("C1", 30, event("C1_1", at(31)))),
    page(thread("B1", 5, event("B1_1", at(6)), event("B1_2", at(20)))),
    page(thread("A1", 1, event("A1_1", at(1)))),
  ];
  await chat.gaps.load(key);
  expect(chat.gaps.list).toEqual([]);
  // The page below the gap was not asked for.
  expect(chat.store.items().map((item) => item.event.id)).toEqual(["B1_1", "B1_2", "C1_1"]);
});

test("the line says that the core broke until it works again, and with that", () => {
  const { api, chat } = begin();
  const line = () => [chat.line.state, Boolean(chat.line.isBroken), Boolean(chat.line.restored)];
  api.tell("error", { code: "INTERNAL", message: "unreachable" });
  expect(line()).toEqual(["connected", true, false]);
  api.tell("state", { state: "connecting", willReconnect: true });
  expect(line()).toEqual(["connecting", true, false]);
  api.tell("state", { state: "connected", willReconnect: false });
  expect(line()).toEqual(["connected", true, true]);
  api.tell("state", { state: "connecting", reason: "no_answer", willReconnect: true });
  expect(line()).toEqual(["connecting", false, false]);
});
