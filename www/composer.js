// The text field: Enter sends, Shift+Enter makes a line, it grows with its text up to a limit.

import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { byteLength, MAX_TEXT_BYTES, sizeWords, wellFormed } from "./text.js";

export class Composer {
  onSend = () => {};
  onInput = () => {};

  #field = h("textarea", {
    id: "chat-text",
    rows: 1,
    placeholder: "Write a message",
    enterkeyhint: "send",
    autocomplete: "off",
    dir: "auto",
    "aria-describedby": "chat-problem",
  });
  #problem = h("p", { class: "chat-problem", id: "chat-problem", role: "alert", hidden: true });
  #button = h("button", { type: "submit", class: "chat-send", "aria-label": "Send" }, icon(ICONS.send, 22));

  constructor() {
    this.element = h(
      "form",
      { class: "chat-composer", onsubmit: (event) => this.#submit(event) },
      h("label", { class: "visually-hidden", for: "chat-text" }, "Your message"),
      this.#problem,
      h("div", { class: "chat-field" }, this.#field, this.#button),
    );
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit(event);
    });
  }

  get value() {
    return this.#field.value;
  }

  set value(text) {
    this.#field.value = text;
    this.fit();
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }

  /** Says what went wrong, until the text changes. */
  complain(text) {
    setText(this.#problem, text);
    toggle(this.#problem, text !== "");
    if (text) this.#field.setAttribute("aria-invalid", "true");
    else this.#field.removeAttribute("aria-invalid");
  }

  /** As high as its text; the style sheet sets the limit. */
  fit() {
    this.#field.style.height = "auto";
    // Hidden fields have no height to measure.
    if (this.#field.scrollHeight) this.#field.style.height = `${this.#field.scrollHeight}px`;
  }

  #changed() {
    this.fit();
    this.complain("");
    this.onInput(this.#field.value);
  }

  #submit(event) {
    event.preventDefault();
    const text = wellFormed(this.#field.value.trim());
    if (!text) return;
    const bytes = byteLength(text);
    if (bytes > MAX_TEXT_BYTES) {
      const exact = `${bytes.toLocaleString("en")} bytes`;
      this.complain(`This message is too long: ${sizeWords(bytes)} (${exact}). The limit is ${sizeWords(MAX_TEXT_BYTES)}; send it in parts.`);
      return;
    }
    this.value = "";
    this.complain("");
    this.onSend(text);
  }
}
