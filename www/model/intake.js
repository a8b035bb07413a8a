// What comes before a chat: a word of welcome, and the questions that the shop wants answered first. No DOM.

/** A message must not wait for questions that do not come. */
const FORM_WITHIN_MS = 5_000;

export class Intake {
  /** `{ id, predictedAgent, queue, event }`; the event comes a moment after the rest. */
  welcome = null;
  /** Why nobody is here, as the platform puts it; `""` when somebody is. */
  away = "";
  /** `{ id, fields }` while it is to be filled. */
  form = null;

  #api;
  #chat;
  #groupId;
  #asked = null;
  #answered = null;
  #waiting = [];

  constructor(api, chat, { groupId = 0 } = {}) {
    this.#api = api;
    this.#chat = chat;
    this.#groupId = groupId;
    api.on("incoming_welcome_message", ({ id, event }) => {
      // One without words is none.
      if (!event || (event.type === "message" && !String(event.text ?? "").trim())) return;
      if (this.welcome && this.welcome.id !== id) return;
      this.welcome = { ...this.welcome, id, event };
      chat.changed();
    });
    api.on("availability_updated", ({ availability }) => {
      this.away = availability === "online" ? "" : "GROUP_OFFLINE";
      chat.changed();
    });
  }

  /** Asks for the welcome and the form, once a login; without an answer the chat starts without them. */
  prepare() {
    if (this.#asked) return;
    void this.#askWelcome();
    this.#asked = Promise.race([this.#askForm(), new Promise((resolve) => setTimeout(resolve, FORM_WITHIN_MS))]);
  }

  /** What could not be asked on the line before is asked on this one. */
  loggedIn() {
    if (!this.form && !this.#answered) this.#asked = null;
  }

  /** Resolves with what a new chat starts with, as soon as the form has been filled. */
  async answers() {
    this.prepare();
    await this.#asked;
    if (this.form) await new Promise((resolve) => this.#waiting.push(resolve));
    const { fields, groupId } = this.#answered ?? {};
    const event = fields && {
      type: "filled_form",
      formId: this.#answered.formId,
      fields,
      properties: { lc2: { form_type: "prechat" } },
    };
    return {
      welcomeMessageId: this.welcome?.event ? this.welcome.id : undefined,
      groupId,
      events: event ? [event] : [],
    };
  }

  fill(fields) {
    const { id: formId = "prechat" } = this.form;
    const answer = (type) => fields.find((field) => field.type === type)?.answer;
    this.#answered = { formId, fields, groupId: answer("group_chooser")?.groupId };
    this.form = null;
    const [name, email] = [answer("name"), answer("email")];
    // The agent sees the answers in the chat anyway.
    if (name || email) this.#api.updateCustomer({ ...(name && { name }), ...(email && { email }) }).catch(() => {});
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#chat.changed();
  }

  /** The chat has begun. */
  done() {
    this.form = null;
    this.#answered = null;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  forget() {
    this.done();
    this.#asked = null;
    this.welcome = null;
    this.away = "";
  }

  async #askWelcome() {
    try {
      const earlier = this.welcome && { id: this.welcome.id };
      const answer = await this.#api.requestWelcomeMessage({ groupId: this.#groupId, ...earlier });
      this.welcome = { ...this.welcome, ...answer };
      this.away = "";
      this.#chat.introduce(answer.predictedAgent);
    } catch (error) {
      if (["GROUP_OFFLINE", "GROUP_UNAVAILABLE"].includes(error.code)) this.away = error.code;
    }
    this.#chat.changed();
  }

  async #askForm() {
    try {
      const { enabled, form } = await this.#api.getForm({ groupId: this.#groupId, type: "prechat" });
      if (enabled && form?.fields?.length && !this.#chat.chatId) this.form = form;
      this.#chat.changed();
    } catch {
      // A form that did not come must not keep anybody from asking.
    }
  }
}
