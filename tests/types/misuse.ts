// What is wrong must not compile.

import { init } from "palaver";
import type { Api, ChatEvent, FilledField, NewEvent } from "palaver";

// @ts-expect-error both ids are needed
init({ organizationId: "org" });
// @ts-expect-error a group is a number
init({ organizationId: "org", clientId: "client", groupId: "1" });
// @ts-expect-error it is on or off
init({ organizationId: "org", clientId: "client", sharedConnection: "all" });
// @ts-expect-error an option that does not exist
init({ organizationId: "org", clientId: "client", organisationId: "org" });
// @ts-expect-error no such version
init({ organizationId: "org", clientId: "client", apiVersion: "2.0" });
const api = init({ organizationId: "org", clientId: "client" });

// @ts-expect-error a misspelt option
init({ organizationId: "org", clientId: "client", autoconnect: false });
// @ts-expect-error an identity provider has four methods
init({ organizationId: "org", clientId: "client", identityProvider: () => ({ getToken: async () => "token" }) });
// @ts-expect-error a class, not what makes a socket
init({ organizationId: "org", clientId: "client", webSocket: (url: string) => new WebSocket(url) });

// Events.
// @ts-expect-error a misspelt event
api.on("new_evnt", () => {});
// @ts-expect-error no such field
api.on("new_event", ({ txt }) => txt);
// @ts-expect-error no payload
api.on("connection_unstable", ({ reason }: { reason: string }) => reason);
// @ts-expect-error it may be made at once
api.on("connection_lost", ({ retryAt }) => retryAt.toFixed());
// @ts-expect-error only what was sent is an event
api.on("message_status", ({ event }) => event.id);
api.on("message_status", (told) => {
  // @ts-expect-error what failed has a reason, and no event
  if (told.status === "failed") return told.event.id;
  // @ts-expect-error no such status
  return told.status === "pending";
});
// @ts-expect-error the reason is a text
api.on("disconnected", ({ reason }) => reason);
// @ts-expect-error the indicator is one level down
api.on("incoming_typing_indicator", ({ isTyping }) => isTyping);
// @ts-expect-error `chat` is the old name, which this event never had
api.on("incoming_event", ({ chat }) => chat);
// @ts-expect-error a listener is needed
api.on("connected");
api.on("new_event", (event) => {
  // @ts-expect-error files have no text
  if (event.type === "file") return event.text;
  // @ts-expect-error no such type
  return event.type === "mesage";
});
api.on("connected", ({ greeting }) => {
  // @ts-expect-error the text is the event's
  return greeting?.text;
});

// Methods.
// @ts-expect-error the state is only read
api.state = "closed";
// @ts-expect-error no such method
void api.closeThread("C");
// @ts-expect-error a text is needed
void api.sendMessage({ chatId: "C" });
// @ts-expect-error positional arguments are the old SDK's
void api.sendMessage("C", "hello");
// @ts-expect-error a misspelt argument
void api.sendMessage({ chatId: "C", text: "hello", costumId: "1" });
// @ts-expect-error `limit` and `minEventsCount` exclude each other
void api.listThreads({ chatId: "C", limit: 1, minEventsCount: 1 });
// @ts-expect-error `pageId` goes alone
void api.listChats({ pageId: "p", limit: 10 });
// @ts-expect-error an event has a type
void api.sendEvent({ chatId: "C", event: { text: "hello" } });
// @ts-expect-error that type has other fields
void api.sendEvent({ chatId: "C", event: { type: "file", text: "hello" } });
// @ts-expect-error a misspelt field of the event
void api.sendEvent({ chatId: "C", event: { type: "message", text: "hello", posback: { id: "b" } } });
// @ts-expect-error resuming needs to know what
void api.resumeChat({ chat: {} });
// @ts-expect-error the chat's own methods take `id`
void api.updateChatProperties({ chatId: "C", properties: {} });
// @ts-expect-error properties have namespaces
void api.updateThreadProperties({ chatId: "C", threadId: "T", properties: { name: "value" } });
// @ts-expect-error names are deleted, not values
void api.deleteThreadProperties({ chatId: "C", threadId: "T", properties: { mine: { name: "value" } } });
// @ts-expect-error a score is 0 or 1
void api.rateChat({ chatId: "C", rating: { score: 5 } });
// @ts-expect-error there are two marks
void api.cancelRate({ chatId: "C", properties: ["stars"] });
// @ts-expect-error no such form
void api.getForm({ groupId: 0, type: "pre_chat" });
// @ts-expect-error a greeting's number is a number
void api.acceptGreeting({ greetingId: "1", uniqueId: "U" });
// @ts-expect-error which one?
void api.retry({});
// @ts-expect-error a message is known by its own id, not by the event's
void api.discard({ eventId: "E" });
// @ts-expect-error what was sent is not in the outbox any more
export const isSent: boolean = api.outbox()[0]?.status === "sent";
// @ts-expect-error a file is a Blob
void api.sendFile({ chatId: "C", file: "file.txt" });
// @ts-expect-error the upload itself is no promise
void api.uploadFile({ file: new Blob() }).then;
// @ts-expect-error not every member needs the platform
api.can("connect");
// @ts-expect-error a misspelt feature
api.can("deleteEvents");
// @ts-expect-error session fields are texts
void api.updateCustomer({ sessionFields: { visits: 1 } });
// @ts-expect-error nobody is told how it went
void api.setSneakPeek({ chatId: "C", sneakPeekText: "h" }).catch;

// Structures.
// @ts-expect-error a message has a text
export const message: NewEvent = { type: "message" };
// @ts-expect-error a checkbox has `answers`
export const boxes: FilledField = { type: "checkbox", id: "1", label: "Tags", answer: { id: "0", label: "A" } };
export function nothingIsLost(event: ChatEvent): never {
  switch (event.type) {
    case "message":
    case "file":
    case "rich_message":
    case "form":
    case "filled_form":
    case "custom":
    case "system_message":
    case "system":
    case "annotation":
      throw new Error(event.id);
    default:
      // @ts-expect-error there is always a type that nobody knows yet
      return event;
  }
}
export async function formsMayBeOff(api: Api): Promise<string | undefined> {
  // @ts-expect-error a form that is off has no fields
  return (await api.getForm({ groupId: 0, type: "postchat" })).form.id;
}
