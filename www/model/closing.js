// What comes beside and after a chat: the rating, the shop's questions at the end, the transcript. No DOM.

export class Closing {
  /** `{ score?: 0 | 1, comment?: string }` of the newest thread. */
  rating = {};
  /** Asks for an opinion: after the end of a chat, until the customer has given it or does not want to. */
  isOpen = false;
  /** The shop's own questions, `{ id, fields }`, or `null`. */
  form = null;

  #api;
  #chat;
  #groupId;

  constructor(api, chat, { groupId = 0 } = {}) {
    this.#api = api;
    this.#chat = chat;
    this.#groupId = groupId;
    api.on("thread_properties_updated", ({ chatId, threadId, properties }) => {
      if (this.#isNewest(chatId, threadId) && properties?.rating) this.#rated({ ...this.rating, ...properties.rating });
    });
    api.on("thread_properties_deleted", ({ chatId, threadId, properties }) => {
      if (!this.#isNewest(chatId, threadId) || !Array.isArray(properties?.rating)) return;
      const gone = new Set(properties.rating);
      this.#rated(Object.fromEntries(Object.entries(this.rating).filter(([name]) => !gone.has(name))));
    });
  }

  /** A thread became known, from wherever. */
  learn(thread) {
    if (thread.id === this.#chat.threadId) this.#rated(thread.properties?.rating ?? {});
  }

  /** The chat ended before the customer's eyes. */
  async ended() {
    this.open();
    try {
      const { enabled, form } = await this.#api.getForm({ groupId: this.#groupId, type: "postchat" });
      this.form = enabled && form?.fields?.length ? form : null;
    } catch {
      this.form = null;
    }
    this.#chat.changed();
  }

  open() {
    this.isOpen = true;
    this.#chat.changed();
  }

  close() {
    this.isOpen = false;
    this.form = null;
    this.#chat.changed();
  }

  /** @param {{ score?: 0 | 1, comment?: string }} rating */
  async rate(rating) {
    await this.#api.rateChat({ chatId: this.#chat.chatId, rating });
    this.#rated({ ...this.rating, ...rating });
  }

  async cancelRate() {
    const properties = ["score", "comment"].filter((name) => this.rating[name] !== undefined);
    await this.#api.cancelRate({ chatId: this.#chat.chatId, properties });
    this.#rated({});
  }

  /** Answers the shop's questions. */
  fill(fields) {
    this.#chat.sending.form({ formId: this.form.id ?? "postchat", fields, formType: "postchat" });
    this.form = null;
    this.#chat.changed();
  }

  transcript(email) {
    return this.#api.requestTranscript({ chatId: this.#chat.chatId, email });
  }

  forget() {
    this.rating = {};
    this.close();
  }

  #isNewest(chatId, threadId) {
    return chatId === this.#chat.chatId && threadId === this.#chat.threadId;
  }

  #rated(rating) {
    this.rating = rating;
    this.#chat.changed();
  }
}
