// Every push of version 3.5, as the platform may send it: our own samples, and the documentation's.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/standin.mjs";
import { chat, CHAT, elements, event, events, now, place, thread, THREAD } from "./events.mjs";
import { agent, AGENT, customer, CUSTOMER, login } from "./script.js";

const { event: greeted, ...greeting } = login.greeting;
const properties = { "my-app": { a_key: "a value", number: 1, flag: true } };
const names = { "my-app": ["a_key", "number"] };
const changed = {
  id: `${THREAD}_1`,
  created_at: now(),
  author_id: AGENT,
  type: "message",
  text: "edited",
  properties: {},
};

/** In this order: what has happened to a chat is known when the next thing does. */
export const pushes = {
  "a chat": { action: "incoming_chat", payload: { requester_id: AGENT, chat: chat() } },
  "a chat after a transfer": {
    action: "incoming_chat",
    payload: {
      chat: chat({
        transferred_from: { group_ids: [1], agent_ids: [AGENT] },
        thread: thread({ id: "SD0000BBBB", events: [], queue: undefined, previous_thread_id: THREAD }),
      }),
    },
  },
  ...Object.fromEntries(
    Object.entries(events).map(([name, event]) => [
      name,
      // Another id: what was in the chat above is known and not told again.
      {
        action: "incoming_event",
        payload: { ...place, event: { ...event, id: `${event.id}-again`, created_at: now() } },
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(events).map(([name, event]) => [
      `${name}, changed`,
      { action: "event_updated", payload: { ...place, event } },
    ]),
  ),
  "a changed message": { action: "event_updated", payload: { ...place, event: changed } },
  "a transfer by hand": {
    action: "chat_transferred",
    payload: {
      ...place,
      requester_id: AGENT,
      reason: "manual",
      transferred_to: { agent_ids: ["bob@example.com"], group_ids: [2] },
    },
  },
  "a transfer into a queue": {
    action: "chat_transferred",
    payload: {
      ...place,
      reason: "routing.assigned",
      transferred_to: { group_ids: [2] },
      queue: { position: 3, wait_time: 120, queued_at: now() },
    },
  },
  "a user in the chat": {
    action: "user_added_to_chat",
    payload: {
      ...place,
      user: { ...agent, id: "bob@example.com", name: "Bob", present: true },
      reason: "manual",
      requester_id: AGENT,
    },
  },
  "a user who only writes": {
    action: "user_added_to_chat",
    payload: { ...place, user: { ...agent, id: "eve@example.com", name: "Eve", present: false }, reason: "manual" },
  },
  "the customer in the chat": {
    action: "user_added_to_chat",
    payload: { ...place, user: { ...customer, present: true }, reason: "other" },
  },
  "a user without an id": { action: "user_added_to_chat", payload: { ...place, user: {} } },
  "a user out of the chat": {
    action: "user_removed_from_chat",
    payload: { ...place, user_id: "bob@example.com", reason: "manual", requester_id: AGENT },
  },
  typing: {
    action: "incoming_typing_indicator",
    payload: {
      ...place,
      typing_indicator: { author_id: AGENT, recipients: "all", timestamp: 1_772_359_200, is_typing: true },
    },
  },
  "no more typing": {
    action: "incoming_typing_indicator",
    payload: {
      ...place,
      typing_indicator: { author_id: AGENT, recipients: "all", timestamp: 1_772_359_201, is_typing: false },
    },
  },
  "a seen mark": { action: "events_marked_as_seen", payload: { user_id: AGENT, chat_id: CHAT, seen_up_to: now() } },
  "a postback": {
    action: "incoming_rich_message_postback",
    payload: { user_id: CUSTOMER, ...place, event_id: `${THREAD}_1`, postback: { id: "p", toggled: true } },
  },
  "a postback of 3.6": {
    action: "incoming_rich_message_postback",
    payload: {
      user_id: CUSTOMER,
      ...place,
      event_id: `${THREAD}_1`,
      postback: {
        id: "p",
        toggled: false,
        button_type: "url",
        button_value: "https://example.com/a_b",
        ecommerce: { product_id: "1", option_id: "2", quantity: 3 },
      },
    },
  },
  "chat properties": { action: "chat_properties_updated", payload: { chat_id: CHAT, properties } },
  "chat properties, deleted": { action: "chat_properties_deleted", payload: { chat_id: CHAT, properties: names } },
  "thread properties": { action: "thread_properties_updated", payload: { ...place, properties } },
  "the queue as a thread property": {
    action: "thread_properties_updated",
    payload: { ...place, properties: { lc2: { queue_pos: 4, queue_waiting_time: 60 } } },
  },
  "thread properties, deleted": { action: "thread_properties_deleted", payload: { ...place, properties: names } },
  "event properties": {
    action: "event_properties_updated",
    payload: { ...place, event_id: `${THREAD}_1`, properties },
  },
  "event properties, deleted": {
    action: "event_properties_deleted",
    payload: { ...place, event_id: `${THREAD}_1`, properties: names },
  },
  "the customer's record": {
    action: "customer_updated",
    payload: { id: CUSTOMER, name: "Ada", email: "ada@example.org", session_fields: [{ a: "1" }, { snake_key: "2" }] },
  },
  "one field of the record": { action: "customer_updated", payload: { id: CUSTOMER, name: "Ada Lovelace" } },
  "the customer's page": {
    action: "customer_page_updated",
    payload: { url: "https://example.com/p", title: "A page", opened_at: now() },
  },
  "the side storage": { action: "customer_side_storage_updated", payload: { customer_side_storage: { visits: "1" } } },
  "a group offline": { action: "groups_status_updated", payload: { groups: [{ id: 0, status: "offline" }] } },
  "a group with a queue": {
    action: "groups_status_updated",
    payload: { groups: [{ id: 0, status: "online_for_queue" }] },
  },
  "a group online": { action: "groups_status_updated", payload: { groups: [{ id: 0, status: "online" }] } },
  "the queue": { action: "queue_position_updated", payload: { ...place, queue: { position: 1, wait_time: 30 } } },
  "a multicast": { action: "incoming_multicast", payload: { type: "lc2", content: { some_key: { deep_key: 1 } } } },
  "a multicast with more": {
    action: "incoming_multicast",
    payload: { type: "lc2", author_id: AGENT, sent_at: now(), some_list: [{ a_key: 1 }], content: { a_key: 1 } },
  },
  "a greeting": { action: "incoming_greeting", payload: { ...greeting, event: greeted } },
  "a greeting with buttons": {
    action: "incoming_greeting",
    payload: {
      ...greeting,
      addon: undefined,
      subtype: undefined,
      accepted: undefined,
      unique_id: "T2",
      event: event({ type: "rich_message", template_id: "cards", elements }),
    },
  },
  "a greeting, accepted": { action: "greeting_accepted", payload: { unique_id: "T2" } },
  "a greeting, canceled": { action: "greeting_canceled", payload: { unique_id: "T2" } },
  "a chat's end": { action: "chat_deactivated", payload: { ...place, user_id: AGENT } },
};

const folder = join(root, "tests/fixtures/livechat");
const sample = (file) => JSON.parse(readFileSync(join(folder, file), "utf8"));
const files = readdirSync(folder);

/**
 * The documentation's pushes, and its events within a push. Its events share an id; each gets its own here. Left out
 * are samples that are placeholders, and the farewell, after which there is no line.
 */
export const documented = Object.fromEntries([
  ...files
    .filter(
      (file) =>
        /-push-/.test(file) &&
        !/(general_format|event_updated|customer_disconnected)/.test(file),
    )
    .map((file) => {
      const content = sample(file);
      return [
        file,
        { action: content.action ?? /-push-(\w+)\.json/.exec(file)[1], payload: content.payload ?? content },
      ];
    }),
  ...files
    .filter((file) => /^v3\.[2-6]-event-/.test(file))
    .map((file) => [file, { action: "incoming_event", payload: { ...place, event: { ...sample(file), id: file } } }]),
]);

/** Of what LiveChat's SDK tells nobody: it does not know it, or keeps it for itself. */
export const SILENT = ["customer_side_storage_updated", "event_deleted", "incoming_thinking_indicator"];
