// The chat window: the button in the corner, the panel it opens, and what goes on between them.

import { layOut } from "../model/rows.js";
import { errorWords, isShutOut } from "../model/words.js";
import { Asking } from "./asking.js";
import { Composer } from "./composer.js";
import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { dropZone } from "./drop.js";
import { GreetingView } from "./greeting.js";
import { HeadView } from "./head.js";
import { LineView } from "./line.js";
import { Log } from "./log.js";
import { NoticeView } from "./notice.js";
import { recall, remember } from "./memory.js";
import { WelcomeView } from "./welcome.js";

export class Widget {
  #chat = null;
  #open = false;
  #title = document.title;
  #scheduled = false;
  #phone = matchMedia("(max-width: 520px)");

  #badge = h("span", { class: "chat-badge", "aria-hidden": "true", hidden: true });
  #launcher = h(
    "button",
    { type: "button", class: "chat-launcher", "aria-expanded": "false", "aria-controls": "chat-panel" },
    icon(ICONS.chat, 28),
    h("span", { class: "chat-launcher-text" }, "Chat"),
    this.#badge,
  );
  #news = h("p", { class: "visually-hidden", role: "status", id: "chat-news" });
  #teaser = new GreetingView({ teaser: true });
  #head = new HeadView();
  #line = new LineView();
  #notice = new NoticeView();
  #welcome = new WelcomeView();
  #greeting = new GreetingView({ teaser: false });
  #log = new Log({ welcome: this.#welcome.element, below: this.#greeting.element });
  #asking = new Asking();
  #composer = new Composer();
  #panel = h(
    "section",
    {
      class: "chat-panel",
      id: "chat-panel",
      role: "dialog",
      "aria-labelledby": "chat-name",
      tabindex: "-1",
      hidden: true,
    },
    this.#head.element,
    this.#line.element,
    this.#notice.element,
    this.#log.element,
    this.#asking.element,
    this.#composer.element,
  );

  /** @param {HTMLElement} root  @param {HTMLElement} page  what lies behind the panel on a phone */
  constructor(root, page) {
    this.page = page;
    root.append(this.#news, this.#teaser.element, this.#panel, this.#launcher);
    this.#launcher.addEventListener("click", () => (this.#open ? this.close() : this.open()));
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
    this.#listen();
    dropZone(this.#panel, (files) => this.#composer.addFiles(files));
    document.addEventListener("visibilitychange", () => this.#attend());
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#schedule());
    this.#phone.addEventListener("change", () => this.#fence());

    this.#composer.value = recall("draft");
    this.render();
    if (recall("open")) this.open({ focus: false });
  }

  #listen() {
    this.#head.onClose = () => this.close();
    this.#head.onEnd = () => this.#endChat();
    this.#head.onRate = () => this.#chat.closing.open();
    this.#head.onTranscript = () => this.#asking.askForAddress();
    this.#line.onAction = () => this.#chat?.connect();
    this.#line.onGone = () => this.#composer.focus();
    this.#log.onEarlier = () => this.#chat?.loadEarlier();
    this.#log.onEnd = () => this.#attend();
    this.#welcome.onQuestion = (text) => this.#send(text);
    this.#asking.onBegin = (fields) => this.#begin(fields);
    this.#asking.onClose = () => this.#composer.focus();
    this.#composer.onSend = (text) => this.#send(text);
    this.#composer.onFile = ({ file, ...about }) => this.#chat?.sending.file(file, about);
    this.#composer.onInput = (text) => {
      this.#chat?.sneakPeek(text);
      remember("draft", text);
    };
    for (const greeting of [this.#teaser, this.#greeting]) {
      greeting.onCancel = () => this.#chat.greetings.cancel();
      greeting.onPress = (button) => this.#chat.greetings.press(button);
      greeting.onReply = (text) => {
        this.open();
        if (text) this.#send(text);
      };
    }
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
        h(
          "p",
          {},
          "Write to us instead: ",
          h("a", { href: "mailto:hello@mossandmortar.example" }, "hello@mossandmortar.example"),
        ),
      ),
    );
    this.#composer.element.hidden = true;
    this.#line.element.hidden = true;
    this.#welcome.hideQuestions();
    this.#head.bare();
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
    else this.#focus();
  }

  close() {
    this.#head.setMenu(false);
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
    if (!chat) return;
    this.#teaser.render(this.#open || chat.chatId ? null : chat.greetings.current);
    if (!this.#open) return;
    if (chat.history.state === "new" && chat.chatId && chat.connected) void chat.loadEarlier();
    if (chat.loggedIn && chat.chatId === null) {
      chat.intake.prepare();
      // It stands before somebody's eyes.
      if (document.visibilityState === "visible") chat.greetings.accept();
    }
    this.#line.render(chat.line);
    this.#notice.render(chat);
    this.#head.render(chat);
    const isBlocked = isShutOut(chat.line);
    const rows = layOut(chat.store.items(), {
      customerId: chat.customerId,
      seenUpTo: chat.seen.byOthers,
      connected: chat.connected,
      ended: chat.active === false && !isBlocked,
      thread: (id) => chat.store.thread(id),
      gaps: chat.gaps.list,
    });
    this.#greeting.render(chat.chatId ? null : chat.greetings.current);
    this.#log.render(rows, chat, this.#context(chat));
    const known = chat.chatId ? ["complete", "partial"].includes(chat.history.state) : chat.line.wasConnected;
    this.#welcome.render({
      welcome: chat.chatId ? null : chat.intake.welcome,
      isEmpty: known && rows.length === 0 && !chat.intake.form,
    });
    this.#asking.render(chat, isBlocked);
    this.#composer.block(isBlocked);
    this.#makeRoom();
  }

  #context({ users, customerId, buttons, sending, gaps }) {
    return {
      users,
      customerId,
      press: (...pressed) => buttons.press(...pressed).catch((error) => this.#composer.complain(errorWords(error))),
      chosen: (...place) => buttons.chosen(...place),
      choose: (...choice) => buttons.choose(...choice),
      answer: ({ formId, formType }, fields) => sending.form({ formId, formType, fields }),
      retry: (customId) => sending.retry(customId),
      discard: (customId) => sending.discard(customId).catch((error) => this.#composer.complain(errorWords(error))),
      loadGap: (key) => gaps.load(key),
    };
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

  #send(text) {
    if (!this.#chat) {
      this.#composer.value = text;
      this.#composer.complain("The chat is still loading. Try again in a moment.");
      return;
    }
    this.#chat.sending.text(text);
    remember("draft", "");
    if (!matchMedia("(pointer: coarse)").matches) this.#focus();
  }

  /** The form that opens the chat has been filled; without a first message the chat is opened all the same. */
  #begin(fields) {
    this.#chat.intake.fill(fields);
    this.#chat.ready().catch((error) => this.#composer.complain(`The chat was not opened. ${errorWords(error)}`));
    this.render();
    this.#focus();
  }

  async #endChat() {
    this.#focus();
    try {
      await this.#chat.end();
    } catch (error) {
      this.#composer.complain(`The chat was not ended. ${errorWords(error)}`);
    }
  }

  /** The text field goes while something must be answered first, and the keyboard with it. */
  #makeRoom() {
    const hadFocus = this.#composer.element.contains(document.activeElement);
    toggle(this.#composer.element, !this.#asking.isFirst);
    if (this.#asking.isFirst && hadFocus) this.#asking.focus();
  }

  #focus() {
    if (this.#asking.isFirst) this.#asking.focus();
    else this.#composer.focus();
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.#head.isMenuOpen) return this.#head.leaveMenu();
    if (this.#asking.isInUse) return this.#asking.close();
    this.close();
  }

  /** On a phone the panel covers the page, so the keyboard must not wander behind it. */
  #fence() {
    const covering = this.#open && this.#phone.matches;
    this.page.inert = covering;
    this.#panel.setAttribute("aria-modal", String(covering));
  }

  #attend() {
    this.#chat?.seen.setAttention(this.#open && document.visibilityState === "visible" && this.#log.atEnd);
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.render());
  }
}
