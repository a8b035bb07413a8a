// The list of messages. Rows are kept by key and changed in place; two lists hold them: what was said before the page
// came, and the live log that a screen reader reads out. History never enters the live one.

import { errorWords } from "../model/words.js";
import { arrange, h, icon, ICONS, setText, toggle } from "./dom.js";
import { RowView } from "./row.js";
import { SignsView } from "./signs.js";

const NEAR_END = 48;

export class Log {
  /** Called when the customer wants older messages. */
  onEarlier = () => {};
  /** Called when the view came to, or left, the end of the conversation. */
  onEnd = () => {};

  #past = h("ol", { class: "rows", "aria-label": "Earlier messages" });
  #live = h("ol", { class: "rows" });
  #log = h(
    "div",
    { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "New messages" },
    this.#live,
  );
  #earlier = h("button", { type: "button", class: "chip", onclick: () => this.onEarlier() }, "Load earlier messages");
  #start = h("p", { class: "chat-start" });
  #signs = new SignsView();
  #scroller = h("div", { class: "chat-scroller", tabindex: "0", role: "group", "aria-label": "Conversation" });
  #jump = h(
    "button",
    { type: "button", class: "chat-jump", hidden: true, onclick: () => this.toEnd() },
    icon(ICONS.down, 18),
    h("span"),
  );
  #rows = new Map();
  #atEnd = true;
  #top = 0;
  #below = 0;
  #newest = null;

  /**
   * @param {{ welcome: HTMLElement, below: HTMLElement }} around what stands before the first and after the last message
   */
  constructor({ welcome, below }) {
    this.#scroller.append(
      h("div", { class: "chat-top" }, welcome, this.#earlier, this.#start),
      this.#past,
      this.#log,
      this.#signs.element,
      below,
    );
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // A picture that has come makes its row higher.
    this.#scroller.addEventListener("load", () => this.#atEnd && this.toEnd(), true);
    this.element = h("div", { class: "chat-log" }, this.#scroller, this.#jump);
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.#scroller);
  }

  get atEnd() {
    return this.#atEnd;
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#scrolled();
  }

  /**
   * @param {object[]} rows of `layOut`
   * @param {object} chat the conversation
   * @param {object} context what rows need of the world, and what may be done with them; see `content.js` and `row.js`
   */
  render(rows, chat, context) {
    const anchor = this.#atEnd ? null : this.#anchor();
    const firstLive = rows.findIndex((row) => row.live);
    const split = firstLive < 0 ? rows.length : firstLive;
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      this.#keepFocus(row.element);
      row.element.remove();
      this.#rows.delete(key);
    }
    arrange(
      this.#past,
      rows.slice(0, split).map((row) => this.#element(row, context)),
    );
    arrange(
      this.#live,
      rows.slice(split).map((row) => this.#element(row, context)),
    );
    this.#renderTop(chat, rows.length > 0);
    this.#signs.render(chat.signs, chat.users);
    this.#countBelow(rows);

    if (this.#atEnd) this.toEnd();
    else if (anchor?.element.isConnected)
      this.#scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    this.#renderJump();
  }

  #element(row, context) {
    let view = this.#rows.get(row.key);
    if (!view) this.#rows.set(row.key, (view = new RowView(row.key)));
    const { element } = view;
    const controls = () => [...element.querySelectorAll("a, button, input, select, textarea")];
    const focused = element.contains(document.activeElement) ? controls().indexOf(document.activeElement) : -1;
    if (view.show(row, context) && focused >= 0 && !element.contains(document.activeElement)) {
      // The keyboard stays where it was, on what has taken the place of the old control.
      (controls()[focused] ?? this.#scroller).focus({ preventScroll: true });
    }
    return element;
  }

  #renderTop({ history }, any) {
    toggle(this.#earlier, ["partial", "failed", "loading"].includes(history.state));
    const label = { loading: "Loading…", failed: "Try again" }[history.state] ?? "Load earlier messages";
    setText(this.#earlier, label);
    // Stays focusable while it loads, so that the keyboard does not lose its place.
    this.#earlier.setAttribute("aria-disabled", String(history.state === "loading"));
    const start = history.state === "failed" ? `Earlier messages did not come. ${errorWords(history.error)}` : "";
    setText(this.#start, start);
    toggle(this.#start, start !== "");
    this.element.classList.toggle("empty", !any);
  }

  #renderJump() {
    toggle(this.#jump, !this.#atEnd);
    setText(this.#jump.lastChild, this.#below ? `${this.#below} new` : "Latest");
  }

  #countBelow(rows) {
    const newest = rows.findLast((row) => row.kind === "event");
    if (this.#newest !== null && newest && newest.key !== this.#newest) {
      // The customer's own message takes the view with it, wherever it was.
      if (newest.own) this.#atEnd = true;
      else if (!this.#atEnd) this.#below += 1;
    }
    this.#newest = newest?.key ?? null;
    if (this.#atEnd) this.#below = 0;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    const grew = this.#atEnd && !atEnd && scrollTop >= this.#top;
    this.#top = scrollTop;
    // Nobody scrolled up: what is shown became longer, or the place for it smaller.
    if (grew) return this.toEnd();
    if (
      clientHeight &&
      scrollTop < 40 &&
      scrollHeight > clientHeight + 80 &&
      !this.#earlier.hidden &&
      this.#earlier.textContent.startsWith("Load e")
    )
      this.onEarlier();
    if (atEnd === this.#atEnd) return;
    this.#atEnd = atEnd;
    if (atEnd) this.#below = 0;
    this.#renderJump();
    this.onEnd();
  }

  /** The first row in view, and where it stands: what must not move when older rows come in above it. */
  #anchor() {
    const edge = this.#scroller.getBoundingClientRect().top;
    for (const list of [this.#past, this.#live]) {
      for (const element of list.children) {
        const { top, bottom } = element.getBoundingClientRect();
        if (bottom > edge) return { element, top };
      }
    }
    return null;
  }

  #keepFocus(element) {
    if (element.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
  }
}
