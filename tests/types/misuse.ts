// What is wrong must not compile.

import { init } from "palaver";

// @ts-expect-error both ids are needed
init({ organizationId: "org" });
// @ts-expect-error a group is a number
init({ organizationId: "org", clientId: "client", groupId: "1" });
// @ts-expect-error an option that does not exist
init({ organizationId: "org", clientId: "client", organisationId: "org" });
// @ts-expect-error no such version
init({ organizationId: "org", clientId: "client", apiVersion: "2.0" });
const api = init({ organizationId: "org", clientId: "client" });

// @ts-expect-error a misspelt event
api.on("new_evnt", () => {});
// @ts-expect-error no such field
api.on("new_event", ({ txt }) => txt);
// @ts-expect-error no payload
api.on("connection_lost", ({ reason }: { reason: string }) => reason);
// @ts-expect-error the state is only read
api.state = "closed";
// @ts-expect-error a text is needed
void api.sendMessage({ chatId: "C" });
// @ts-expect-error positional arguments are the old SDK's
void api.sendMessage("C", "hello");
// @ts-expect-error `limit` and `minEventsCount` exclude each other
void api.listThreads({ chatId: "C", limit: 1, minEventsCount: 1, pageId: 7 });
// @ts-expect-error an event has a type
void api.sendEvent({ chatId: "C", event: { text: "hello" } });
api.on("new_event", (event) => {
  // @ts-expect-error only messages have a text for certain
  return event.type === "file" ? event.text.length : 0;
});
