// The core's events under LiveChat's names and with its payloads.

import { inBoth } from "./spelling.js";
import { bySystem } from "./system.js";

/** What is told as the core tells it. */
const SAME = [
  "availability_updated", "chat_deactivated", "chat_properties_deleted", "chat_properties_updated",
  "chat_transferred", "connection_recovered", "connection_unstable", "customer_id", "customer_page_updated",
  "customer_updated", "event_deleted", "event_properties_deleted", "event_properties_updated", "event_updated",
  "events_marked_as_seen", "greeting_accepted", "greeting_canceled", "identity_changed", "incoming_chat",
  "incoming_event", "incoming_event_preview", "incoming_greeting", "incoming_thinking_indicator",
  "incoming_typing_indicator", "incoming_welcome_message", "queue_position_updated",
  "thread_properties_deleted", "thread_properties_updated", "user_added_to_chat", "user_data",
  "user_removed_from_chat",
];

/** Tells `emit` what `api` tells. */
export const relay = (api, emit) => {
  for (const name of SAME) api.on(name, (payload) => emit(name, bySystem(payload)));

  // What was never converted.
  for (const name of ["incoming_multicast", "incoming_rich_message_postback"]) {
    api.on(name, (payload) => emit(name, inBoth(payload)));
  }

  const connected = ({ dynamicConfig, ...payload }) => {
    const chats = api.chats().map(({ id, active, unreadCount }) => ({ id, active, hasUnreadEvents: unreadCount > 0 }));
    // Hidden, as they always were: nobody copies or prints them by accident.
    Object.defineProperty(payload, "__unsafeChats", { value: chats });
    Object.defineProperty(payload, "__unsafeDynamicConfig", { value: dynamicConfig });
    emit("connected", bySystem(payload));
  };
  api.on("connected", connected);
  api.on("connection_restored", connected);

  // The platform's farewell is the whole story: that the line is gone then, and that it is for good, follows from it.
  let isTold = false;
  api.on("customer_disconnected", (payload) => {
    isTold = true;
    emit("disconnected", payload);
  });
  api.on("connection_lost", () => isTold || emit("disconnected", { reason: "connection_lost" }));
  api.on("disconnected", (reason) => {
    // Without a reason it was the application that asked for it.
    if (reason !== undefined && !isTold) emit("disconnected", { reason });
    isTold = false;
  });
  api.on("state", ({ state }) => {
    if (state === "connecting") isTold = false;
  });
};
