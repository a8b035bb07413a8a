// Every event, with every field that its listener gets. A name that has no sample here does not compile.

import { init } from "palaver";
import type { Api, EventMap, EventName, Greeting, GreetingEvent, MessageStatus, Queue, User } from "palaver";

const api: Api = init({ organizationId: "org", clientId: "client" });

const user = (someone: User): string =>
  someone.type === "agent"
    ? [someone.id, someone.name, someone.avatar, someone.jobTitle ?? "", someone.isBot ?? false].join()
    : [someone.id, someone.name ?? "", someone.email ?? "", Object.keys(someone.sessionFields).length].join();
const words = (event: GreetingEvent): string =>
  event.type === "message" ? event.text : event.elements.map((element) => element.title ?? "").join();
const greeting = (shown: Greeting): string => {
  const addon: string | null = shown.addon;
  const by: string = shown.agent.name + shown.agent.avatar + (shown.agent.jobTitle ?? "") + shown.agent.isBot;
  const isNew: boolean = shown.displayedFirstTime && !shown.accepted;
  const kind: string = shown.subtype + (shown.isExitIntent ?? false);
  return [shown.id.toFixed(), shown.uniqueId, kind, addon, by, isNew, words(shown.event)].join();
};
const place = (queue: Queue | null): number => (queue ? queue.position + queue.waitTime + queue.queuedAt.length : 0);
// Which fields are there follows from the status.
const fate = (told: MessageStatus): string => {
  switch (told.status) {
    case "sent":
      return told.event.id + told.event.createdAt;
    case "failed":
      return told.error.code + told.error.message + told.error.retryable + (told.error.details?.outcome ?? "");
    default:
      return told.status;
  }
};

const listeners: { [E in EventName]: (payload: EventMap[E]) => unknown } = {
  connected: ({ chatsSummary, totalChats, customer, availability, greeting: shown }) => {
    const isOnline: boolean = availability === "online";
    const visits: number = customer.statistics.visitsCount + customer.statistics.pageViewsCount;
    return [chatsSummary.length + totalChats + visits, isOnline, shown && greeting(shown)];
  },
  connection_restored: ({ chatsSummary, customer }) => chatsSummary.length + customer.statistics.chatsCount,
  connection_lost: ({ reason, willReconnect, retryAt }) => [reason.length, willReconnect, new Date(retryAt ?? 0)],
  connection_unstable: (nothing: undefined) => nothing,
  connection_recovered: (nothing: undefined) => nothing,
  disconnected: (reason) => reason === undefined || reason === "customer_banned" || reason.toUpperCase(),
  state: ({ state, previous, attempt, reason, willReconnect, retryInMs, retryAt }) =>
    [state === "connecting", previous === "idle", (attempt ?? 0) + (retryInMs ?? 0), reason?.length, willReconnect, retryAt],
  warning: ({ code, message, details }) => [code.length, message.length, details?.argument],
  error: ({ code, message }) => [code === "INTERNAL", message.length],
  customer_disconnected: ({ reason, data }) => [reason === "misdirected_connection" && data?.region, data?.timeout],
  customer_id: (id) => id.toUpperCase(),
  identity_changed: ({ previousId, newId }) => previousId + newId,
  user_data: user,
  customer_updated: ({ id, name, email, avatar, sessionFields }) =>
    [id.length, name, email, avatar, sessionFields?.["key"]],
  customer_page_updated: ({ url, title, openedAt }) => url + (title ?? "") + openedAt,
  customer_side_storage_updated: ({ customerSideStorage }) => Object.values(customerSideStorage).join(),
  user_added_to_chat: ({ chatId, threadId, user: someone, present, reason, requesterId }) =>
    [chatId.length, threadId, user(someone), someone.present === present, reason, requesterId],
  user_removed_from_chat: ({ chatId, threadId, userId, reason, requesterId }) =>
    [chatId + userId, threadId, reason === "signed_out", requesterId],
  availability_updated: ({ availability }) => availability === "offline",
  groups_status_updated: ({ groups }) => groups.filter(({ id, status }) => id > 0 && status === "online_for_queue"),
  new_event: (event) => event.chat + event.thread + event.authorId + event.createdAt + (event.customId ?? ""),
  incoming_event: ({ chatId, threadId, event }) => chatId + threadId + event.id,
  message_status: (told) => [told.chatId + told.customId, fate(told)],
  history_gap: ({ chatId, from, to }) => [chatId, from && new Date(from), to === null],
  event_updated: ({ chatId, threadId, event }) => chatId + threadId + event.id,
  event_deleted: ({ chatId, threadId, eventId }) => chatId + threadId + eventId,
  incoming_event_preview: ({ chatId, threadId, event }) =>
    [chatId + threadId, event.text + event.authorId, event.customId],
  incoming_thinking_indicator: ({ chatId, threadId, authorId, sentAt, customId, title, description }) =>
    [chatId + threadId + authorId + sentAt, customId, title, description],
  incoming_welcome_message: ({ id, event }) => id + words(event),
  incoming_rich_message_postback: ({ userId, chatId, threadId, eventId, postback }) =>
    [userId + chatId + threadId + eventId + postback.id, postback.toggled, postback.ecommerce?.productId],
  incoming_multicast: ({ content, type, authorId }) => [content["anything"], type, authorId],
  user_is_typing: ({ chat, user: id }) => chat + id,
  user_stopped_typing: ({ chat, user: id }) => chat + id,
  incoming_typing_indicator: ({ chatId, threadId, typingIndicator: { authorId, isTyping } }) =>
    [chatId + authorId, threadId, isTyping],
  events_marked_as_seen: ({ chatId, userId, seenUpTo }) => chatId + userId + seenUpTo,
  last_seen_timestamp_updated: ({ chat, user: id, timestamp }) => [chat + id, timestamp && new Date(timestamp)],
  incoming_chat: ({ chat, requesterId }) => [chat.thread.events.length, requesterId, chat.transferredFrom?.agentIds],
  chat_deactivated: ({ chatId, threadId, userId }) => [chatId + threadId, userId],
  thread_closed: ({ chat, thread }) => chat + thread,
  chat_transferred: ({ chatId, threadId, reason, requesterId, transferredTo, queue }) =>
    [chatId.length, threadId, reason, requesterId, transferredTo.agentIds, transferredTo.groupIds, place(queue)],
  queue_position_updated: ({ chatId, threadId, queue }) => [chatId + threadId, queue.position + queue.waitTime],
  thread_summary: ({ id, chat, order, totalEvents }) => [id + chat, order + totalEvents],
  thread_metadata: ({ id, chat, order, totalEvents }) => [id + chat, order + totalEvents],
  thread_metada: ({ id, chat, order, totalEvents }) => [id + chat, order + totalEvents],
  chat_properties_updated: ({ chatId, chat, properties }) => [chatId === chat, properties.rating?.score === 1],
  chat_properties_deleted: ({ chatId, chat, properties }) => [chatId === chat, properties["rating"]?.includes("score")],
  thread_properties_updated: ({ chatId, threadId, chat, thread, properties }) =>
    [chatId === chat, threadId === thread, properties.routing?.transcript_email],
  chat_thread_properties_updated: ({ chatId, threadId, chat, thread, properties }) =>
    [chatId === chat, threadId === thread, properties["mine"]?.["name"]],
  thread_properties_deleted: ({ chatId, threadId, properties }) => [chatId + threadId, properties["mine"]],
  event_properties_updated: ({ chatId, threadId, eventId, properties }) => [chatId + threadId + eventId, properties],
  event_properties_deleted: ({ chatId, threadId, eventId, properties }) => [chatId + threadId + eventId, properties],
  incoming_greeting: greeting,
  greeting_accepted: ({ uniqueId }) => uniqueId.length,
  greeting_canceled: ({ uniqueId }) => uniqueId.length,
  unknown_push: ({ action, payload }) => [action.length, JSON.stringify(payload)],
};

// A listener for whichever event.
const listen = <E extends EventName>(name: E): (() => void) => api.on(name, listeners[name]);
for (const name of Object.keys(listeners) as EventName[]) listen(name)();
api.once("new_event", listeners.new_event);
api.off("new_event", listeners.new_event);
