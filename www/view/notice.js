// A line above the conversation for what happens to it: the queue, being handed over, nobody there, and what
// the browser does not keep.

import { cleanName } from "../model/text.js";
import { noticeWords } from "../model/words.js";
import { h, setText } from "./dom.js";

export class NoticeView {
  #text = h("span", { role: "status", id: "chat-notice-text" });

  element = h("div", { class: "chat-notice" }, this.#text);

  render({ routing, intake, sending, chatId, users }) {
    const ids = Array.isArray(routing.transfer?.agentIds) ? routing.transfer.agentIds : [];
    const to = ids
      .map((id) => cleanName(users.get(id)?.name))
      .filter(Boolean)
      .join(", ");
    const text = noticeWords({
      queue: routing.queue,
      transfer: routing.transfer && { to },
      isAway: chatId === null && intake.away !== "",
      isAtRisk: sending.isAtRisk,
    });
    setText(this.#text, text);
    this.element.classList.toggle("shown", text !== "");
  }
}
