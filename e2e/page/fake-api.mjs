// The api as the page's model sees it, without a core: what it is asked is noted, what it tells is up to the test.

export class FakeApi {
  state = "connected";
  calls = [];
  rows = [];
  pages = [];
  #listeners = new Map();

  constructor() {
    for (const name of ["sendMessage", "sendFile", "sendEvent", "retry", "discard", "markEventsAsSeen", "getForm"])
      this[name] = (options) => this.#call(name, options);
  }

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  tell(event, payload) {
    for (const listener of this.#listeners.get(event) ?? []) listener(payload);
  }

  chats() {
    return [];
  }

  outbox() {
    return this.rows;
  }

  async *getChatHistory() {
    for (const page of this.pages) {
      if (page instanceof Error) throw page;
      yield page;
    }
  }

  /** The answer to a call is a promise that the test settles: `calls.at(-1).resolve(event)`. */
  #call(name, options) {
    return new Promise((resolve, reject) => this.calls.push({ name, options, resolve, reject }));
  }
}
