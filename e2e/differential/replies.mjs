// What the platform answers to requests.

import { chat, CHAT, events, now, thread, THREAD } from "./events.mjs";
import { CUSTOMER } from "./script.js";

/** An own event: the platform's answer has its id, the push the whole. */
export const sent = (event) => ({
  send_event: {
    payload: { event_id: event.id },
    pushes: [{ action: "incoming_event", payload: { chat_id: CHAT, thread_id: THREAD, event } }],
  },
});
export const own = (fields) => {
  const created_at = now();
  return {
    id: `${THREAD}_own_${created_at.slice(-4, -1)}`,
    created_at,
    author_id: CUSTOMER,
    properties: {},
    ...fields,
  };
};
export const opened = (action) => ({
  [action]: {
    payload: { chat_id: CHAT, thread_id: THREAD },
    pushes: [
      {
        action: "incoming_chat",
        payload: { requester_id: CUSTOMER, chat: chat({ thread: thread({ queue: undefined }) }) },
      },
    ],
  },
});

const perType = (list) =>
  Object.fromEntries(
    list.map((event) => [event.type, { thread_id: THREAD, thread_created_at: "2026-03-01T10:00:00.000100Z", event }]),
  );
const { thread: _, ...summary } = chat({
  active: true,
  last_thread_id: THREAD,
  last_thread_created_at: "2026-03-01T10:00:00.000100Z",
  last_event_per_type: perType([events["a message"], events["a file"], events["a system message"], events.cards]),
});
export const chatsPage = {
  chats_summary: [
    summary,
    {
      ...summary,
      id: "SA0000AAAA",
      active: false,
      last_event_per_type: undefined,
      last_thread_created_at: "2026-01-01T10:00:00.000100Z",
    },
    { id: "S90000AAAA", active: false, users: summary.users },
  ],
  total_chats: 3,
  next_page_id: "next",
  previous_page_id: "previous",
};
export const threadsPage = {
  threads: [
    thread({ queue: undefined }),
    {
      id: "SB9999ZZZZ",
      active: false,
      created_at: "2026-02-01T10:00:00.000000Z",
      user_ids: [],
      events: [],
      next_thread_id: THREAD,
    },
  ],
  found_threads: 2,
};

const field = (type, more = {}) => ({ type, id: `id-${type}`, label: type, required: true, ...more });
const options = [
  { id: "0", label: "One", checked: true },
  { id: "1", label: "Two" },
];
export const fields = [
  { type: "header", id: "0", label: "Welcome" },
  ...["name", "email", "question", "textarea", "subject"].map((type) => field(type)),
  ...["radio", "select", "checkbox"].map((type) => field(type, { options })),
  field("checkbox_for_email", { checked: true }),
  field("group_chooser", { options: [{ id: "0", label: "Sales", group_id: 2 }] }),
  field("rating", { comment_label: "Anything else?" }),
];
export const withoutId = ({ id: _, ...field }) => field;
export const refused = (type) => ({ error: { type, message: `it is ${type}` } });
