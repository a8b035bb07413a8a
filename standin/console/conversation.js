// The open chat: its threads, in which events come, change and go.

import { ask } from "./dialog.js";
import { byId, clock, h } from "./dom.js";
import { body, systemLine } from "./events.js";

/** @param {{ chat: object, threads: Map<string, { created_at: string, events: Map<string, object> }>, me: string, send: Function }} view */
export function renderLog(view) {
  const log = byId("log");
  log.replaceChildren(
    ...[...view.threads].flatMap(([id, thread]) => [
      h("p", { class: "divider", "data-thread": id }, new Date(thread.created_at).toLocaleString()),
      ...[...thread.events.values()].map((event) => bubble(event, view)),
    ]),
  );
  renderMarks(view.chat);
  log.scrollTop = log.scrollHeight;
}

export function append(event, view) {
  const log = byId("log");
  const low = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  log.append(bubble(event, view));
  renderMarks(view.chat);
  if (low || event.author_id === view.me) log.scrollTop = log.scrollHeight;
}

/** The newest own message the customer has seen says so. */
export function renderMarks(chat) {
  const seen = chat.users.find((user) => user.id === chat.customer_id)?.events_seen_up_to ?? "";
  for (const meta of byId("log").querySelectorAll(".mine .meta")) {
    meta.querySelector(".mark").textContent = meta.dataset.at <= seen ? " · seen" : "";
  }
}

function bubble(event, { chat, me, send }) {
  const isSystem = ["system_message", "system"].includes(event.type);
  if (isSystem) return h("p", { class: "system" }, systemLine(event), tools(event, chat, send));
  const mine = event.author_id !== chat.customer_id;
  const author = chat.users.find((user) => user.id === event.author_id);
  const who = mine && event.author_id !== me ? `${author?.name ?? "Agent"} · ` : "";
  return h(
    "div",
    { class: `message${mine ? " mine" : ""}${event.recipients === "agents" ? " hidden" : ""}` },
    h("div", { class: `text ${event.type}` }, ...body(event)),
    h(
      "div",
      { class: "meta", "data-at": event.created_at },
      who,
      clock(event.created_at),
      event.recipients === "agents" && " · agents only",
      mine && h("span", { class: "mark" }),
      tools(event, chat, send),
    ),
  );
}

function tools(event, chat, send) {
  const act = (verb, fields) => send(verb, { chat_id: chat.id, event_id: event.id, ...fields });
  const { id, created_at, author_id, type, ...content } = event;
  const edit = () =>
    event.type === "message"
      ? ask({
          title: "Edit the message",
          fields: [{ name: "text", label: "Text", kind: "long", value: event.text }],
          button: "Change",
          send: ({ text }) => act("edit", { text }),
        })
      : ask({
          title: "Change the event",
          fields: [{ name: "event", label: "Fields", kind: "json", value: content }],
          button: "Change",
          send: (values) => act("update_event", values),
        });
  return h(
    "span",
    { class: "tools" },
    h("button", { type: "button", class: "plain", onclick: edit }, "Edit"),
    h("button", { type: "button", class: "plain", onclick: () => act("delete") }, "Delete"),
  );
}
