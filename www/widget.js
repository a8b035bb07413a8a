// The chat window: the button in the corner, the panel it opens, and what goes on between them.

import { Composer } from "./composer.js";
import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { avatar, Log } from "./log.js";
import { layOut } from "./rows.js";
import { cleanName } from "./text.js";
import { errorWords, lineWords } from "./words.js";

const QUESTIONS = ["Where is my order?", "My plant looks sad", "How do returns work?"];
const RESTORED_FOR_MS = 4000;

export class Widget {
  #chat = null;
  #open = false;
  #title = document.title;
  #scheduled = false;
  #ticker = 0;
  #restoredAt = 0;
  #phone = matchMedia("(max-width: 520px)");

  #badge = h("span", { class: "chat-badge", "aria-hidden": "true", hidden: true });
  #launcher = h("button", { type: "button", class: "chat-launcher", "aria-expanded": "false", "aria-controls": "chat-panel" }, icon(ICONS.chat, 28), h("span", { class: "chat-launcher-text" }, "Chat"), this.#badge);
  #news = h("p", { class: "visually-hidden", role: "status", id: "chat-news" });
  #faces = h("span", { class: "chat-face" });
  #name = h("h2", { id: "chat-name" }, "Moss & Mortar");
  #who = h("p", { class: "chat-who" }, "Plants, orders, second thoughts");
  #menuButton = h("button", { type: "button", class: "chat-icon", "aria-label": "More", "aria-expanded": "false", "aria-controls": "chat-menu" }, icon(ICONS.more));
  #end = h("button", { type: "button" }, "End chat");
  #menu = h("div", { class: "chat-menu", id: "chat-menu", hidden: true }, this.#end);
  #close = h("button", { type: "button", class: "chat-icon", "aria-label": "Close chat" }, icon(ICONS.close));
  #lineText = h("span", { role: "status", id: "chat-line-text" });
  #lineCount = h("span", { "aria-hidden": "true", class: "chat-line-count" });
  #lineButton = h("button", { type: "button", class: "link", hidden: true });
  #line = h("div", { class: "chat-line" }, this.#lineText, this.#lineCount, this.#lineButton);
  #questions = h("div", { class: "chat-questions" });
  #log = new Log({ welcome: h("div", { class: "chat-welcome" }, h("p", {}, h("strong", {}, "Hello!"), " A person who knows plants answers here, usually within minutes."), this.#questions) });
  #composer = new Composer();
  #panel = h(
    "section",
    { class: "chat-panel", id: "chat-panel", role: "dialog", "aria-labelledby": "chat-name", tabindex: "-1", hidden: true },
    h("header", { class: "chat-head" }, this.#faces, h("div", { class: "chat-title" }, this.#name, this.#who), this.#menuButton, this.#close, this.#menu),
    this.#line,
    this.#log.element,
    this.#composer.element,
  );

  /** @param {HTMLElement} root  @param {HTMLElement} page  what lies behind the panel on a phone */
  constructor(root, page) {
    this.page = page;
    root.append(this.#news, this.#panel, this.#launcher);
    for (const text of QUESTIONS) {
      this.#questions.append(h("button", { type: "button", class: "chip", onclick: () => this.#send(text) }, text));
    }
    this.#launcher.addEventListener("click", () => (this.#open ? this.close() : this.open()));
    this.#close.addEventListener("click", () => this.close());
    this.#menuButton.addEventListener("click", () => this.#setMenu(this.#menu.hidden));
    this.#end.addEventListener("click", () => this.#endChat());
    this.#lineButton.addEventListener("click", () => this.#chat?.connect());
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.#menu.hidden && !this.#menu.contains(target) && !this.#menuButton.contains(target)) this.#setMenu(false);
    });
    this.#log.onEarlier = () => this.#chat?.loadEarlier();
    this.#log.onRetry = (customId) => this.#chat.retry(customId);
    this.#log.onDiscard = (customId) => this.#chat.discard(customId);
    this.#log.onEnd = () => this.#attend();
    this.#composer.onSend = (text) => this.#send(text);
    this.#composer.onInput = (text) => {
      this.#chat?.sneakPeek(text);
      remember("draft", text);
    };
    document.addEventListener("visibilitychange", () => this.#attend());
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#schedule());
    this.#phone.addEventListener("change", () => this.#fence());

    this.#composer.value = recall("draft");
    this.render();
    if (recall("open")) this.open({ focus: false });
  }

  /** Joins the window to a conversation. */
  attach(chat) {
    this.#chat = chat;
    chat.subscribe(() => this.#schedule());
    this.#attend();
    this.render();
  }

  /** There will be no conversation in this browser: says why, and what to do. */
  giveUp(error) {
    this.#log.element.replaceChildren(
      h(
        "div",
        { class: "chat-nope", role: "alert" },
        h("p", {}, h("strong", {}, "The chat cannot run here.")),
        h("p", {}, error?.message ?? "The chat could not be loaded."),
        h("p", {}, "Write to us instead: ", h("a", { href: "mailto:hello@mossandmortar.example" }, "hello@mossandmortar.example")),
      ),
    );
    this.#composer.element.hidden = true;
    this.#line.hidden = true;
    this.#questions.hidden = true;
    this.#menuButton.hidden = true;
  }

  open({ focus = true } = {}) {
    this.#open = true;
    this.#panel.hidden = false;
    this.#launcher.setAttribute("aria-expanded", "true");
    remember("open", "yes");
    this.#fence();
    this.#composer.fit();
    this.render();
    this.#log.toEnd();
    this.#attend();
    if (!focus) return;
    // On a touch screen focus in the field brings up a keyboard over the conversation.
    if (matchMedia("(pointer: coarse)").matches) this.#panel.focus({ preventScroll: true });
    else this.#composer.focus();
  }

  close() {
    this.#setMenu(false);
    this.#open = false;
    this.#panel.hidden = true;
    this.#launcher.setAttribute("aria-expanded", "false");
    remember("open", "");
    this.#fence();
    this.#attend();
    this.render();
    this.#launcher.focus({ preventScroll: true });
  }

  render() {
    this.#scheduled = false;
    const chat = this.#chat;
    this.#renderUnread(chat?.unread ?? 0);
    if (!chat || !this.#open) return;
    if (chat.history.state === "new" && chat.chatId && chat.connected) void chat.loadEarlier();
    this.#renderLine(chat.line);
    this.#renderHead(chat);
    const rows = layOut(chat.store.items(), {
      customerId: chat.customerId,
      seenUpTo: chat.seenUpTo,
      connected: chat.connected,
      ended: chat.active === false,
      thread: (id) => chat.store.thread(id),
    });
    this.#log.render(rows, chat);
    const known = chat.chatId ? ["complete", "partial"].includes(chat.history.state) : chat.line.wasConnected;
    toggle(this.#questions, known && rows.length === 0);
  }

  #renderUnread(unread) {
    const shown = this.#open && document.visibilityState === "visible" && this.#log.atEnd ? 0 : unread;
    const words = shown ? `${shown} unread message${shown === 1 ? "" : "s"}` : "";
    setText(this.#badge, shown > 99 ? "99+" : String(shown));
    toggle(this.#badge, shown > 0);
    this.#launcher.setAttribute("aria-label", `${this.#open ? "Close" : "Open"} chat${words ? `, ${words}` : ""}`);
    setText(this.#news, this.#open || !words ? "" : `Chat: ${words}`);
    const title = shown ? `(${shown}) ${this.#title}` : this.#title;
    if (document.title !== title) document.title = title;
  }

  #renderLine(line) {
    if (line.restored && !this.#restoredAt) this.#restoredAt = Date.now();
    if (!line.restored) this.#restoredAt = 0;
    const over = this.#restoredAt && Date.now() - this.#restoredAt > RESTORED_FOR_MS;
    const { text, countdown = "", action, tone } = lineWords({ ...line, restored: line.restored && !over }, { now: Date.now(), onLine: navigator.onLine });
    setText(this.#lineText, text);
    setText(this.#lineCount, countdown);
    if (!action && document.activeElement === this.#lineButton) this.#composer.focus();
    setText(this.#lineButton, action ?? "");
    toggle(this.#lineButton, action !== undefined);
    this.#line.dataset.tone = tone;
    // Counts down, and takes "Connected again" away; runs only while there is something of that kind to say.
    clearTimeout(this.#ticker);
    if (line.retryAt > Date.now() || tone === "good") this.#ticker = setTimeout(() => this.#open && this.#renderLine(this.#chat.line), 250);
  }

  #renderHead({ users, active, connected, chatId }) {
    const agents = [...users.values()].filter((user) => user.type === "agent" && user.present !== false);
    const agent = active ? agents.at(-1) : undefined;
    const name = agent && cleanName(agent.name, "Support");
    const face = `${name}|${agent?.avatar}`;
    if (this.#faces.dataset.face !== face) {
      this.#faces.dataset.face = face;
      this.#faces.replaceChildren(avatar(agent, name ?? "Moss Mortar"));
    }
    this.#who.replaceChildren(...(name ? [h("bdi", {}, name), agent.isBot ? " answers automatically" : " is here for you"] : ["Plants, orders, second thoughts"]));
    const endable = Boolean(chatId && active && connected);
    this.#end.disabled = !endable;
    setText(this.#end, endable || !chatId ? "End chat" : active ? "End chat (not connected)" : "Chat has ended");
  }

  #send(text) {
    if (!this.#chat) {
      this.#composer.value = text;
      this.#composer.complain("The chat is still loading. Try again in a moment.");
      return;
    }
    this.#chat.send(text);
    remember("draft", "");
    if (!matchMedia("(pointer: coarse)").matches) this.#composer.focus();
  }

  async #endChat() {
    this.#setMenu(false);
    this.#composer.focus();
    try {
      await this.#chat.end();
    } catch (error) {
      this.#composer.complain(`The chat was not ended. ${errorWords(error)}`);
    }
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.#menu.hidden) return this.close();
    this.#setMenu(false);
    this.#menuButton.focus();
  }

  #setMenu(shown) {
    if (this.#menu.hidden !== shown) return;
    this.#menu.hidden = !shown;
    this.#menuButton.setAttribute("aria-expanded", String(shown));
    if (shown) this.#end.focus();
  }

  /** On a phone the panel covers the page, so the keyboard must not wander behind it. */
  #fence() {
    const covering = this.#open && this.#phone.matches;
    this.page.inert = covering;
    this.#panel.setAttribute("aria-modal", String(covering));
  }

  #attend() {
    this.#chat?.setAttention(this.#open && document.visibilityState === "visible" && this.#log.atEnd);
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.render());
  }
}

// Storage may be forbidden, and then even looking at it throws.
function remember(key, value) {
  try {
    if (value) sessionStorage.setItem(`chat:${key}`, value);
    else sessionStorage.removeItem(`chat:${key}`);
  } catch {
    // Only the comfort of a reload is lost.
  }
}

function recall(key) {
  try {
    return sessionStorage.getItem(`chat:${key}`) ?? "";
  } catch {
    return "";
  }
}
