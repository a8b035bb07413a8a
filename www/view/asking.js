// What the sheet asks for. One thing at a time: what must be answered first comes first.

import { formView } from "./form.js";
import { OpinionView, transcriptView } from "./opinion.js";
import { Sheet } from "./sheet.js";

export class Asking {
  /** Called with the answers to what the shop asks before a chat. */
  onBegin = () => {};
  /** Called when something was closed without an answer. */
  onClose = () => {};

  #sheet = new Sheet();
  #opinion = new OpinionView();
  #chat = null;
  #wantsTranscript = false;

  element = this.#sheet.element;

  constructor() {
    this.#sheet.onClose = () => this.close();
  }

  /** Must it be answered before anything else? */
  get isFirst() {
    return this.#chat !== null && this.#chat.intake.form !== null && this.#chat.chatId === null;
  }

  /** Can it be closed, and is the keyboard in it? */
  get isInUse() {
    return this.#sheet.isInUse;
  }

  /** @param {object} chat  @param {boolean} isShutOut would nothing that is answered arrive? */
  render(chat, isShutOut) {
    this.#chat = chat;
    this.#sheet.show(this.#what(chat, isShutOut));
  }

  focus() {
    this.#sheet.focus();
  }

  askForAddress() {
    this.#wantsTranscript = true;
    this.render(this.#chat, false);
    this.focus();
  }

  close() {
    if (this.#wantsTranscript) this.#wantsTranscript = false;
    else this.#chat.closing.close();
    this.render(this.#chat, false);
    this.onClose();
  }

  #what({ intake, closing, users, customerId }, isShutOut) {
    if (this.isFirst) {
      const { id, fields } = intake.form;
      const build = () => [formView({ fields, label: "Start the chat", onSubmit: (answers) => this.onBegin(answers) })];
      return { key: `prechat ${id}`, title: "Before we begin", closable: false, build };
    }
    if (this.#wantsTranscript) {
      const send = (email) => closing.transcript(email);
      const build = () => [transcriptView({ email: users.get(customerId)?.email, send })];
      return { key: "transcript", title: "A transcript of this chat", build };
    }
    if (!closing.isOpen || isShutOut) return null;
    this.#opinion.render(closing);
    return { key: "opinion", title: "Your opinion", build: () => [this.#opinion.element] };
  }
}
