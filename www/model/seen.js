// Who has seen what: marks what the customer looked at, remembers what others did. No DOM.

import { micros } from "./store.js";

export class Seen {
  /** Microseconds: what somebody else has seen of this chat. */
  byOthers = 0;

  #api;
  #chat;
  #attention = false;
  /** Microseconds: up to where this customer has seen the chat, as the server was told. */
  #marked = 0;

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
    api.on("events_marked_as_seen", ({ chatId, userId, seenUpTo }) => {
      if (chatId !== chat.chatId) return;
      this.learn(userId, seenUpTo);
      chat.sync();
    });
  }

  learn(userId, seenUpTo) {
    if (!seenUpTo) return;
    if (userId === this.#chat.customerId) this.#marked = Math.max(this.#marked, micros(seenUpTo));
    else this.byOthers = Math.max(this.byOthers, micros(seenUpTo));
  }

  /** Is somebody looking at the end of the conversation? Then what stands there counts as seen. */
  setAttention(attention) {
    this.#attention = attention;
    if (attention) this.mark();
  }

  mark() {
    const { store, customerId, chatId, loggedIn } = this.#chat;
    const confirmed = store.items().filter((item) => item.status === "sent");
    const last = confirmed.at(-1);
    const unseen = confirmed.some((item) => item.event.authorId !== customerId && item.time > this.#marked);
    if (!this.#attention || !loggedIn || !last || !unseen) return;
    const before = this.#marked;
    this.#marked = last.time;
    this.#api.markEventsAsSeen({ chatId, seenUpTo: last.event.createdAt }).then(
      () => this.#chat.sync(),
      () => {
        // Asked for again with the next event or connection.
        this.#marked = before;
      },
    );
  }

  forget() {
    this.byOthers = 0;
    this.#marked = 0;
  }
}
