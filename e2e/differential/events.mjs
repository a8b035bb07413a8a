// What a chat is made of, as the platform sends it: events of each type, a thread, a chat.

import { agent, AGENT, customer, CUSTOMER } from "./script.js";

export const CHAT = "SB1Q2W3E4R";
export const THREAD = "SC0000AAAA";
export const place = { chat_id: CHAT, thread_id: THREAD };

let last = 0;
/** A time of its own for each thing that happens. */
export const now = () => `2026-03-01T10:00:00.${String((last += 1)).padStart(6, "0")}Z`;

export const event = (fields) => {
  const created_at = now();
  return { id: `${THREAD}_${last}`, created_at, author_id: AGENT, properties: {}, ...fields };
};

const button = (fields) => ({ text: "Press", postback_id: "p", user_ids: [CUSTOMER], ...fields });
/** Those of a rich message. */
export const elements = [
  {
    title: "Title",
    subtitle: "Subtitle",
    image: {
      url: "https://cdn.example.com/i.png",
      name: "i.png",
      content_type: "image/png",
      size: 1234,
      width: 640,
      height: 480,
      alternative_text: "A picture",
    },
    buttons: [
      button({ type: "message", value: "yes", role: "primary" }),
      button({ type: "phone", value: "+48123456789" }),
      button({ type: "url", value: "https://example.com", target: "new" }),
      button({ type: "webview", value: "https://example.com", webview_height: "tall" }),
      button({ type: "cancel", role: "danger" }),
      button({}),
    ],
  },
  { title: "Nothing else" },
];
const option = { id: "0", label: "One", checked: true };

/** One event of each type, and of each kind within it. */
export const events = {
  "a message": event({ type: "message", text: "Hello! ✓ 👋", custom_id: "c-1", recipients: "all" }),
  "a message with a postback": event({
    type: "message",
    text: "yes",
    postback: { id: "p", thread_id: THREAD, event_id: `${THREAD}_1`, type: "message", value: "yes" },
  }),
  "a message with properties": event({
    type: "message",
    text: "# hi",
    properties: { chats: { formatting: "commonmark" }, "my-app": { snake_case: "kept", camelCase: "kept" } },
  }),
  "a file": event({
    type: "file",
    url: "https://cdn.example.com/f.pdf",
    name: "f.pdf",
    content_type: "application/pdf",
    size: 4321,
  }),
  ...Object.fromEntries(
    [
      [1200, 600],
      [333, 999],
      [200, 100],
      [601, 600],
      [1, 1],
    ].map(([width, height]) => [
      `an image of ${width}×${height}`,
      event({
        type: "file",
        url: "https://cdn.example.com/i.png",
        name: "i.png",
        content_type: "image/png",
        size: 4321,
        width,
        height,
        thumbnail_url: "https://cdn.example.com/t.png",
        thumbnail2x_url: "https://cdn.example.com/t2.png",
        alternative_text: "A picture",
      }),
    ]),
  ),
  ...Object.fromEntries(
    ["cards", "quick_replies", "sticker"].map((template_id) => [
      template_id,
      event({ type: "rich_message", template_id, elements }),
    ]),
  ),
  "a form": {
    ...event({}),
    author_id: undefined,
    type: "form",
    form_id: "f1",
    fields: [
      { type: "header", id: "1", label: "Welcome" },
      { type: "email", id: "2", label: "E-mail", required: true },
      { type: "radio", id: "3", label: "Why", required: false, options: [option] },
      { type: "group_chooser", id: "4", label: "Whom", options: [{ id: "0", group_id: 2, label: "Sales" }] },
      { type: "rating", id: "5", label: "How", comment_label: "Why so" },
    ],
  },
  "a filled form": event({
    type: "filled_form",
    form_id: "f1",
    author_id: CUSTOMER,
    fields: [
      { type: "email", id: "2", label: "E-mail", answer: "ada@example.com" },
      { type: "radio", id: "3", label: "Why", answer: { id: "0", label: "One" } },
      { type: "checkbox", id: "4", label: "What", answers: [{ id: "0", label: "One" }] },
      { type: "checkbox_for_email", id: "5", label: "Copy", answer: true },
      { type: "group_chooser", id: "6", label: "Whom", answer: { id: "0", group_id: 2, label: "Sales" } },
      { type: "group_chooser", id: "7", label: "Whom else" },
    ],
  }),
  "a custom event": event({ type: "custom", content: { any_key: [{ deep_key: 1 }] } }),
  "a custom event without content": event({ type: "custom" }),
  "a system message": {
    ...event({}),
    author_id: undefined,
    type: "system_message",
    text: "Grace joined",
    system_message_type: "agent_joined",
    text_vars: { agent: "Grace", some_var: "kept" },
  },
};

const users = [
  { ...customer, present: true, events_seen_up_to: now() },
  { ...agent, present: true, is_bot: false },
  {
    id: "bot@example.com",
    type: "agent",
    name: "Bot",
    avatar: "https://example.com/b.png",
    job_title: "",
    present: false,
  },
];
const access = { group_ids: [0] };

/** A thread with an event of each type. */
export const thread = (fields = {}) => ({
  id: THREAD,
  active: true,
  created_at: "2026-03-01T09:59:59.000100Z",
  user_ids: [CUSTOMER, AGENT],
  access,
  properties: { routing: { continuous: false }, "my-app": { a_key: 1 } },
  events: Object.values(events),
  queue: { position: 2, wait_time: 90, queued_at: "2026-03-01T10:00:00.000150Z" },
  previous_thread_id: "SB9999ZZZZ",
  ...fields,
});
export const chat = (fields = {}) => ({
  id: CHAT,
  users,
  access,
  properties: { routing: { continuous: false } },
  thread: thread(),
  ...fields,
});
