// The top of the window: who is there, and what else can be done.

import { cleanName } from "../model/text.js";
import { h, icon, ICONS, setText } from "./dom.js";
import { avatar } from "./row.js";

const NOBODY = "Plants, orders, second thoughts";

export class HeadView {
  onClose = () => {};
  onEnd = () => {};
  onRate = () => {};
  onTranscript = () => {};

  #faces = h("span", { class: "chat-face" });
  #who = h("p", { class: "chat-who" }, NOBODY);
  #button = h(
    "button",
    {
      type: "button",
      class: "chat-icon",
      "aria-label": "More",
      "aria-expanded": "false",
      "aria-controls": "chat-menu",
      onclick: () => this.setMenu(this.#menu.hidden),
    },
    icon(ICONS.more),
  );
  #transcript = this.#item("Send transcript", () => this.onTranscript());
  #rate = this.#item("Rate this chat", () => this.onRate());
  #end = this.#item("End chat", () => this.onEnd());
  #menu = h("div", { class: "chat-menu", id: "chat-menu", hidden: true }, this.#transcript, this.#rate, this.#end);
  #close = h(
    "button",
    { type: "button", class: "chat-icon", "aria-label": "Close chat", onclick: () => this.onClose() },
    icon(ICONS.close),
  );

  element = h(
    "header",
    { class: "chat-head" },
    this.#faces,
    h("div", { class: "chat-title" }, h("h2", { id: "chat-name" }, "Moss & Mortar"), this.#who),
    this.#button,
    this.#close,
    this.#menu,
  );

  constructor() {
    document.addEventListener("pointerdown", ({ target }) => {
      if (this.isMenuOpen && !this.#menu.contains(target) && !this.#button.contains(target)) this.setMenu(false);
    });
  }

  get isMenuOpen() {
    return !this.#menu.hidden;
  }

  setMenu(shown) {
    if (this.#menu.hidden !== shown) return;
    this.#menu.hidden = !shown;
    this.#button.setAttribute("aria-expanded", String(shown));
    if (shown) [...this.#menu.children].find((item) => !item.disabled)?.focus();
  }

  /** Closes the menu and gives the keyboard back to what opened it. */
  leaveMenu() {
    this.setMenu(false);
    this.#button.focus();
  }

  /** There will be no conversation: nothing can be done with it. */
  bare() {
    this.#button.hidden = true;
  }

  render({ users, active, connected, chatId, intake }) {
    const agents = [...users.values()].filter((user) => user.type === "agent" && user.present !== false);
    const agent = active ? agents.at(-1) : chatId === null ? intake.welcome?.predictedAgent : undefined;
    const name = agent && cleanName(agent.name, "Support");
    const face = `${name}|${agent?.avatar}`;
    if (this.#faces.dataset.face !== face) {
      this.#faces.dataset.face = face;
      this.#faces.replaceChildren(avatar(agent, name ?? "Moss Mortar"));
    }
    const does = active ? (agent?.isBot ? " answers automatically" : " is here for you") : " will answer";
    const who = name ? [h("bdi", {}, name), does] : [NOBODY];
    if (this.#who.textContent !== (name ?? NOBODY) + (name ? does : "")) this.#who.replaceChildren(...who);
    const endable = Boolean(chatId && active && connected);
    this.#end.disabled = !endable;
    setText(this.#end, endable || !chatId ? "End chat" : active ? "End chat (not connected)" : "Chat has ended");
    for (const item of [this.#rate, this.#transcript]) item.disabled = !chatId || !connected;
  }

  #item(text, work) {
    const choose = () => {
      this.setMenu(false);
      work();
    };
    return h("button", { type: "button", onclick: choose }, text);
  }
}
