// Passing signs of somebody else: typing, thinking, a draft of what is being written. Each of them goes by itself, since
// nobody promises to take it back. No DOM.

const THINKING_MS = 30_000;
const PREVIEW_MS = 30_000;

export class Signs {
  /** Ids of users. */
  typing = new Set();
  /** User id → `{ title, description }`. */
  thinking = new Map();
  /** Id of the coming message → what there is of it. */
  previews = new Map();

  #timers = new Map();
  #chat;

  /** @param {object} api  @param {{ chatId: string | null, customerId: string, changed: () => void }} chat */
  constructor(api, chat) {
    this.#chat = chat;
    api.on("user_is_typing", ({ chat: id, user }) => this.#types(id, user, true));
    api.on("user_stopped_typing", ({ chat: id, user }) => this.#types(id, user, false));
    api.on("incoming_thinking_indicator", ({ chatId, authorId, title, description }) => {
      if (chatId === chat.chatId && authorId) this.#put(this.thinking, authorId, { title, description }, THINKING_MS);
    });
    api.on("incoming_event_preview", ({ chatId, event }) => {
      if (chatId !== chat.chatId || !event?.authorId || event.authorId === chat.customerId) return;
      this.typing.delete(event.authorId);
      this.#drop(this.thinking, event.authorId);
      this.#put(this.previews, event.customId ?? event.authorId, event, PREVIEW_MS);
    });
  }

  /** Somebody has said what was being typed, thought about or drafted. */
  said({ authorId, customId }) {
    this.typing.delete(authorId);
    this.#drop(this.thinking, authorId);
    for (const [id, draft] of this.previews) {
      if (draft.authorId === authorId && (id === customId || id === authorId)) this.#drop(this.previews, id);
    }
  }

  clear() {
    this.typing.clear();
    for (const signs of [this.thinking, this.previews]) for (const key of [...signs.keys()]) this.#drop(signs, key);
  }

  #types(chatId, user, isTyping) {
    if (chatId !== this.#chat.chatId || user === this.#chat.customerId) return;
    if (isTyping) this.typing.add(user);
    else this.typing.delete(user);
    this.#chat.changed();
  }

  #put(signs, key, sign, ms) {
    this.#drop(signs, key);
    signs.set(key, sign);
    const timer = setTimeout(() => {
      this.#drop(signs, key);
      this.#chat.changed();
    }, ms);
    this.#timers.set(sign, timer);
    this.#chat.changed();
  }

  #drop(signs, key) {
    const sign = signs.get(key);
    clearTimeout(this.#timers.get(sign));
    this.#timers.delete(sign);
    signs.delete(key);
  }
}
