// The greeting that a visitor is shown before there is a chat. No DOM.

export class Greetings {
  /** The one on show, or `null`. */
  current = null;

  #api;
  #chat;

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
    api.on("incoming_greeting", (greeting) => this.#show(greeting));
    api.on("greeting_canceled", ({ uniqueId }) => this.#hide(uniqueId));
    api.on("greeting_accepted", ({ uniqueId }) => {
      if (this.current?.uniqueId !== uniqueId || this.current.accepted) return;
      this.#show({ ...this.current, accepted: true });
    });
  }

  /** What a login says: nothing means that none is open any more. */
  loggedIn(greeting) {
    this.#show(greeting ?? null);
  }

  /** The customer has seen it. */
  accept() {
    const { current } = this;
    if (!current || current.accepted) return;
    this.#show({ ...current, accepted: true });
    // The card stays as it is when the platform has forgotten the greeting: nothing is lost by that.
    this.#api.acceptGreeting({ greetingId: current.id, uniqueId: current.uniqueId }).catch(() => {});
  }

  /** The customer does not want it. */
  cancel() {
    const { current } = this;
    if (!current) return;
    this.#show(null);
    this.#api.cancelGreeting({ uniqueId: current.uniqueId }).catch(() => {});
  }

  press(button) {
    const { current } = this;
    if (!current || !button.postbackId) return;
    this.#api
      .sendGreetingButtonClicked({ greetingUniqueId: current.uniqueId, buttonId: button.postbackId })
      .catch(() => {});
  }

  /** Properties of a thread that a greeting led to. */
  get properties() {
    const { current } = this;
    return current ? { lc2: { greeting_id: current.id, greeting_unique_id: current.uniqueId } } : undefined;
  }

  /** A chat has begun: the greeting has done its work. */
  done() {
    this.#show(null);
  }

  #hide(uniqueId) {
    if (this.current?.uniqueId === uniqueId) this.#show(null);
  }

  #show(greeting) {
    if (this.current === greeting) return;
    this.current = greeting;
    this.#chat.introduce(greeting?.agent);
    this.#chat.changed();
  }
}
