// The conversation as the widget sees it: binds the package's api to the store. No DOM.
//
// The SDK keeps the line, the order of sends and what was missed; this file only decides what a shop's chat window
// wants: one chat per customer, started by the first message. Its neighbours each look after one thing of it.

import { Buttons } from "./buttons.js";
import { Closing } from "./closing.js";
import { Gaps } from "./gaps.js";
import { Greetings } from "./greetings.js";
import { Intake } from "./intake.js";
import { Routing } from "./routing.js";
import { Seen } from "./seen.js";
import { Sending } from "./sending.js";
import { Signs } from "./signs.js";
import { Store } from "./store.js";

const CHAT_EXISTS = new Set(["CHAT_ALREADY_ACTIVE", "CHAT_LIMIT_REACHED", "LIMIT_REACHED"]);

export class Conversation {
  store = new Store();
  /** The line; see `lineWords`. */
  line = { state: "idle", wasConnected: false };
  /** Has the api logged in on this line? */
  loggedIn = false;
  chatId = null;
  /** The newest thread. */
  threadId = null;
  customerId = "";
  /** Is a thread open? `null` before we know. */
  active = null;
  /** By id: everybody met in this chat. */
  users = new Map();
  unread = 0;
  history = { state: "new", error: null };

  #api;
  #listeners = new Set();
  #waiting = [];
  #starting = null;
  #pages = null;

  constructor(api, options) {
    this.#api = api;
    this.seen = new Seen(api, this);
    this.signs = new Signs(api, this);
    this.sending = new Sending(api, this, options);
    this.gaps = new Gaps(api, this);
    this.buttons = new Buttons(api, this);
    this.routing = new Routing(api, this);
    this.greetings = new Greetings(api, this);
    this.intake = new Intake(api, this, options);
    this.closing = new Closing(api, this, options);
    this.store.subscribe(() => this.changed());

    api.on("state", (change) => this.#stateChanged(change));
    api.on("error", () => {
      this.line = { ...this.line, isBroken: true, restored: false };
      this.changed();
    });
    // Told before `identity_changed`, and the only word of it after a logout.
    api.on("customer_id", (id) => (this.customerId && id !== this.customerId ? this.#forget(id) : this.#become(id)));
    for (const [name, isUnstable] of [
      ["connection_unstable", true],
      ["connection_recovered", false],
    ]) {
      api.on(name, () => {
        this.line = { ...this.line, isUnstable };
        this.changed();
      });
    }
    api.on("connected", (payload) => {
      // What the chat holds now is history to the SDK, also when its core begins anew.
      this.#pages = null;
      if (this.history.state !== "new") this.#setHistory("new");
      this.#logIn(payload);
    });
    api.on("connection_restored", (payload) => this.#logIn(payload));
    api.on("user_data", (user) => this.#met([user]));
    api.on("new_event", (event) => this.#eventCame(event));
    api.on(
      "event_updated",
      ({ threadId, event }) => event && this.store.upsert(event, { threadId, customerId: this.customerId }),
    );
    api.on("event_deleted", ({ eventId }) => this.store.remove(eventId));
    api.on("incoming_chat", ({ chat }) => this.#chatOpened(chat, true));
    api.on("chat_deactivated", ({ chatId, threadId }) => this.#closed(chatId, threadId));
    api.on("thread_closed", ({ chat, thread }) => this.#closed(chat, thread));
    api.on("user_added_to_chat", ({ user }) => this.#met([user]));
    api.on("user_removed_from_chat", () => this.sync());
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

  /** What stands in the text field, for agents to see while it is written. */
  sneakPeek(text) {
    if (!this.chatId || !this.active || !this.connected) return;
    this.#api.setSneakPeek({ chatId: this.chatId, sneakPeekText: text });
  }

  /** Ends the conversation. The next message opens it again. */
  async end() {
    await this.#api.deactivateChat({ id: this.chatId });
    this.sync();
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
    this.seen.mark();
  }

  // ------------------------------------------------------------------------------------------------ the connection

  #stateChanged({ state, attempt, reason, retryAt }) {
    const wasConnected = this.line.wasConnected || state === "connected";
    // That the core broke is told until it has connected anew, and with that.
    const isBroken = Boolean(this.line.isBroken && !this.line.restored);
    const restored = state === "connected" && (this.line.wasConnected || isBroken);
    this.line = { state, attempt, reason, retryAt, wasConnected, restored, isBroken };
    if (state !== "connected") {
      this.loggedIn = false;
      this.signs.clear();
    }
    this.changed();
  }

  #logIn({ chatsSummary, customer, greeting }) {
    this.loggedIn = true;
    if (customer?.id) this.#become(customer.id);
    for (const chat of chatsSummary) this.#met(chat.users ?? []);
    this.chatId ??= chatsSummary[0]?.id ?? null;
    this.sync();
    this.greetings.loggedIn(greeting);
    this.intake.loggedIn();
    for (const resolve of this.#waiting.splice(0)) resolve();
    if (this.history.state === "failed") void this.loadEarlier();
    this.seen.mark();
  }

  /** Resolves when the api has logged in, also when that takes many attempts. */
  #untilLoggedIn() {
    return this.loggedIn ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  #become(customerId) {
    this.customerId = customerId;
    this.changed();
  }

  /** Another customer sits here now: nothing of the one before stays in sight. */
  #forget(customerId) {
    Object.assign(this, { chatId: null, threadId: null, active: null, unread: 0 });
    this.#pages = null;
    this.users.clear();
    for (const part of [this.store, this.signs]) part.clear();
    for (const part of [this.seen, this.routing, this.intake, this.closing, this.sending, this.gaps]) part.forget();
    this.#setHistory("new");
    this.#become(customerId);
  }

  // ------------------------------------------------------------------------------------------------ the chat

  /** Resolves when there is a chat to send to. */
  async ready() {
    if (!this.chatId || this.#starting) await (this.#starting ??= this.#start());
  }

  /**
   * Finds or starts the customer's chat. It is started without the first message: a start whose answer got lost may
   * then be repeated, which a message could not.
   */
  async #start() {
    try {
      for (;;) {
        await this.#untilLoggedIn();
        if (this.chatId) return;
        const { events, groupId, welcomeMessageId } = await this.intake.answers();
        if (this.chatId) return;
        const { properties } = this.greetings;
        const chat = {
          ...(groupId !== undefined && { access: { groupIds: [groupId] } }),
          thread: { ...(events.length && { events }), ...(properties && { properties }) },
        };
        try {
          const started = await this.#api.startChat({
            chat,
            active: true,
            continuous: true,
            ...(welcomeMessageId && { welcomeMessageId }),
          });
          this.#chatOpened(started.chat, true);
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
          this.loggedIn &&= this.#api.state === "connected";
          if (!error.retryable || this.loggedIn) throw error;
        }
      }
    } finally {
      this.#starting = null;
    }
  }

  #chatOpened(chat, live) {
    this.chatId ??= chat.id;
    if (chat.id !== this.chatId) return;
    this.intake.done();
    this.greetings.done();
    this.#met(chat.users ?? []);
    if (chat.thread) this.#threadCame(chat.thread, live);
    this.sync();
  }

  #threadCame(thread, live) {
    this.store.addThread(thread);
    for (const event of thread.events) {
      this.store.upsert(event, { threadId: thread.id, live, customerId: this.customerId });
    }
    if (live && thread.active && thread.id !== this.threadId) this.#began(thread.id);
    if (thread.id !== this.threadId) return;
    this.routing.learn(thread);
    this.closing.learn(thread);
  }

  /** A thread is the newest now: opinions on the one before are given. */
  #began(threadId) {
    this.threadId = threadId;
    this.routing.forget();
    this.closing.forget();
  }

  #closed(chatId, threadId) {
    if (chatId !== this.chatId) return;
    const wasOpen = this.active !== false;
    this.store.addThread({ id: threadId, active: false });
    this.signs.clear();
    this.routing.forget();
    this.sync();
    if (wasOpen && this.active === false) void this.closing.ended();
  }

  // ----------------------------------------------------------------------------------------------------- receiving

  #eventCame({ chat, thread, ...event }) {
    this.chatId ??= chat;
    if (chat !== this.chatId) return;
    this.signs.said(event);
    this.store.upsert(event, { threadId: thread, live: true, customerId: this.customerId });
    this.sync();
    this.seen.mark();
  }

  /** A thread that was read once more. */
  learn(thread) {
    this.#threadCame(thread, false);
    this.sync();
  }

  /** Somebody who speaks to the customer without being in the chat. */
  introduce(agent) {
    if (agent?.id && !this.users.has(agent.id)) this.users.set(agent.id, { ...agent, type: "agent", present: false });
  }

  #met(users) {
    for (const user of users) this.users.set(user.id, { ...this.users.get(user.id), ...user });
    this.sync();
  }

  // ------------------------------------------------------------------------------------------------------ plumbing

  /** Takes over what the SDK's live summary knows. */
  sync() {
    const row = this.#api.chats().find(({ id }) => this.chatId === null || id === this.chatId);
    if (row) {
      this.chatId ??= row.id;
      if (row.lastThreadId && row.lastThreadId !== this.threadId) this.#began(row.lastThreadId);
      this.active = row.active;
      this.unread = row.unreadCount;
      for (const user of row.users) this.users.set(user.id, { ...this.users.get(user.id), ...user });
      for (const [userId, seenUpTo] of Object.entries(row.eventsSeenUpToMap)) this.seen.learn(userId, seenUpTo);
    }
    this.changed();
  }

  #setHistory(state, error = null) {
    this.history = { state, error };
    this.changed();
  }

  changed() {
    for (const listener of this.#listeners) listener();
  }
}
