// What the customer sends: it is in the store at once, and says there what became of it. No DOM.
//
// The SDK keeps the line and the order of sends; this file keeps what is needed to try again.

export class Sending {
  #api;
  #chat;
  /** By custom id: how to send it, what to show, and how to stop an upload. */
  #drafts = new Map();

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
  }

  /** @param {object} [postback] of the button that says this text */
  text(text, postback) {
    const send = (customId, chatId) => this.#api.sendMessage({ chatId, text, customId, ...(postback && { postback }) });
    this.#add({ send, content: { type: "message", text } });
  }

  /** @param {File} file  @param {string} [alternativeText]  @param {string} [preview] an address of the picture */
  file(file, { alternativeText, preview } = {}) {
    const content = {
      type: "file",
      name: file.name,
      size: file.size,
      contentType: file.type,
      ...(alternativeText && { alternativeText }),
    };
    const send = (customId, chatId, signal) => {
      const onProgress = (progress) => this.#chat.store.progress(customId, progress);
      return this.#api.sendFile({
        chatId,
        file,
        customId,
        onProgress,
        signal,
        ...(alternativeText && { alternativeText }),
      });
    };
    this.#add({ send, content, preview });
  }

  /** Answers a form of the chat; a chat that has ended takes the answers without being opened again. */
  form({ formId, fields, formType }) {
    const properties = formType && { properties: { lc2: { form_type: formType } } };
    const event = { type: "filled_form", formId, fields, ...properties };
    const send = (customId, chatId) =>
      this.#api.sendEvent({ chatId, event: { ...event, customId }, attachToLastThread: true });
    this.#add({ send, content: event });
  }

  /** Sends once more what was refused. */
  retry(customId) {
    const draft = this.#drafts.get(customId);
    if (!draft) return;
    this.#drafts.delete(customId);
    // An id serves once: the SDK refuses to send another message under it.
    const next = newId();
    this.#drafts.set(next, draft);
    this.#chat.store.retry(customId, next);
    void this.#deliver(next);
  }

  /** Forgets what was refused, and stops what is on its way. */
  discard(customId) {
    const draft = this.#drafts.get(customId);
    this.#chat.store.discard(customId);
    this.#drafts.delete(customId);
    draft?.abort?.abort();
    if (draft?.preview) URL.revokeObjectURL(draft.preview);
  }

  #add(draft) {
    const customId = newId();
    this.#drafts.set(customId, draft);
    this.#chat.store.addPending({
      customId,
      authorId: this.#chat.customerId,
      preview: draft.preview,
      ...draft.content,
    });
    void this.#deliver(customId);
  }

  async #deliver(customId) {
    const { store } = this.#chat;
    const draft = this.#drafts.get(customId);
    draft.abort = new AbortController();
    try {
      await this.#chat.ready();
      draft.abort.signal.throwIfAborted();
      const event = await draft.send(customId, this.#chat.chatId, draft.abort.signal);
      store.confirm(customId, event);
      this.#drafts.delete(customId);
    } catch (error) {
      // Taken back by the customer: it is gone from the store already.
      if (!draft.abort.signal.aborted) store.fail(customId, error);
    }
    this.#chat.sync();
  }
}

/** An id for a message; `crypto.randomUUID` exists on secure origins only. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
