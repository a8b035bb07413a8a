// The agent's console. Everything shown is set as text; nothing that arrives becomes markup.
const byId = (id) => document.getElementById(id);
const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};

const chats = new Map(); // id → the server's view of a chat
let me = { id: "", name: "Agent" };
let open = null; // { id, threads: Map(thread id → { created_at, events: Map }) }
let socket = null;
let attempt = 0;
let typing = false;
let typingTimer = 0;

const send = (verb, fields = {}) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ do: verb, ...fields }));
};

function connect() {
  socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/agent/ws`);
  socket.onopen = () => {
    attempt = 0;
    typing = false;
    link(true);
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    handlers[message.type]?.(message);
  };
  socket.onclose = () => {
    link(false);
    attempt += 1;
    setTimeout(connect, Math.min(300 * attempt, 3000));
  };
}

function link(up) {
  byId("link").textContent = up ? "connected" : "reconnecting…";
  byId("link").classList.toggle("up", up);
}

const handlers = {
  snapshot({ agent, bot, chats: all }) {
    me = agent ?? me;
    byId("me-name").textContent = me.name;
    byId("me-title").textContent = bot ? `${me.job_title} · the bot answers too` : me.job_title;
    chats.clear();
    for (const chat of all) chats.set(chat.id, chat);
    if (open && chats.has(open.id)) send("open", { chat_id: open.id });
    else choose(null);
    list();
  },
  chat({ chat }) {
    chats.set(chat.id, chat);
    list();
    if (open?.id === chat.id) {
      head();
      marks();
    }
  },
  history({ chat, threads }) {
    chats.set(chat.id, chat);
    if (open?.id !== chat.id) return;
    open.threads = new Map(
      threads.map((thread) => [
        thread.id,
        { created_at: thread.created_at, events: new Map(thread.events.map((event) => [event.id, event])) },
      ]),
    );
    head();
    log();
    seen();
  },
  event({ chat_id, thread_id, event }) {
    if (open?.id !== chat_id || !open.threads) return;
    const thread = open.threads.get(thread_id);
    if (!thread) return send("open", { chat_id });
    const known = thread.events.has(event.id);
    thread.events.set(event.id, event);
    if (known) log();
    else append(thread_id, event);
    if (event.author_id && event.author_id !== me.id) seen();
  },
  event_deleted({ chat_id, thread_id, event }) {
    if (open?.id !== chat_id) return;
    open.threads?.get(thread_id)?.events.delete(event.id);
    log();
  },
  peek({ chat_id, text }) {
    const chat = chats.get(chat_id);
    if (!chat) return;
    chat.peek = text;
    list();
    if (open?.id === chat_id) peek();
  },
  online({ customers }) {
    for (const chat of chats.values()) chat.online = customers.includes(chat.customer_id);
    list();
    if (open) head();
  },
  error({ message }) {
    byId("error").textContent = message;
    byId("error").hidden = false;
    setTimeout(() => (byId("error").hidden = true), 4000);
  },
};

const title = (chat) => (chat.name && chat.name !== "Customer" ? chat.name : `Customer ${chat.customer_id.slice(0, 6)}`);
const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const line = (event) =>
  event ? (event.text ?? { file: "sent a file", rich_message: "sent a rich message" }[event.type] ?? event.type) : "";

function list() {
  const rows = [...chats.values()].sort((a, b) => (a.at < b.at ? 1 : -1));
  byId("no-chats").hidden = rows.length > 0;
  const focused = document.activeElement?.dataset?.chat;
  byId("chats").replaceChildren(
    ...rows.map((chat) => {
      const button = make("button");
      button.type = "button";
      button.dataset.chat = chat.id;
      button.classList.toggle("online", chat.online);
      button.classList.toggle("unread", chat.unread && !(open?.id === chat.id && document.hasFocus()));
      button.classList.toggle("typing", Boolean(chat.peek));
      if (open?.id === chat.id) button.setAttribute("aria-current", "true");
      const mine = chat.last?.author_id === me.id ? "You: " : "";
      button.append(
        make("span", "name", title(chat)),
        make("span", "time", clock(chat.at)),
        make("span", "last", chat.peek ? "is typing…" : mine + line(chat.last)),
        make("span", "dot"),
      );
      if (chat.unread) button.setAttribute("aria-label", `${title(chat)}, unread: ${line(chat.last)}`);
      button.onclick = () => choose(chat.id);
      const item = make("li");
      item.append(button);
      return item;
    }),
  );
  if (focused) document.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  const unread = rows.filter((chat) => chat.unread).length;
  document.title = unread ? `(${unread}) Agent console` : "Agent console";
}

function choose(id) {
  stopTyping();
  open = id ? { id, threads: null } : null;
  byId("chat").hidden = !open;
  byId("empty").hidden = Boolean(open);
  document.querySelector("main").classList.toggle("open", Boolean(open));
  list();
  if (!open) return;
  byId("log").replaceChildren();
  byId("text").value = "";
  head();
  send("open", { chat_id: id });
  byId("text").focus();
}

function head() {
  const chat = chats.get(open.id);
  byId("name").textContent = title(chat);
  const agents = chat.users.filter((user) => user.type === "agent" && user.present).map((user) => user.name);
  byId("about").textContent = [
    chat.email,
    chat.online ? "online" : "away",
    chat.active ? "open" : "closed",
    agents.length ? `with ${agents.join(", ")}` : "no agent",
  ].filter(Boolean).join(" · ");
  byId("toggle").textContent = chat.active ? "Close chat" : "Reopen chat";
  byId("toggle").onclick = () => send(chat.active ? "close" : "reopen", { chat_id: chat.id });
  byId("text").disabled = !chat.active;
  byId("text").placeholder = chat.active ? "Write an answer…" : "The chat is closed. Reopen it to write.";
  byId("form").querySelector("button").disabled = !chat.active;
  peek();
}

function peek() {
  const text = chats.get(open.id)?.peek;
  byId("peek").hidden = !text;
  byId("peek-text").textContent = text ?? "";
}

function log() {
  byId("log").replaceChildren();
  for (const [id, thread] of open.threads) {
    const divider = make("p", "divider", new Date(thread.created_at).toLocaleString());
    divider.dataset.thread = id;
    byId("log").append(divider);
    for (const event of thread.events.values()) byId("log").append(bubble(event));
  }
  marks();
  byId("log").scrollTop = byId("log").scrollHeight;
}

function append(threadId, event) {
  const view = byId("log");
  const low = view.scrollHeight - view.scrollTop - view.clientHeight < 80;
  view.append(bubble(event));
  marks();
  if (low || event.author_id === me.id) view.scrollTop = view.scrollHeight;
}

function bubble(event) {
  if (!event.author_id) return make("p", "system", event.text ?? event.system_message_type ?? event.type);
  const chat = chats.get(open.id);
  const mine = event.author_id !== chat.customer_id;
  const node = make("div", `message${mine ? " mine" : ""}${event.recipients === "agents" ? " hidden" : ""}`);
  const author = chat.users.find((user) => user.id === event.author_id);
  const text = event.text ?? event.url ?? JSON.stringify(event.content ?? event.elements ?? event.fields ?? event.type);
  const meta = make("div", "meta", `${mine && event.author_id !== me.id ? `${author?.name ?? "Agent"} · ` : ""}${clock(event.created_at)}`);
  meta.dataset.at = event.created_at;
  if (mine) meta.append(make("span", "mark"));
  node.append(make("div", "text", text), meta);
  return node;
}

// The newest own message the customer has seen says so.
function marks() {
  const chat = chats.get(open.id);
  const seen = chat.users.find((user) => user.id === chat.customer_id)?.events_seen_up_to ?? "";
  for (const meta of byId("log").querySelectorAll(".mine .meta")) {
    meta.querySelector(".mark").textContent = meta.dataset.at <= seen ? " · seen" : "";
  }
}

function seen() {
  if (open && document.hasFocus() && chats.get(open.id)?.unread) send("seen", { chat_id: open.id });
}

function stopTyping() {
  clearTimeout(typingTimer);
  if (typing && open) send("typing", { chat_id: open.id, is_typing: false });
  typing = false;
}

function grow() {
  const text = byId("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight + 2, 144)}px`;
}

byId("text").addEventListener("input", () => {
  grow();
  if (!open) return;
  if (!byId("text").value) return stopTyping();
  if (!typing) send("typing", { chat_id: open.id, is_typing: true });
  typing = true;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, 4000);
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("form").requestSubmit();
  }
});
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!open || !text || socket?.readyState !== WebSocket.OPEN) return;
  stopTyping();
  send("message", { chat_id: open.id, text });
  byId("text").value = "";
  grow();
});
byId("back").onclick = () => choose(null);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open) {
    const id = open.id;
    choose(null);
    document.querySelector(`[data-chat="${CSS.escape(id)}"]`)?.focus();
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

connect();
