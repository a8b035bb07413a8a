// A sheet over the lower part of the window, for one thing at a time: a form, an opinion, an address.

import { arrange, h, icon, ICONS, setText, toggle } from "./dom.js";

export class Sheet {
  onClose = () => {};

  #title = h("h3", { id: "chat-sheet-title" });
  #close = h(
    "button",
    { type: "button", class: "chat-icon", "aria-label": "Close this", onclick: () => this.onClose() },
    icon(ICONS.close, 20),
  );
  #body = h("div", { class: "chat-sheet-body" });
  #signature = "";

  element = h(
    "section",
    { class: "chat-sheet", "aria-labelledby": "chat-sheet-title", hidden: true },
    h("header", {}, this.#title, this.#close),
    this.#body,
  );

  /**
   * Shows `what`, or nothing. It is built anew only when its key changes: what is half filled stays.
   * @param {{ key: string, title: string, closable?: boolean, build: () => Node[] } | null} what
   */
  show(what) {
    toggle(this.element, what !== null);
    const key = what?.key ?? "";
    if (key === this.#signature) return;
    const had = this.element.contains(document.activeElement);
    this.#signature = key;
    setText(this.#title, what?.title ?? "");
    toggle(this.#close, what?.closable !== false);
    arrange(this.#body, what ? what.build() : []);
    if (had && what) this.focus();
  }

  /** Can it be closed, and is the keyboard in it? */
  get isInUse() {
    return !this.element.hidden && !this.#close.hidden && this.element.contains(document.activeElement);
  }

  focus() {
    (this.#body.querySelector("input, select, textarea, button") ?? this.#close).focus({ preventScroll: true });
  }
}
