// What the customer sends: it is in the store at once, and says there what became of it. No DOM.
//
// The SDK keeps what it was given, over reloads too, and tells where it stands. This file keeps what the SDK does not
// have: a text before there is a chat to send it to, a file on its way up, and what was refused before it was sent.

import { objects } from "./shape.js";

const WAITING = "waiting";

export class Sending {
  #api;
  #chat;
  #memory;
  /** By custom id: how to hand it to the SDK, and how to stop an upload. */
  #drafts = new Map();
  #isUnstored = false;

  /** @param {{ memory?: object }} options `memory` is of the shape of `view/memory.js` */
  constructor(api, chat, { memory } = {}) {
    this.#api = api;
    this.#chat = chat;
    this.#memory = memory;
    api.on("message_status", (told) => this.#told(told));
    api.on("warning", ({ code }) => {
      if (code !== "STORAGE") return;
      this.#isUnstored = true;
      chat.changed();
    });
    void this.#recall();
  }

  /** Would what is not sent yet be lost with the page? */
  get isAtRisk() {
    return this.#isUnstored && this.#api.outbox().length > 0;
  }

  /** @param {object} [postback] of the button that says this text  @param {string} [customId] of one that waits already */
  text(text, postback, customId = newId()) {
    const send = (chatId) => this.#api.sendMessage({ chatId, text, customId, ...(postback && { postback }) });
    const kept = { text, postback, customId, page: this.#memory?.page };
    this.#add(customId, { send, content: { type: "message", text }, kept });
  }

  /** @param {File} file  @param {string} [alternativeText]  @param {string} [preview] an address of the picture */
  file(file, { alternativeText, preview } = {}) {
    const customId = newId();
    const about = alternativeText && { alternativeText };
    const content = { type: "file", name: file.name, size: file.size, contentType: file.type, ...about };
    const onProgress = (progress) => this.#chat.store.progress(customId, progress);
    const send = (chatId, signal) => this.#api.sendFile({ chatId, file, customId, onProgress, signal, ...about });
    this.#add(customId, { send, content, preview });
  }

  /** Answers a form of the chat; a chat that has ended takes the answers without being opened again. */
  form({ formId, fields, formType }) {
    const customId = newId();
    const properties = formType && { properties: { lc2: { form_type: formType } } };
    const event = { type: "filled_form", formId, fields, ...properties };
    const send = (chatId) => this.#api.sendEvent({ chatId, event: { ...event, customId }, attachToLastThread: true });
    this.#add(customId, { send, content: event });
  }

  /** Sends once more what failed. */
  retry(customId) {
    if (this.#isKept(customId)) this.#api.retry({ customId }).catch((error) => this.#failed(customId, error));
    else if (this.#drafts.has(customId)) void this.#deliver(customId);
  }

  /** Forgets what failed or waits, and stops what is on its way up. Rejects when it is too late for that. */
  async discard(customId) {
    const draft = this.#drafts.get(customId);
    if (this.#isKept(customId)) await this.#api.discard({ customId });
    this.#drop(customId);
    this.#chat.store.discard(customId);
    draft?.abort?.abort();
    if (draft?.preview) URL.revokeObjectURL(draft.preview);
  }

  /** Another customer's words are not for this one to see or to send. */
  forget() {
    for (const { abort } of this.#drafts.values()) abort?.abort();
    this.#drafts.clear();
    this.#remember();
  }

  #add(customId, draft) {
    this.#drafts.set(customId, draft);
    this.#remember();
    const { customerId: authorId, store } = this.#chat;
    store.addPending({ customId, authorId, preview: draft.preview, ...draft.content });
    void this.#deliver(customId);
  }

  async #deliver(customId) {
    const draft = this.#drafts.get(customId);
    draft.abort = new AbortController();
    this.#chat.store.mark(customId, "queued");
    try {
      await this.#chat.ready();
      draft.abort.signal.throwIfAborted();
      const sent = draft.send(this.#chat.chatId, draft.abort.signal);
      // From here on the SDK remembers it.
      draft.kept = undefined;
      this.#remember();
      await sent;
    } catch (error) {
      // Taken back by the customer: it is gone from the store already.
      if (!draft.abort.signal.aborted) this.#failed(customId, error);
    }
    this.#chat.sync();
  }

  /** The SDK's word on a send of its own, also of one that an earlier page left. */
  #told({ chatId, customId, status, event, error }) {
    const { store } = this.#chat;
    if (this.#chat.chatId && chatId !== this.#chat.chatId) return;
    if (status === "sent") {
      store.confirm(customId, event);
      this.#drop(customId);
      return this.#chat.sync();
    }
    if (error?.code === "DISCARDED") return store.discard(customId);
    if (!store.has(customId)) this.#restore(customId);
    if (status === "failed") this.#failed(customId, error);
    else store.mark(customId, status);
  }

  #restore(customId) {
    const entry = this.#api.outbox().find((one) => one.customId === customId);
    if (!entry) return;
    const { customerId: authorId, store } = this.#chat;
    const { event, createdAt } = entry;
    // Of a file the platform is told the address only; its name is at the end of that.
    const name = event.type === "file" && { name: nameIn(event.url), contentType: "" };
    store.addPending({ ...name, ...event, customId, authorId, createdAt: new Date(createdAt).toISOString() });
  }

  #failed(customId, error) {
    this.#chat.store.fail(customId, error);
  }

  #isKept(customId) {
    return this.#api.outbox().some((entry) => entry.customId === customId);
  }

  #drop(customId) {
    if (this.#drafts.delete(customId)) this.#remember();
  }

  #remember() {
    const kept = [...this.#drafts.values()].map((draft) => draft.kept).filter(Boolean);
    this.#memory?.stay(kept.length > 0);
    this.#memory?.remember(WAITING, kept.length > 0 ? JSON.stringify(kept) : "");
  }

  /** Takes up what this page's former self could not hand over. A copy of the page leaves it to the original. */
  async #recall() {
    for (const { text, postback, customId, page } of keptIn(this.#memory?.recall(WAITING)))
      if (await this.#memory.isGone(page)) this.text(text, postback, customId);
  }
}

function keptIn(memory) {
  try {
    const kept = objects(JSON.parse(memory || "[]"));
    return kept.filter((one) => [one.text, one.customId, one.page].every((part) => typeof part === "string"));
  } catch {
    return [];
  }
}

/** An id for a message; `crypto.randomUUID` exists on secure origins only. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function nameIn(address) {
  try {
    return decodeURIComponent(new URL(address).pathname.split("/").at(-1));
  } catch {
    return "";
  }
}
