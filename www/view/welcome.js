// What stands in the window before anything has been said.

import { cleanName } from "../model/text.js";
import { content } from "./content.js";
import { h, toggle } from "./dom.js";
import { avatar } from "./row.js";

const QUESTIONS = ["Where is my order?", "My plant looks sad", "How do returns work?"];

export class WelcomeView {
  onQuestion = () => {};

  #hello = h("p", {}, h("strong", {}, "Hello!"), " A person who knows plants answers here, usually within minutes.");
  #message = h("div", { class: "welcome-message", hidden: true });
  #questions = h(
    "div",
    { class: "chat-questions" },
    ...QUESTIONS.map((text) =>
      h("button", { type: "button", class: "chip", onclick: () => this.onQuestion(text) }, text),
    ),
  );
  #signature = "";

  element = h("div", { class: "chat-welcome" }, this.#hello, this.#message, this.#questions);

  /** @param {{ welcome: object | null, isEmpty: boolean }} chat */
  render({ welcome, isEmpty }) {
    toggle(this.#questions, isEmpty);
    const event = welcome?.event;
    toggle(this.#message, Boolean(event));
    toggle(this.#hello, !event);
    const signature = JSON.stringify(welcome);
    if (!event || signature === this.#signature) return;
    this.#signature = signature;
    const name = cleanName(welcome.predictedAgent?.name, "Moss & Mortar");
    // It answers nothing yet: whatever is pressed starts the chat.
    const context = {
      customerId: "",
      press: (_, button) => button.type === "message" && this.onQuestion(cleanName(button.text)),
    };
    this.#message.replaceChildren(
      avatar(welcome.predictedAgent, name),
      h(
        "div",
        { class: "bubble", dir: "auto" },
        h("span", { class: "visually-hidden" }, h("bdi", {}, name), ": "),
        ...content({ event, latest: true }, context),
      ),
    );
  }

  hideQuestions() {
    toggle(this.#questions, false);
  }
}
