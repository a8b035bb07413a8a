// An application of the vendor's SDK changes the import, and compiles.

import {
  connectionStatuses, debug, eventTypes, init, parseCustomEvent, parseEvent, parseFile, parseFilledForm, parseForm,
  parseGreeting, parseMessage, parseRichMessage, parseSystemMessage, serverDisconnectionReasons, serverErrorCodes,
  serverPushActions, sortOrders, userTypes,
} from "palaver/customer-sdk";
import type { Chat, CustomerAuth, CustomerSDK, Event, EventMap, EventName, User } from "palaver/customer-sdk";

// One argument is enough.
const sdk: CustomerSDK = init({ organizationId: "org", clientId: "client" });
debug(init({ organizationId: "org", clientId: "client", groupId: 1, uniqueGroups: true }, "staging", 7)).connect();
init({
  organizationId: "org",
  clientId: "client",
  identityProvider: (): CustomerAuth => sdk.auth,
  customerDataProvider: () => ({ name: "Ada", email: "ada@example.com", sessionFields: { plan: "pro" } }),
  page: { url: location.href, title: document.title },
});

const users = new Map<string, User>();
const show = (event: Event): void => {
  switch (event.type) {
    case eventTypes.MESSAGE:
      return console.log(users.get(event.authorId)?.name, event.text);
    case eventTypes.FILE:
      return console.log(event.url, event.thumbnails?.default.url);
    case eventTypes.RICH_MESSAGE:
      return console.log(event.template, event.elements.length);
    default:
      return console.log(event.type);
  }
};
sdk.on("connected", ({ customer, availability, greeting }) => {
  console.log(customer.statistics.chatsCount, availability === "online", greeting?.event.type);
});
sdk.on("disconnected", ({ reason }) => console.log(reason === serverDisconnectionReasons.CUSTOMER_BANNED));
sdk.on("user_data", (user) => users.set(user.id, user));
sdk.on("incoming_chat", ({ chat }) => chat.thread.events.forEach(show));
sdk.on("incoming_event", ({ chatId, event }) => [chatId, show(event)]);
sdk.on("incoming_typing_indicator", ({ typingIndicator }) => typingIndicator.isTyping);
sdk.once("customer_id", (id) => id.length);
const log = (name: EventName, payload: EventMap[EventName]): void => console.log(name, payload);
sdk.on("*", log);
sdk.off("*", log);
sdk.off();

const { chat } = await sdk.startChat({ chat: { thread: { events: [{ type: "message", text: "hello" }] } } });
const sent = await sdk.sendEvent({ chatId: chat.id, event: { type: "message", text: "hello" } });
const text: string = sent.text;
const { chatsSummary, users: known } = await sdk.listChats({ limit: 25 });
const found: Chat = await sdk.getChat({ chatId: chatsSummary[0]?.id ?? chat.id });
const history = sdk.getChatHistory({ chatId: found.id });
const { done, value } = await history.next();
value?.threads.flatMap(({ events }) => events).forEach(show);
const { promise, cancel } = sdk.uploadFile({ file: new Blob([text]), onProgress: (progress) => progress.toFixed() });
if (done) cancel();
await sdk.sendEvent({ chatId: chat.id, event: { type: "file", url: (await promise).url } });
await sdk.rateChat({ chatId: chat.id, rating: { score: 1 } });
await sdk.deactivateChat({ id: chat.id });
sdk.setSneakPeek({ chatId: chat.id, sneakPeekText: "hel" });
try {
  await sdk.resumeChat({ chat: { id: chat.id } });
} catch (error) {
  const { code } = error as { code?: string };
  console.log(code === serverErrorCodes.CHAT_ALREADY_ACTIVE);
}
sdk.disconnect();

console.log(connectionStatuses.CONNECTED, serverPushActions.INCOMING_EVENT, sortOrders.ASC, userTypes.AGENT, known);
for (const parse of [parseMessage, parseFile, parseFilledForm, parseCustomEvent, parseSystemMessage]) parse("T", {}).id;
parseEvent("T", {})?.type;
parseRichMessage("T", {})?.elements;
parseGreeting({}).uniqueId;
parseForm({}).fields;

// @ts-expect-error the core's own method: the vendor has `sendEvent`
sdk.sendMessage({ chatId: chat.id, text });
// @ts-expect-error the seed's event: the vendor has `incoming_event`
sdk.on("new_event", console.log);
// @ts-expect-error the payload is an object here
sdk.on("disconnected", (reason) => reason.toUpperCase());
// @ts-expect-error no such environment
init({ organizationId: "org", clientId: "client" }, "live");
