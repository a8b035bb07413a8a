// The state of the line, in words, above the conversation.

import { lineWords } from "../model/words.js";
import { h, setText, toggle } from "./dom.js";

const RESTORED_FOR_MS = 4000;

export class LineView {
  onAction = () => {};
  /** Called before the button goes while it has the keyboard. */
  onGone = () => {};

  #text = h("span", { role: "status", id: "chat-line-text" });
  #count = h("span", { "aria-hidden": "true", class: "chat-line-count" });
  #button = h("button", { type: "button", class: "link", hidden: true, onclick: () => this.onAction() });
  #restoredAt = 0;
  #ticker = 0;

  element = h("div", { class: "chat-line" }, this.#text, this.#count, " ", this.#button);

  render(line) {
    if (line.restored && !this.#restoredAt) this.#restoredAt = Date.now();
    if (!line.restored) this.#restoredAt = 0;
    const over = this.#restoredAt && Date.now() - this.#restoredAt > RESTORED_FOR_MS;
    const {
      text,
      countdown = "",
      action,
      tone,
    } = lineWords({ ...line, restored: line.restored && !over }, { now: Date.now(), onLine: navigator.onLine });
    setText(this.#text, text);
    setText(this.#count, countdown);
    if (!action && document.activeElement === this.#button) this.onGone();
    setText(this.#button, action ?? "");
    toggle(this.#button, action !== undefined);
    this.element.dataset.tone = tone;
    // Counts down, and takes "Connected again" away; runs only while there is something of that kind to say.
    clearTimeout(this.#ticker);
    if (line.retryAt > Date.now() || tone === "good") this.#ticker = setTimeout(() => this.render(line), 250);
  }
}
