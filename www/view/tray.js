// Files that were chosen, dropped or pasted, before they are sent.

import { cleanName, sizeWords } from "../model/text.js";
import { h, icon, ICONS, toggle } from "./dom.js";

/** The largest file the platform takes. */
const MAX_BYTES = 10 * 1024 * 1024;
const MAX_FILES = 10;
/** Types that browsers draw and that cannot carry a script; others are shown by name. */
const DRAWN = /^image\/(?:png|jpeg|gif|webp)$/;

export class Tray {
  element = h("ul", { class: "tray", "aria-label": "Files to send", hidden: true });
  onChange = () => {};

  #files = [];

  get isEmpty() {
    return this.#files.length === 0;
  }

  /** Takes files in. Returns why some of them were not taken, or `""`. */
  add(files) {
    const problems = [];
    for (const file of files) {
      const name = cleanName(file.name, "This file");
      if (file.size > MAX_BYTES)
        problems.push(`${name} is too large: ${sizeWords(file.size)}. The limit is ${sizeWords(MAX_BYTES)}.`);
      else if (file.size === 0) problems.push(`${name} is empty.`);
      else if (this.#files.length >= MAX_FILES) problems.push(`${name} was left out: ${MAX_FILES} files at a time.`);
      else this.#put(file, name);
    }
    toggle(this.element, !this.isEmpty);
    this.onChange();
    return problems.join(" ");
  }

  /** Hands the files over and is empty. */
  take() {
    const taken = this.#files.map(({ file, preview, alt }) => ({
      file,
      preview,
      alternativeText: alt?.value.trim() || undefined,
    }));
    this.#files = [];
    this.element.replaceChildren();
    toggle(this.element, false);
    this.onChange();
    return taken;
  }

  #put(file, name) {
    const preview = DRAWN.test(file.type) ? URL.createObjectURL(file) : undefined;
    const alt =
      preview &&
      h("input", {
        class: "tray-alt",
        type: "text",
        maxlength: 200,
        placeholder: "Describe the picture",
        "aria-label": `Description of ${name}`,
      });
    const entry = { file, preview, alt };
    const remove = h(
      "button",
      { type: "button", class: "tray-remove", "aria-label": `Remove ${name}`, onclick: () => this.#remove(entry) },
      icon(ICONS.close, 16),
    );
    entry.element = h(
      "li",
      {},
      preview
        ? h("img", { src: preview, alt: "", width: 44, height: 44 })
        : h("span", { class: "tray-icon" }, icon(ICONS.file, 24)),
      h(
        "span",
        { class: "tray-about" },
        h("bdi", { class: "tray-name" }, name),
        h("small", { class: "quiet" }, sizeWords(file.size)),
        alt,
      ),
      remove,
    );
    this.#files.push(entry);
    this.element.append(entry.element);
  }

  #remove(entry) {
    this.#files = this.#files.filter((other) => other !== entry);
    entry.element.remove();
    if (entry.preview) URL.revokeObjectURL(entry.preview);
    toggle(this.element, !this.isEmpty);
    this.onChange();
  }
}
