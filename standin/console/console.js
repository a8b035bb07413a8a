// The agent's console: what the server tells goes into `office`, and from there onto the page.

import { chatActions, NEEDS_AGENT, officeActions, visitorActions } from "./actions.js";
import { renderList, title } from "./chats.js";
import { composer } from "./compose.js";
import { append, renderLog, renderMarks } from "./conversation.js";
import { renderCustomer } from "./customer.js";
import { byId, h } from "./dom.js";
import { menu } from "./menu.js";
import { connect } from "./net.js";

const office = { chats: new Map(), visitors: [], groups: [], agents: [], open: null, me: "", threads: null };
const openChat = () => office.chats.get(office.open);

const handlers = {
  snapshot({ agent, bot, chats, agents = [], groups = [], visitors = [] }) {
    Object.assign(office, { agents, groups, visitors });
    renderAgents(agent, bot);
    office.chats = new Map(chats.map((chat) => [chat.id, chat]));
    if (openChat()) line.send("open", { chat_id: office.open });
    else choose(null);
    list();
  },
  chat({ chat }) {
    office.chats.set(chat.id, chat);
    list();
    if (office.open !== chat.id) return;
    head();
    renderMarks(chat);
  },
  history({ chat, threads }) {
    office.chats.set(chat.id, chat);
    if (office.open !== chat.id) return;
    office.threads = new Map(
      threads.map((thread) => [
        thread.id,
        { created_at: thread.created_at, events: new Map(thread.events.map((event) => [event.id, event])) },
      ]),
    );
    head();
    renderLog(view());
    seen();
  },
  event({ chat_id, thread_id, event }) {
    if (office.open !== chat_id || !office.threads) return;
    const thread = office.threads.get(thread_id);
    if (!thread) return line.send("open", { chat_id });
    const known = thread.events.has(event.id);
    thread.events.set(event.id, event);
    if (known) renderLog(view());
    else append(event, view());
    if (event.author_id && event.author_id !== office.me) seen();
  },
  event_deleted({ chat_id, thread_id, event }) {
    if (office.open !== chat_id || !office.threads) return;
    office.threads.get(thread_id)?.events.delete(event.id);
    renderLog(view());
  },
  peek({ chat_id, text }) {
    const chat = office.chats.get(chat_id);
    if (!chat) return;
    chat.peek = text;
    list();
    if (office.open === chat_id) peek();
  },
  online({ customers }) {
    for (const chat of office.chats.values()) chat.online = customers.includes(chat.customer_id);
    list();
    if (openChat()) head();
  },
  visitors({ visitors }) {
    office.visitors = visitors;
    list();
    if (openChat()) head();
  },
  groups({ groups, agents }) {
    Object.assign(office, { groups, agents: agents ?? office.agents });
  },
  error: ({ message }) => complain(message),
};

const line = connect({
  onMessage: (message) => handlers[message.type]?.(message),
  onLink(up) {
    byId("link").textContent = up ? "connected" : "reconnecting…";
    byId("link").classList.toggle("up", up);
  },
});

/** What somebody does, the agent chosen at the top does. */
const send = (verb, fields = {}) =>
  line.send(verb, { ...(office.me && NEEDS_AGENT.has(verb) && { agent_id: office.me }), ...fields });
const view = () => ({ chat: openChat(), threads: office.threads, me: office.me, send });

const field = composer({
  act(verb, fields) {
    if (!openChat() || !line.isUp) return false;
    send(verb, { chat_id: office.open, ...fields });
    return true;
  },
  fail: complain,
});

let hideError = 0;
function complain(words) {
  byId("error").textContent = words;
  byId("error").hidden = false;
  clearTimeout(hideError);
  hideError = setTimeout(() => (byId("error").hidden = true), 6000);
}

function renderAgents(first, bot) {
  const agents = office.agents.length > 0 ? office.agents : [first].filter(Boolean);
  const known = agents.some(({ id }) => id === office.me);
  if (!known) office.me = first?.id ?? agents[0]?.id ?? "";
  byId("me-title").textContent = bot ? "the bot answers too" : "";
  byId("me").replaceChildren(
    ...agents.map(({ id, name }) => h("option", { value: id, selected: id === office.me }, name)),
  );
}

const visitorMenu = (id) =>
  menu("Greet", () => {
    const visitor = office.visitors.find((one) => one.id === id);
    return visitor ? visitorActions({ visitor, send }) : [];
  });

function list() {
  renderList(office, { onChoose: choose, menuOf: visitorMenu });
}

function choose(id) {
  field.leave();
  office.open = id;
  office.threads = null;
  const isOpen = Boolean(openChat());
  byId("chat").hidden = !isOpen;
  byId("customer").hidden = !isOpen;
  byId("empty").hidden = isOpen;
  document.querySelector("main").classList.toggle("open", isOpen);
  list();
  if (!isOpen) return;
  byId("log").replaceChildren();
  head();
  line.send("open", { chat_id: id });
  byId("text").focus();
}

function head() {
  const chat = openChat();
  byId("name").textContent = title(chat);
  const agents = chat.users.filter((user) => user.type === "agent" && user.present).map((user) => user.name);
  const queue = chat.queue && `number ${chat.queue.position} in the queue`;
  byId("about").textContent = [
    chat.email,
    chat.online ? "online" : "away",
    chat.active ? "open" : "closed",
    queue,
    agents.length ? `with ${agents.join(", ")}` : "no agent",
  ]
    .filter(Boolean)
    .join(" · ");
  byId("toggle").textContent = chat.active ? "Close chat" : "Reopen chat";
  for (const control of [byId("text"), byId("answer"), byId("attach")]) control.disabled = !chat.active;
  byId("text").placeholder = chat.active ? "Write an answer…" : "The chat is closed. Reopen it to write.";
  renderCustomer(
    chat,
    office.visitors.find(({ id }) => id === chat.customer_id),
  );
  peek();
}

function peek() {
  const text = openChat()?.peek;
  byId("peek").hidden = !text;
  byId("peek-text").textContent = text ?? "";
}

function seen() {
  if (document.hasFocus() && openChat()?.unread) send("seen", { chat_id: office.open });
}

byId("me").addEventListener("change", ({ target }) => {
  office.me = target.value;
  list();
  if (office.threads) renderLog(view());
});
byId("toggle").addEventListener("click", () => send(openChat().active ? "close" : "reopen", { chat_id: office.open }));
byId("back").addEventListener("click", () => choose(null));
byId("office").append(menu("Office", () => officeActions({ send, ...office })));
byId("more").append(menu("More", () => chatActions({ chat: openChat(), send, ...office })));
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && office.open && !byId("dialog").open) {
    const { open } = office;
    choose(null);
    document.querySelector(`[data-chat="${CSS.escape(open)}"]`)?.focus();
  }
  const rows = [...document.querySelectorAll("[data-chat]")];
  const at = rows.indexOf(document.activeElement);
  if (at >= 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    rows[at + (event.key === "ArrowDown" ? 1 : -1)]?.focus();
  }
});
addEventListener("focus", () => {
  seen();
  list();
});
