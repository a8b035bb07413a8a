// What goes on at the end of the conversation and is no message yet: typing, thinking, drafts.

import { cleanName } from "../model/text.js";
import { h, setText, toggle } from "./dom.js";
import { textParts } from "./text.js";

export class SignsView {
  // Outside of the live log: a draft changes all the time, and the message that follows is read out anyway.
  #drafts = h("div", { class: "chat-drafts", "aria-hidden": "true" });
  #name = h("span", { class: "chat-typing-name" });
  #more = h("span", { class: "chat-typing-more" });
  #typing = h(
    "div",
    { class: "chat-typing", hidden: true },
    h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("span", {}, this.#name, this.#more),
  );
  #signature = "";

  element = h("div", {}, this.#drafts, this.#typing);

  /** @param {import("../model/signs.js").Signs} signs  @param {Map<string, object>} users */
  render({ typing, thinking, previews }, users) {
    const name = (id) => cleanName(users.get(id)?.name, "Support");
    const [thinker] = thinking;
    const [typist] = typing;
    toggle(this.#typing, thinker !== undefined || typist !== undefined);
    if (thinker) {
      const [id, { title, description }] = thinker;
      setText(this.#name, `${name(id)}: ${cleanName(title, "thinking…")}`);
      setText(this.#more, cleanName(description));
    } else if (typist !== undefined) {
      setText(this.#name, `${name(typist)} is typing`);
      setText(this.#more, "");
    }
    const drafts = [...previews.values()];
    const signature = JSON.stringify(drafts);
    if (signature === this.#signature) return;
    this.#signature = signature;
    this.#drafts.replaceChildren(
      ...drafts.map((draft) =>
        h(
          "div",
          { class: "row row-event first last" },
          h("p", { class: "row-name" }, h("bdi", {}, name(draft.authorId))),
          h("div", { class: "bubble bubble-draft", dir: "auto" }, ...textParts(draft.text)),
        ),
      ),
    );
  }
}
