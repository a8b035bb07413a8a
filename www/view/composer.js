// What is about to be sent: the text field, in which Enter sends and Shift+Enter makes a line, and files beside it.

import { byteLength, MAX_TEXT_BYTES, sizeWords, wellFormed } from "../model/text.js";
import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { Tray } from "./tray.js";

export class Composer {
  onSend = () => {};
  onFile = () => {};
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
  #send = h("button", { type: "submit", class: "chat-send", "aria-label": "Send" }, icon(ICONS.send, 22));
  #files = h("input", {
    type: "file",
    multiple: true,
    hidden: true,
    "aria-label": "Files to attach",
    onchange: () => this.#chosen(),
  });
  #attach = h(
    "button",
    { type: "button", class: "chat-attach", "aria-label": "Attach files", onclick: () => this.#files.click() },
    icon(ICONS.clip, 22),
  );
  #tray = new Tray();

  constructor() {
    this.element = h(
      "form",
      { class: "chat-composer", onsubmit: (event) => this.#submit(event) },
      h("label", { class: "visually-hidden", for: "chat-text" }, "Your message"),
      this.#problem,
      this.#tray.element,
      h("div", { class: "chat-field" }, this.#files, this.#attach, this.#field, this.#send),
    );
    this.#tray.onChange = () => this.focus();
    this.#field.addEventListener("input", () => this.#changed());
    this.#field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit(event);
    });
    this.#field.addEventListener("paste", (event) => {
      const { files } = event.clipboardData;
      if (files.length === 0) return;
      event.preventDefault();
      this.addFiles(files);
    });
  }

  get value() {
    return this.#field.value;
  }

  set value(text) {
    this.#field.value = text;
    this.fit();
  }

  /** Nothing can be written for now; the line says why. */
  block(isBlocked) {
    if (this.#field.disabled === isBlocked) return;
    for (const control of [this.#field, this.#attach, this.#send]) control.disabled = isBlocked;
    this.#field.placeholder = isBlocked ? "You cannot write now" : "Write a message";
  }

  /** @param {Iterable<File>} files */
  addFiles(files) {
    if (!this.#field.disabled && !this.element.hidden) this.complain(this.#tray.add(files));
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

  #chosen() {
    this.addFiles(this.#files.files);
    // The same file may be chosen again.
    this.#files.value = "";
  }

  #changed() {
    this.fit();
    this.complain("");
    this.onInput(this.#field.value);
  }

  #submit(event) {
    event.preventDefault();
    const text = wellFormed(this.#field.value.trim());
    const bytes = byteLength(text);
    if (bytes > MAX_TEXT_BYTES) {
      const exact = `${bytes.toLocaleString("en")} bytes`;
      this.complain(
        `This message is too long: ${sizeWords(bytes)} (${exact}). The limit is ${sizeWords(MAX_TEXT_BYTES)}; send it in parts.`,
      );
      return;
    }
    const hasFiles = !this.#tray.isEmpty;
    if (!text && !hasFiles) return;
    this.complain("");
    if (hasFiles) for (const file of this.#tray.take()) this.onFile(file);
    if (!text) return;
    this.value = "";
    this.onSend(text);
  }
}
