// Everything an agent can do, as menus. Each entry sends one action of the server, some after asking for details.

import { ask } from "./dialog.js";
import { FORMS, SAMPLES } from "./samples.js";

const STATUSES = ["online", "online_for_queue", "offline"].map((status) => [status, status]);
const DRAFT_EVERY_MS = 350;

/** What is done by somebody in particular. */
export const NEEDS_AGENT = new Set([
  "assign",
  "ban",
  "close",
  "event",
  "file",
  "greeting",
  "join",
  "leave",
  "message",
  "preview",
  "reopen",
  "seen",
  "thinking",
  "transfer",
  "typing",
  "update_customer",
]);

/** @returns {{ title: string, entries: [string, () => void][] }[]} what can be done with a chat */
export function chatActions({ chat, send, agents, groups }) {
  const act = (verb, fields) => send(verb, { chat_id: chat.id, ...fields });
  const asks =
    (title, verb, fields, fixed = {}) =>
    () =>
      ask({ title, fields, send: (values) => act(verb, { ...fixed, ...values }) });
  const others = agents.map((agent) => [agent.id, agent.name]);
  return [
    {
      title: "Send",
      entries: Object.entries(SAMPLES).map(([name, event]) => [
        `${name}…`,
        asks(name, "event", [{ name: "event", label: "Event", kind: "json", value: event }]),
      ]),
    },
    {
      title: "Signs",
      entries: [
        [
          "Thinking…",
          asks("Thinking", "thinking", [
            { name: "title", label: "Title", value: "Looking at your order" },
            { name: "description", label: "More", value: "This takes a moment", optional: true },
          ]),
        ],
        [
          "Answer in drafts…",
          () =>
            ask({
              title: "Answer in drafts",
              fields: [
                {
                  name: "text",
                  label: "Text",
                  kind: "long",
                  value: "Ferns like it humid, so put it into the bathroom.",
                },
              ],
              send: ({ text }) => drafts(text, act),
            }),
        ],
        ["Seen", () => act("seen")],
      ],
    },
    {
      title: "Routing",
      entries: [
        [
          "Transfer to an agent…",
          asks("Transfer to an agent", "transfer", [
            { name: "to_agent_id", label: "Agent", kind: "choice", options: others },
          ]),
        ],
        [
          "Transfer to a group…",
          asks("Transfer to a group", "transfer", [
            {
              name: "to_group_id",
              label: "Group",
              kind: "choice",
              options: groups.map(({ id }) => [id, `Group ${id}`]),
            },
          ]),
        ],
        chat.queue && [
          "Queue position…",
          asks("Queue position", "queue_position", [
            { name: "position", label: "Position", kind: "number", value: 2 },
            { name: "wait_time", label: "Waiting time in seconds", kind: "number", value: 120 },
          ]),
        ],
        chat.queue && ["Take out of the queue", () => act("assign")],
        ["Join", () => act("join")],
        ["Leave", () => act("leave")],
      ].filter(Boolean),
    },
    {
      title: "Chat",
      entries: [
        [chat.active ? "Close" : "Reopen", () => act(chat.active ? "close" : "reopen")],
        [
          "Close for inactivity",
          () => act("archive", { system_message_type: "routing.archived_inactive", text_vars: { duration: "30" } }),
        ],
        [
          "Set properties…",
          asks("Properties of the chat", "properties", [
            { name: "properties", label: "Properties", kind: "json", value: { routing: { email_follow_up: true } } },
          ]),
        ],
        [
          "Change the customer…",
          asks("Change the customer", "update_customer", [
            { name: "name", label: "Name", optional: true },
            { name: "email", label: "E-mail address", optional: true },
          ]),
        ],
        chat.banned
          ? ["Lift the ban", () => send("unban", { customer_id: chat.customer_id })]
          : [
              "Ban…",
              asks("Ban the customer", "ban", [{ name: "days", label: "Days", kind: "number", value: 1 }], {
                customer_id: chat.customer_id,
              }),
            ],
      ],
    },
  ];
}

/** What can be done with somebody who looks around. */
export function visitorActions({ visitor, send }) {
  const act = (verb, fields) => send(verb, { customer_id: visitor.id, ...fields });
  const greet =
    (title, fields, fixed = {}) =>
    () =>
      ask({ title, fields, send: (values) => act("greeting", { ...fixed, ...values }) });
  const rich = {
    type: "rich_message",
    template_id: "cards",
    elements: [
      {
        ...SAMPLES.Cards.elements[0],
        buttons: [
          { type: "message", text: "Tell me more", postback_id: "more", value: "more", user_ids: [] },
          { type: "cancel", text: "Not now", postback_id: "cancel", user_ids: [] },
        ],
      },
    ],
  };
  return [
    {
      title: "Greet",
      entries: [
        [
          "With words…",
          greet("Greeting", [
            {
              name: "text",
              label: "Text",
              kind: "long",
              value: "Hello! Looking for something that survives a holiday?",
            },
          ]),
        ],
        ["With a card…", greet("Greeting with a card", [{ name: "event", label: "Event", kind: "json", value: rich }])],
        [
          "Announce…",
          greet("Announcement", [{ name: "text", label: "Text", kind: "long", value: "Free delivery until Friday." }], {
            subtype: "announcement",
          }),
        ],
        ["Take it back", () => act("cancel_greeting")],
      ],
    },
    {
      title: "Visitor",
      entries: [
        visitor.banned
          ? ["Lift the ban", () => act("unban")]
          : [
              "Ban…",
              () =>
                ask({
                  title: "Ban the visitor",
                  fields: [{ name: "days", label: "Days", kind: "number", value: 1 }],
                  send: (values) => act("ban", values),
                }),
            ],
      ],
    },
  ];
}

/** What can be done with the office as a whole. */
export function officeActions({ send, agents, groups }) {
  const asks =
    (title, verb, fields, fixed = {}) =>
    () =>
      ask({ title, fields, button: "Set", send: (values) => send(verb, { ...fixed, ...values }) });
  const form = (type) => [
    [
      `Ask the ${type} form…`,
      asks(
        `The ${type} form`,
        "form",
        [
          { name: "group_id", label: "Group", kind: "number", value: 0 },
          { name: "form", label: "Form", kind: "json", value: FORMS[type] },
        ],
        { type, enabled: true },
      ),
    ],
    [`No ${type} form`, () => send("form", { group_id: 0, type, enabled: false })],
  ];
  return [
    {
      title: "Groups",
      entries: groups.map(({ id, status }) => [
        `Group ${id}: ${status}…`,
        asks(`Group ${id}`, "group_status", [{ name: "status", label: "Status", kind: "choice", options: STATUSES }], {
          group_id: id,
        }),
      ]),
    },
    {
      title: "Agents",
      entries: agents.map(({ id, name, accepting }) => [
        `${name}: ${accepting === false ? "takes no chats" : "takes chats"}`,
        () => send("agent_status", { agent_id: id, accepting: accepting === false }),
      ]),
    },
    {
      title: "Office",
      entries: [
        [
          "Welcome message…",
          asks("Welcome message", "welcome_message", [
            { name: "text", label: "Text", kind: "long", value: "Welcome! What grows at your place?" },
          ]),
        ],
        ...form("prechat"),
        ...form("postchat"),
        [
          "Tell everybody…",
          asks("Multicast", "multicast", [{ name: "content", label: "Content", kind: "json", value: { sale: true } }]),
        ],
        [
          "Any push…",
          asks("Any push", "push", [
            { name: "action", label: "Action", value: "incoming_multicast" },
            { name: "payload", label: "Payload", kind: "json", value: { content: { n: 1 } } },
          ]),
        ],
      ],
    },
  ];
}

/** Shows the text word by word before it is said, as machines do. */
function drafts(text, act) {
  const custom_id = `draft-${Date.now().toString(36)}`;
  const words = text.split(/(?<=\s)/);
  words.forEach((_, index) =>
    setTimeout(() => act("preview", { custom_id, text: words.slice(0, index + 1).join("") }), DRAFT_EVERY_MS * index),
  );
  setTimeout(() => act("message", { custom_id, text }), DRAFT_EVERY_MS * words.length);
}
