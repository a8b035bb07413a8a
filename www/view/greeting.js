// A greeting: a small card beside the button while the window is closed, and a bubble in it when it is open.

import { cleanName } from "../model/text.js";
import { content } from "./content.js";
import { h, icon, ICONS, toggle } from "./dom.js";
import { avatar } from "./row.js";

export class GreetingView {
  /** Called when the customer wants to answer; with words to say, or without. */
  onReply = () => {};
  onCancel = () => {};
  onPress = () => {};

  element;
  #signature = "";
  #isTeaser;

  /** @param {{ teaser: boolean }} place beside the button, or in the conversation */
  constructor({ teaser }) {
    this.#isTeaser = teaser;
    this.element = h("section", {
      class: teaser ? "greeting teaser" : "greeting",
      "aria-label": "Greeting",
      hidden: true,
    });
  }

  /** @param {object | null} greeting */
  render(greeting) {
    toggle(this.element, greeting !== null);
    const signature = JSON.stringify(greeting);
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.element.replaceChildren(...(greeting ? this.#parts(greeting) : []));
  }

  #parts({ agent, event, subtype }) {
    const name = cleanName(agent?.name, "Moss & Mortar");
    const row = { event: event ?? {}, latest: true };
    const context = { customerId: "", press: (_, button) => this.#press(button) };
    const body = event ? content(row, context) : [];
    // A card brings its own buttons; a text has none.
    const isText = event?.type !== "rich_message";
    return [
      h(
        "header",
        {},
        avatar(agent, name),
        h("p", {}, h("bdi", {}, name), subtype === "announcement" && h("span", { class: "tag" }, "announcement")),
        h(
          "button",
          { type: "button", class: "chat-icon", "aria-label": "Dismiss the greeting", onclick: () => this.onCancel() },
          icon(ICONS.close, 18),
        ),
      ),
      h("div", { class: "greeting-body", dir: "auto" }, ...body),
      this.#isTeaser &&
        isText &&
        h(
          "div",
          { class: "choices" },
          h("button", { type: "button", class: "choice primary", onclick: () => this.onReply() }, "Reply"),
        ),
    ].filter(Boolean);
  }

  #press(button) {
    this.onPress(button);
    if (button.type === "cancel") this.onCancel();
    else if (button.type === "message") this.onReply(cleanName(button.text));
    else if (button.type === undefined) this.onReply();
  }
}
