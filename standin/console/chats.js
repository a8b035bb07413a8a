// The list at the side: chats, newest first, and visitors who have none.

import { byId, clock, h } from "./dom.js";
import { line } from "./events.js";

export const title = (chat) =>
  chat.name && chat.name !== "Customer" ? chat.name : `Customer ${chat.customer_id.slice(0, 6)}`;

/**
 * @param {{ chats: Map<string, object>, visitors: object[], open: string | null, me: string }} office
 * @param {{ onChoose: (id: string) => void, menuOf: (visitor: object) => Node }} actions
 */
export function renderList({ chats, visitors, open, me }, { onChoose, menuOf }) {
  const rows = [...chats.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
  byId("no-chats").hidden = rows.length > 0;
  const focused = document.activeElement?.dataset?.chat;
  byId("chats").replaceChildren(
    ...rows.map((chat) => h("li", {}, row(chat, { isOpen: chat.id === open, me, onChoose }))),
  );
  if (focused) document.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  const unread = rows.filter((chat) => chat.unread).length;
  document.title = unread ? `(${unread}) Agent console` : "Agent console";
  const known = new Set(rows.map((chat) => chat.customer_id));
  renderVisitors(
    visitors.filter((visitor) => !known.has(visitor.id)),
    menuOf,
  );
}

function row(chat, { isOpen, me, onChoose }) {
  const mine = chat.last?.author_id === me ? "You: " : "";
  const states = [
    chat.online && "online",
    chat.unread && !(isOpen && document.hasFocus()) && "unread",
    chat.peek && "typing",
  ].filter(Boolean);
  const name = title(chat);
  return h(
    "button",
    {
      type: "button",
      class: states.join(" "),
      "data-chat": chat.id,
      "aria-current": isOpen ? "true" : undefined,
      "aria-label": chat.unread ? `${name}, unread: ${line(chat.last)}` : undefined,
      onclick: () => onChoose(chat.id),
    },
    h("span", { class: "name" }, name),
    h("span", { class: "time" }, clock(chat.at)),
    h(
      "span",
      { class: "last" },
      chat.peek ? "is typing…" : chat.queue ? `waits, number ${chat.queue.position}` : mine + line(chat.last),
    ),
    h("span", { class: "dot" }),
  );
}

// Menus stay while their visitor does: one that is open must not close because somebody else came.
const menus = new Map();

function renderVisitors(visitors, menuOf) {
  byId("visitors-title").hidden = visitors.length === 0;
  const ids = new Set(visitors.map(({ id }) => id));
  for (const id of menus.keys()) if (!ids.has(id)) menus.delete(id);
  const items = visitors.map((visitor) => {
    if (!menus.has(visitor.id))
      menus.set(visitor.id, { element: h("li", { class: "visitor" }), menu: menuOf(visitor.id) });
    const { element, menu } = menus.get(visitor.id);
    const goals = visitor.goals?.length ? ` · ${visitor.goals.length} goals` : "";
    const about = visitor.greeting
      ? `greeted${visitor.greeting.accepted ? ", seen" : ""}`
      : (visitor.page?.title ?? visitor.page?.url ?? "looks around");
    const text = h(
      "span",
      { class: "who" },
      h(
        "span",
        { class: "name" },
        visitor.name && visitor.name !== "Customer" ? visitor.name : `Visitor ${visitor.id.slice(0, 6)}`,
      ),
      h("span", { class: "last" }, about + goals),
    );
    element.querySelector(".who")?.replaceWith(text);
    if (!element.contains(menu)) element.append(text, menu);
    return element;
  });
  const list = byId("visitors");
  for (const child of [...list.children]) if (!items.includes(child)) child.remove();
  for (const item of items) if (!list.contains(item)) list.append(item);
}
