// Who the chat goes to: the queue, and being handed over. No DOM.

const TRANSFER_SHOWN_MS = 8_000;

export class Routing {
  /** `{ position, waitTime }` while the customer waits for an agent. */
  queue = null;
  /** Who the chat has just been handed to, for a moment: `{ agentIds, groupIds }`. */
  transfer = null;

  #chat;
  #timer = 0;

  constructor(api, chat) {
    this.#chat = chat;
    api.on("queue_position_updated", ({ chatId, queue }) => {
      if (chatId === chat.chatId) this.#set({ queue: queue ?? null });
    });
    api.on("chat_transferred", ({ chatId, transferredTo, queue }) => {
      if (chatId !== chat.chatId) return;
      this.#set({ queue: queue ?? null, transfer: transferredTo ?? null });
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#set({ transfer: null }), TRANSFER_SHOWN_MS);
    });
    api.on("user_added_to_chat", ({ chatId, user, present }) => {
      // Somebody who comes in ends the waiting.
      if (chatId === chat.chatId && user?.type === "agent" && present !== false) this.#set({ queue: null });
    });
  }

  /** The newest thread became known, from wherever. */
  learn(thread) {
    this.#set({ queue: thread.active ? (thread.queue ?? null) : null });
  }

  forget() {
    clearTimeout(this.#timer);
    this.#set({ queue: null, transfer: null });
  }

  #set(change) {
    Object.assign(this, change);
    this.#chat.changed();
  }
}
