// The conversation as the widget sees it: binds the package's api to the store. No DOM.
//
// The SDK keeps the line, the order of sends and what was missed; this file only decides what a shop's chat window
// wants: one chat per customer, started by the first message, marked as seen when somebody looks at it.

import { micros, Store } from "./store.js";

const CHAT_EXISTS = new Set(["CHAT_ALREADY_ACTIVE", "CHAT_LIMIT_REACHED", "LIMIT_REACHED"]);

export class Conversation {
  store = new Store();
  /** The line; see `lineWords`. */
  line = { state: "idle", wasConnected: false };
  chatId = null;
  customerId = "";
  /** Is a thread open? `null` before we know. */
  active = null;
  /** By id: everybody met in this chat. */
  users = new Map();
  typing = new Set();
  unread = 0;
  /** Microseconds: what somebody else has seen of this chat. */
  seenUpTo = 0;
  history = { state: "new", error: null };

  #api;
  #listeners = new Set();
  #connected = false;
  #waiting = [];
  #starting = null;
  #pages = null;
  #attention = false;
  /** Microseconds: up to where this customer has seen the chat, as the server was told. */
  #marked = 0;

  constructor(api) {
    this.#api = api;
    this.store.subscribe(() => this.#changed());

    api.on("state", (change) => this.#stateChanged(change));
    api.on("customer_id", (id) => this.#become(id));
    api.on("connected", (payload) => this.#loggedIn(payload));
    api.on("connection_restored", (payload) => this.#loggedIn(payload));
    api.on("user_data", (user) => this.#met([user]));
    api.on("new_event", (event) => this.#eventCame(event));
    api.on("event_updated", ({ threadId, event }) => this.store.upsert(event, { threadId, customerId: this.customerId }));
    api.on("event_deleted", ({ eventId }) => this.store.remove(eventId));
    api.on("incoming_chat", ({ chat }) => this.#chatOpened(chat, true));
    api.on("chat_deactivated", ({ threadId }) => this.#closed(threadId));
    api.on("thread_closed", ({ thread }) => this.#closed(thread));
    api.on("user_added_to_chat", ({ user }) => this.#met([user]));
    api.on("user_removed_from_chat", () => this.#sync());
    api.on("user_is_typing", ({ user }) => this.#setTyping(user, true));
    api.on("user_stopped_typing", ({ user }) => this.#setTyping(user, false));
    api.on("events_marked_as_seen", ({ userId, seenUpTo }) => {
      this.#saw(userId, seenUpTo);
      this.#sync();
    });
    this.line.state = api.state;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get connected() {
    return this.line.state === "connected";
  }

  connect() {
    this.#api.connect();
  }

  /** Sends a text. It is in the store at once, and says there what became of it. */
  send(text) {
    const customId = newId();
    this.store.addPending({ customId, text, authorId: this.customerId });
    void this.#deliver(customId, text);
  }

  retry(customId) {
    const text = this.store.items().find((item) => item.status === "failed" && item.event.customId === customId)?.event.text;
    if (text === undefined) return;
    // An id serves once: the SDK refuses to send another message under it.
    const next = newId();
    this.store.retry(customId, next);
    void this.#deliver(next, text);
  }

  discard(customId) {
    this.store.discard(customId);
  }

  /** What stands in the text field, for agents to see while it is written. */
  sneakPeek(text) {
    if (!this.chatId || !this.active || !this.connected) return;
    this.#api.setSneakPeek({ chatId: this.chatId, sneakPeekText: text });
  }

  /** Ends the conversation. The next message opens it again. */
  async end() {
    await this.#api.deactivateChat({ id: this.chatId });
    this.#sync();
  }

  /** Fetches the newest page of the past, then the one before it, and so on. One at a time. */
  async loadEarlier() {
    if (!this.chatId || !this.connected || ["loading", "complete"].includes(this.history.state)) return;
    this.#setHistory("loading");
    this.#pages ??= this.#api.getChatHistory({ chatId: this.chatId });
    try {
      const { done, value } = await this.#pages.next();
      for (const thread of value?.threads ?? []) this.#threadCame(thread, false);
      const isFirst = done || value.threads.length === 0 || value.threads[0].previousThreadId === null;
      this.#setHistory(isFirst ? "complete" : "partial");
    } catch (error) {
      this.#setHistory("failed", error);
    }
    this.#markSeen();
  }

  /** Is somebody looking at the end of the conversation? Then what stands there counts as seen. */
  setAttention(attention) {
    this.#attention = attention;
    if (attention) this.#markSeen();
  }

  // ------------------------------------------------------------------------------------------------ the connection

  #stateChanged({ state, attempt, reason, retryInMs }) {
    const wasConnected = this.line.wasConnected || state === "connected";
    const restored = state === "connected" && this.line.wasConnected;
    const retryAt = retryInMs === undefined ? undefined : Date.now() + retryInMs;
    this.line = { state, attempt, reason, retryAt, wasConnected, restored };
    if (state !== "connected") {
      this.#connected = false;
      this.typing.clear();
    }
    this.#changed();
  }

  #loggedIn({ chatsSummary, customer }) {
    this.#connected = true;
    if (customer?.id) this.#become(customer.id);
    for (const chat of chatsSummary) this.#met(chat.users ?? []);
    this.chatId ??= chatsSummary[0]?.id ?? null;
    this.#sync();
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (this.history.state === "failed") void this.loadEarlier();
    this.#markSeen();
  }

  /** Resolves when the api has logged in, also when that takes many attempts. */
  #untilConnected() {
    return this.#connected ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #become(customerId) {
    this.customerId = customerId;
    this.#changed();
  }

  // ------------------------------------------------------------------------------------------------------- sending

  async #deliver(customId, text) {
    try {
      if (!this.chatId || this.#starting) await (this.#starting ??= this.#start());
      const event = await this.#api.sendMessage({ chatId: this.chatId, text, customId });
      this.active = true;
      this.store.confirm(customId, event);
    } catch (error) {
      this.store.fail(customId, error);
    }
    this.#sync();
  }

  /**
   * Finds or starts the customer's chat. It is started without the first message: a start whose answer got lost may
   * then be repeated, which a message could not.
   */
  async #start() {
    try {
      for (;;) {
        await this.#untilConnected();
        if (this.chatId) return;
        try {
          const { chat } = await this.#api.startChat({ active: true, continuous: true });
          this.#chatOpened(chat, true);
          // A chat that was started here has no past to fetch.
          this.#setHistory("complete");
          return;
        } catch (error) {
          if (CHAT_EXISTS.has(error.code)) {
            const { chatsSummary } = await this.#api.listChats({ limit: 1 });
            if (!chatsSummary[0]) throw error;
            this.chatId = chatsSummary[0].id;
            return;
          }
          // Without a line the next login tries again; any other failure is for the customer to see.
          this.#connected &&= this.#api.state === "connected";
          if (!error.retryable || this.#connected) throw error;
        }
      }
    } finally {
      this.#starting = null;
    }
  }

  // ----------------------------------------------------------------------------------------------------- receiving

  #eventCame({ chat, thread, ...event }) {
    this.chatId ??= chat;
    if (chat !== this.chatId) return;
    this.typing.delete(event.authorId);
    this.store.upsert(event, { threadId: thread, live: true, customerId: this.customerId });
    this.#sync();
    this.#markSeen();
  }

  #chatOpened(chat, live) {
    this.chatId ??= chat.id;
    if (chat.id !== this.chatId) return;
    this.#met(chat.users ?? []);
    if (chat.thread) this.#threadCame(chat.thread, live);
    this.#sync();
  }

  #threadCame(thread, live) {
    this.store.addThread(thread);
    for (const event of thread.events) {
      this.store.upsert(event, { threadId: thread.id, live, customerId: this.customerId });
    }
  }

  #closed(threadId) {
    this.store.addThread({ id: threadId, active: false });
    this.typing.clear();
    this.#sync();
  }

  #met(users) {
    for (const user of users) this.users.set(user.id, { ...this.users.get(user.id), ...user });
    this.#sync();
  }

  #setTyping(user, isTyping) {
    if (user === this.customerId) return;
    if (isTyping) this.typing.add(user);
    else this.typing.delete(user);
    this.#changed();
  }

  // ----------------------------------------------------------------------------------------------- seen and unread

  #saw(userId, seenUpTo) {
    if (!seenUpTo) return;
    if (userId === this.customerId) this.#marked = Math.max(this.#marked, micros(seenUpTo));
    else this.seenUpTo = Math.max(this.seenUpTo, micros(seenUpTo));
  }

  #markSeen() {
    const confirmed = this.store.items().filter((item) => item.status === "sent");
    const last = confirmed.at(-1);
    const unseen = confirmed.some((item) => item.event.authorId !== this.customerId && item.time > this.#marked);
    if (!this.#attention || !this.#connected || !last || !unseen) return;
    const seenUpTo = last.event.createdAt;
    const before = this.#marked;
    this.#marked = last.time;
    this.#api.markEventsAsSeen({ chatId: this.chatId, seenUpTo }).then(
      () => this.#sync(),
      () => {
        // Asked for again with the next event or connection.
        this.#marked = before;
      },
    );
  }

  // ------------------------------------------------------------------------------------------------------ plumbing

  /** Takes over what the SDK's live summary knows. */
  #sync() {
    const row = this.#api.chats().find(({ id }) => this.chatId === null || id === this.chatId);
    if (row) {
      this.chatId ??= row.id;
      this.active = row.active;
      this.unread = row.unreadCount;
      for (const user of row.users) this.users.set(user.id, { ...this.users.get(user.id), ...user });
      for (const [userId, seenUpTo] of Object.entries(row.eventsSeenUpToMap)) this.#saw(userId, seenUpTo);
    }
    this.#changed();
  }

  #setHistory(state, error = null) {
    this.history = { state, error };
    this.#changed();
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}

/** An id for a message; `crypto.randomUUID` exists on secure origins only. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
