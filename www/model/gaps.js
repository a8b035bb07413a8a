// Where something may be missing: the SDK says so when it cannot prove that nothing is. No DOM.

import { micros } from "./store.js";

export class Gaps {
  /** `{ key, at, state }`: after which microsecond, and what is done about it: `"open"`, `"loading"` or `"failed"`. */
  list = [];

  #api;
  #chat;

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
    api.on("history_gap", ({ chatId, from, to }) => {
      if (chatId !== chat.chatId) return;
      const gap = { key: `gap:${from}:${to}`, at: from === null ? 0 : micros(from), state: "open" };
      this.#set([...this.list.filter(({ key }) => key !== gap.key), gap]);
    });
  }

  /** Reads the history again, down to where the gap begins. */
  async load(key) {
    const gap = this.list.find((one) => one.key === key);
    if (!gap || gap.state === "loading") return;
    this.#change(key, "loading");
    try {
      for await (const { threads } of this.#api.getChatHistory({ chatId: this.#chat.chatId })) {
        for (const thread of threads) this.#chat.learn(thread);
        if (threads.some(({ createdAt }) => micros(createdAt) <= gap.at)) break;
      }
      this.#set(this.list.filter((one) => one.key !== key));
    } catch {
      this.#change(key, "failed");
    }
  }

  forget() {
    this.#set([]);
  }

  #change(key, state) {
    this.#set(this.list.map((gap) => (gap.key === key ? { ...gap, state } : gap)));
  }

  #set(list) {
    this.list = list;
    this.#chat.changed();
  }
}
