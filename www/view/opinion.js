// The end of a chat: was it good, what else the shop wants to know, a transcript by mail.

import { errorWords } from "../model/words.js";
import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { formView } from "./form.js";

export class OpinionView {
  #closing;
  #title = h("p", { class: "form-head", "aria-live": "polite" });
  #good = this.#thumb(1, "Good", ICONS.good);
  #bad = this.#thumb(0, "Bad", ICONS.bad);
  #undo = h(
    "button",
    { type: "button", class: "link", onclick: () => this.#try(() => this.#closing.cancelRate()) },
    "Take it back",
  );
  #words = h("textarea", {
    rows: 2,
    maxlength: 2000,
    "aria-label": "Comment on the chat",
    placeholder: "Anything to add?",
  });
  #send = h("button", { type: "submit", class: "choice" });
  #comment = h("form", { class: "form", onsubmit: (event) => this.#say(event) }, this.#words, this.#send);
  #problem = h("p", { class: "chat-problem", role: "alert", hidden: true });
  #survey = h("div", {});
  #form = null;

  element = h(
    "div",
    { class: "rating" },
    this.#title,
    h("div", { class: "thumbs" }, this.#good, this.#bad, this.#undo),
    this.#comment,
    this.#problem,
    this.#survey,
  );

  render(closing) {
    this.#closing = closing;
    const { score, comment } = closing.rating;
    const isRated = score !== undefined;
    setText(this.#title, isRated ? "Thank you for your opinion!" : "How was this chat?");
    this.#good.setAttribute("aria-pressed", String(score === 1));
    this.#bad.setAttribute("aria-pressed", String(score === 0));
    toggle(this.#undo, isRated);
    toggle(this.#comment, isRated);
    if (!isRated) this.#words.value = "";
    if (document.activeElement !== this.#words && comment !== undefined && !this.#words.value)
      this.#words.value = comment;
    setText(this.#send, comment ? "Change the comment" : "Send the comment");
    if (closing.form === this.#form) return;
    this.#form = closing.form;
    this.#survey.replaceChildren(...(closing.form ? [this.#questions(closing.form)] : []));
  }

  #thumb(score, label, path) {
    return h(
      "button",
      {
        type: "button",
        class: "thumb",
        "aria-label": label,
        onclick: () => this.#try(() => this.#closing.rate({ score })),
      },
      icon(path, 26),
    );
  }

  #say(event) {
    event.preventDefault();
    const comment = this.#words.value.trim();
    if (comment) void this.#try(() => this.#closing.rate({ comment }));
  }

  /** The shop's own questions; a rating among them goes where ratings go. */
  #questions({ fields }) {
    const send = (answers, rating) => {
      if (rating) void this.#try(() => this.#closing.rate(rating));
      if (answers.length > 0) this.#closing.fill(answers);
      this.#closing.close();
    };
    return formView({ fields, label: "Send answers", onSubmit: send });
  }

  async #try(work) {
    toggle(this.#problem, false);
    try {
      await work();
    } catch (error) {
      setText(this.#problem, errorWords(error));
      toggle(this.#problem, true);
    }
  }
}

/** @param {{ email?: string, send: (email: string) => Promise<unknown> }} about */
export function transcriptView({ email, send }) {
  const field = h("input", {
    type: "email",
    required: true,
    autocomplete: "email",
    id: "chat-transcript-email",
    value: email || undefined,
  });
  const problem = h("p", { class: "chat-problem", role: "alert" });
  const button = h("button", { type: "submit", class: "choice primary" }, "Send the transcript");
  const done = h("p", { role: "status" });
  const submit = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    button.disabled = true;
    try {
      await send(field.value.trim());
      form.hidden = true;
      done.textContent = `A transcript of this chat will be sent to ${field.value.trim()}.`;
    } catch (error) {
      problem.textContent = `The transcript was not ordered. ${errorWords(error)}`;
      button.disabled = false;
    }
  };
  const form = h(
    "form",
    { class: "form", onsubmit: submit },
    h("label", { class: "form-field", for: field.id }, h("span", {}, "Your e-mail address"), field),
    button,
    problem,
  );
  return h("div", {}, form, done);
}
