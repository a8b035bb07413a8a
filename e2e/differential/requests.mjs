// Every request method with its arguments and what the platform answers to it, refusals among them.

import { chat, CHAT, THREAD } from "./events.mjs";
import { chatsPage, fields, opened, own, refused, sent, threadsPage, withoutId } from "./replies.mjs";
import { agent, customer, statistics } from "./script.js";

const inEvent = { chatId: CHAT, threadId: THREAD, eventId: `${THREAD}_1` };
const inThread = { chatId: CHAT, threadId: THREAD };
const properties = { "my-app": { a_key: "a value", number: 1, flag: true } };
const names = { "my-app": ["a_key", "number"] };
const success = (action) => ({ [action]: {} });

/** By name: the method, its arguments, what the platform answers to which action. */
export const requests = {
  acceptGreeting: {
    method: "acceptGreeting",
    args: [{ greetingId: 12, uniqueId: "T1A2B3C4D5" }],
    script: success("accept_greeting"),
  },
  "acceptGreeting, refused": {
    method: "acceptGreeting",
    args: [{ greetingId: 12, uniqueId: "none" }],
    script: { accept_greeting: refused("greeting_not_found") },
  },
  cancelGreeting: { method: "cancelGreeting", args: [{ uniqueId: "T1A2B3C4D5" }], script: success("cancel_greeting") },
  startChat: { method: "startChat", args: [], script: opened("start_chat") },
  "startChat with everything": {
    method: "startChat",
    args: [
      {
        active: true,
        continuous: true,
        chat: {
          access: { groupIds: [0, 2] },
          properties,
          thread: {
            properties,
            events: [
              { type: "message", text: "hi", customId: "mine-1" },
              { type: "custom", content: { a_key: { bKey: 1 } }, customId: "mine-2" },
              {
                type: "filled_form",
                formId: "f1",
                customId: "mine-3",
                fields: [
                  { type: "email", id: "2", label: "E-mail", answer: "ada@example.com" },
                  { type: "group_chooser", id: "6", label: "Whom", answer: { id: "0", groupId: 2, label: "Sales" } },
                ],
              },
            ],
          },
        },
      },
    ],
    script: opened("start_chat"),
  },
  "startChat, refused": {
    method: "startChat",
    args: [{ active: true }],
    script: { start_chat: refused("chat_limit_reached") },
  },
  resumeChat: {
    method: "resumeChat",
    args: [
      { chat: { id: CHAT, properties, thread: { events: [{ type: "message", text: "again", customId: "mine-4" }] } } },
    ],
    script: opened("resume_chat"),
  },
  "resumeChat, refused": {
    method: "resumeChat",
    args: [{ chat: { id: CHAT }, continuous: false }],
    script: { resume_chat: refused("chat_already_active") },
  },
  ...Object.fromEntries(
    [
      [
        { type: "message", text: "Hello ✓", customId: "mine-5", properties },
        { type: "message", text: "Hello ✓", properties },
      ],
      [
        {
          type: "message",
          text: "yes",
          customId: "mine-6",
          postback: { id: "p", threadId: THREAD, eventId: `${THREAD}_1`, type: "message", value: "yes" },
        },
        { type: "message", text: "yes" },
      ],
      [
        { type: "file", url: "https://cdn.example.com/f.pdf", alternativeText: "A picture", customId: "mine-7" },
        { type: "file", url: "https://cdn.example.com/f.pdf", name: "f.pdf", content_type: "application/pdf" },
      ],
      [
        {
          type: "filled_form",
          formId: "f1",
          customId: "mine-8",
          fields: [{ type: "group_chooser", id: "6", label: "Whom", answer: { id: "0", groupId: 2, label: "Sales" } }],
        },
        {
          type: "filled_form",
          form_id: "f1",
          fields: [{ type: "group_chooser", id: "6", label: "Whom", answer: { id: "0", group_id: 2, label: "Sales" } }],
        },
      ],
      [
        {
          type: "system_message",
          text: "Note",
          systemMessageType: "my_note",
          recipients: "agents",
          customId: "mine-9",
        },
        { type: "system_message", text: "Note", system_message_type: "my_note" },
      ],
      [
        { type: "custom", content: { a_key: { bKey: 1 } }, customId: "mine-10" },
        { type: "custom", content: { a_key: { bKey: 1 } } },
      ],
      [{ type: "custom", customId: "mine-11" }, { type: "custom" }],
    ].map(([event, answer]) => [
      `sendEvent of ${event.customId}, ${event.type}`,
      { method: "sendEvent", args: [{ chatId: CHAT, event }], script: sent(own(answer)) },
    ]),
  ),
  "sendEvent to the last thread": {
    method: "sendEvent",
    args: [{ chatId: CHAT, event: { type: "message", text: "late", customId: "mine-12" }, attachToLastThread: true }],
    script: sent(own({ type: "message", text: "late" })),
  },
  "sendEvent, refused": {
    method: "sendEvent",
    args: [{ chatId: CHAT, event: { type: "message", text: "no", customId: "mine-13" } }],
    script: { send_event: refused("authorization") },
  },
  sendRichMessagePostback: {
    method: "sendRichMessagePostback",
    args: [{ ...inEvent, postback: { id: "p", toggled: true } }],
    script: success("send_rich_message_postback"),
  },
  "sendRichMessagePostback of 3.6": {
    method: "sendRichMessagePostback",
    args: [
      {
        ...inEvent,
        postback: { id: "p", toggled: false, button_type: "url", button_value: "v", ecommerce: { product_id: "1" } },
      },
    ],
    script: success("send_rich_message_postback"),
  },
  getChat: { method: "getChat", args: [{ chatId: CHAT }], script: { get_chat: { payload: chat() } } },
  "getChat of a thread": {
    method: "getChat",
    args: [{ chatId: CHAT, threadId: THREAD }],
    script: { get_chat: { payload: chat() } },
  },
  "getChat without a thread": {
    method: "getChat",
    args: [{ chatId: CHAT }],
    script: { get_chat: { payload: { id: CHAT, users: [] } } },
  },
  listChats: { method: "listChats", args: [], script: { list_chats: { payload: chatsPage } } },
  "listChats, some": {
    method: "listChats",
    args: [{ limit: 25 }],
    script: { list_chats: { payload: { chats_summary: [], total_chats: 0 } } },
  },
  "listChats, a page": {
    method: "listChats",
    args: [{ pageId: "next" }],
    script: { list_chats: { payload: chatsPage } },
  },
  "listThreads, newest": {
    method: "listThreads",
    args: [{ chatId: CHAT }],
    script: { list_threads: { payload: { ...threadsPage, next_page_id: "next" } } },
  },
  "listThreads, oldest": {
    method: "listThreads",
    args: [{ chatId: CHAT, sortOrder: "asc", limit: 5 }],
    script: { list_threads: { payload: threadsPage } },
  },
  "listThreads, by events": {
    method: "listThreads",
    args: [{ chatId: CHAT, minEventsCount: 25 }],
    script: { list_threads: { payload: threadsPage } },
  },
  "listThreads, a page": {
    method: "listThreads",
    args: [{ chatId: CHAT, pageId: "next" }],
    script: { list_threads: { payload: threadsPage } },
  },
  rateChat: {
    method: "rateChat",
    args: [{ chatId: CHAT, rating: { score: 1, comment: "good" } }],
    script: { list_threads: { payload: threadsPage }, update_thread_properties: {} },
  },
  "rateChat without a thread": {
    method: "rateChat",
    args: [{ chatId: CHAT, rating: { score: 0 } }],
    script: { list_threads: { payload: { threads: [] } } },
  },
  cancelRate: {
    method: "cancelRate",
    args: [{ chatId: CHAT }],
    script: { list_threads: { payload: threadsPage }, delete_thread_properties: {} },
  },
  "cancelRate of the comment": {
    method: "cancelRate",
    args: [{ chatId: CHAT, properties: ["score", "comment"] }],
    script: { list_threads: { payload: threadsPage }, delete_thread_properties: {} },
  },
  markEventsAsSeen: {
    method: "markEventsAsSeen",
    args: [{ chatId: CHAT, seenUpTo: "2026-03-01T10:00:00.000100Z" }],
    script: success("mark_events_as_seen"),
  },
  updateChatProperties: {
    method: "updateChatProperties",
    args: [{ id: CHAT, properties }],
    script: success("update_chat_properties"),
  },
  deleteChatProperties: {
    method: "deleteChatProperties",
    args: [{ id: CHAT, properties: names }],
    script: success("delete_chat_properties"),
  },
  updateThreadProperties: {
    method: "updateThreadProperties",
    args: [{ ...inThread, properties: { routing: { transcript_email: "ada@example.com" } } }],
    script: success("update_thread_properties"),
  },
  deleteThreadProperties: {
    method: "deleteThreadProperties",
    args: [{ ...inThread, properties: names }],
    script: success("delete_thread_properties"),
  },
  updateEventProperties: {
    method: "updateEventProperties",
    args: [{ ...inEvent, properties }],
    script: success("update_event_properties"),
  },
  deleteEventProperties: {
    method: "deleteEventProperties",
    args: [{ ...inEvent, properties: names }],
    script: success("delete_event_properties"),
  },
  getCustomer: {
    method: "getCustomer",
    args: [],
    script: { get_customer: { payload: { ...customer, statistics } } },
  },
  updateCustomer: {
    method: "updateCustomer",
    args: [
      { name: "Ada", email: "ada@example.org", avatar: "https://example.com/b.png", sessionFields: { b: "1", a: "2" } },
    ],
    script: success("update_customer"),
  },
  "updateCustomer with what it does not know": {
    method: "updateCustomer",
    args: [{ name: "Ada", nickname: "A" }],
    script: success("update_customer"),
  },
  "updateCustomer, refused": {
    method: "updateCustomer",
    args: [{ sessionFields: { a: "1" } }],
    script: { update_customer: refused("customer_session_fields_limit_reached") },
  },
  setCustomerSessionFields: {
    method: "setCustomerSessionFields",
    args: [{ sessionFields: { plan: "pro", "with space": "1", snake_case: "2", camelCase: "3" } }],
    script: success("set_customer_session_fields"),
  },
  ...Object.fromEntries(
    ["prechat", "postchat"].map((type) => [
      `getForm, ${type}`,
      {
        method: "getForm",
        args: [{ groupId: 0, type }],
        script: { get_form: { payload: { enabled: true, form: { id: "f1", fields } } } },
      },
    ]),
  ),
  "getForm, ticket": {
    method: "getForm",
    args: [{ groupId: 0, type: "ticket" }],
    script: { get_form: { payload: { enabled: true, form: { id: "f2", fields: fields.map(withoutId) } } } },
  },
  "getForm, none": {
    method: "getForm",
    args: [{ groupId: 0, type: "prechat" }],
    script: { get_form: { payload: { enabled: false } } },
  },
  getPredictedAgent: {
    method: "getPredictedAgent",
    args: [],
    script: { get_predicted_agent: { payload: { agent: { ...agent, is_bot: false }, queue: true } } },
  },
  "getPredictedAgent of a group": {
    method: "getPredictedAgent",
    args: [{ groupId: 2 }],
    script: { get_predicted_agent: { payload: { agent: { ...agent, is_bot: true }, queue: false } } },
  },
  "getPredictedAgent, refused": {
    method: "getPredictedAgent",
    args: [],
    script: { get_predicted_agent: refused("group_offline") },
  },
  ...Object.fromEntries(
    [
      { url: "https://example.com/p" },
      {
        url: "https://example.com/p",
        title: "T",
        description: "D",
        image_url: "http://cdn.example.com/i.png",
        image_width: 10,
        image_height: 20,
      },
      { url: "https://example.com/p", title: "T", image_url: "//cdn.example.com/i.png" },
    ].map((payload, index) => [
      `getUrlInfo ${index}`,
      { method: "getUrlInfo", args: [{ url: "https://example.com/p" }], script: { get_url_info: { payload } } },
    ]),
  ),
  listGroupStatuses: {
    method: "listGroupStatuses",
    args: [],
    script: {
      list_group_statuses: { payload: { groups_status: { 0: "online", 2: "offline", 5: "online_for_queue" } } },
    },
  },
  "listGroupStatuses of some": {
    method: "listGroupStatuses",
    args: [{ groupIds: [0, 2] }],
    script: { list_group_statuses: { payload: { groups_status: { 0: "online", 2: "offline" } } } },
  },
  deactivateChat: { method: "deactivateChat", args: [{ id: CHAT }], script: success("deactivate_chat") },
};
