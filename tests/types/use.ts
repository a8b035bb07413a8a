// What an application writes must compile.

import load, { ChatError, init } from "palaver";
import type { Api, ChatEvent, ChatSummary, EventMap, State, Thread, Token } from "palaver";

await load();
await load(new URL("https://cdn.example/palaver_bg.wasm"));
await load(new Uint8Array());

const api: Api = init({ organizationId: "org", clientId: "client" });

init({
  platform: "livechat",
  organizationId: "org",
  clientId: "client",
  autoConnect: false,
  groupId: 1,
  uniqueGroups: true,
  region: "fra",
  page: { url: location.href, title: document.title },
  endpoints: { api: "http://localhost:8080", accounts: "http://localhost:8080" },
  apiVersion: "3.5",
  storage: "memory",
  sharedConnection: false,
  sendTimeoutMs: 60_000,
  strict: false,
  debug: true,
  mobile: false,
  referrer: document.referrer,
  tabId: "tab",
  redirectUri: location.origin,
  tokenStoragePrefix: "token:",
  application: { name: "shop", version: "1", channelType: "code" },
  webSocket: WebSocket,
  customerDataProvider: () => ({ name: "Ada", sessionFields: { plan: "pro" }, address: { country: "GB" } }),
  identityProvider: () => {
    const token: Token = { accessToken: "t", entityId: "me", expiresIn: 1, tokenType: "Bearer", creationDate: 0 };
    return { getToken: () => token, getFreshToken: async () => token, hasToken: () => true, invalidate: () => {} };
  },
});

const stop: () => void = api.on("connected", ({ chatsSummary, totalChats, customer, availability }) => {
  const first: ChatSummary | undefined = chatsSummary[0];
  const total: number = totalChats;
  const word: "online" | "offline" = availability;
  console.log(first?.lastEvent?.id, total, customer.id, word);
});
stop();

api.once("disconnected", (reason) => console.log(reason?.toUpperCase()));
api.on("customer_id", (id) => id.toUpperCase());
api.on("new_event", (event) => {
  switch (event.type) {
    case "message":
      return event.text.length + event.chat.length;
    case "file":
      return event.url;
    case "system_message":
      return event.textVars?.agent;
    default:
      return event.type;
  }
});
api.on("user_is_typing", ({ chat, user }) => chat + user);
api.on("thread_metada", ({ id, order, totalEvents }) => id + order + totalEvents);
api.on("state", ({ state, previous, retryInMs }) => {
  const now: State = state;
  return [now, previous, retryInMs ?? 0];
});
const listener = (payload: EventMap["incoming_event"]): void => console.log(payload.event.authorId);
api.on("incoming_event", listener);
api.off("incoming_event", listener);
api.off("incoming_event");
api.off();

const { chat } = await api.startChat({ chat: { access: { groupIds: [1] } }, continuous: true });
const thread: Thread = chat.thread;
const message = await api.sendMessage({ chatId: chat.id, text: "hello" });
const text: string = message.text;
const event: ChatEvent = await api.sendEvent({ chatId: chat.id, event: { type: "custom", content: { any: "thing" } } });
await api.resumeChat({ chat: { id: chat.id, thread: { events: [{ type: "message", text }] } } });
await api.markEventsAsSeen({ chatId: chat.id, seenUpTo: message.createdAt });
await api.updateCustomer({ name: "Ada" });
api.setSneakPeek({ chatId: chat.id, sneakPeekText: "hel" });
for await (const page of api.getChatHistory({ chatId: chat.id })) console.log(page.threads[0]?.events.length);
const { done, value } = await api.getChatHistory({ chatId: chat.id }).next();
if (!done) console.log(value.threads.length, thread.id, event.id);
const page = await api.listChats({ limit: 25 });
if (page.nextPageId) await api.listChats({ pageId: page.nextPageId });
await api.listThreads({ chatId: chat.id, minEventsCount: 25 });
console.log(api.chats()[0]?.unreadCount, api.state === "connected");

try {
  await api.getChat({ chatId: "C", threadId: "T" });
} catch (error) {
  if (error instanceof ChatError && error.retryable) console.log(error.code, error.details?.argument);
}
