// Buttons of rich messages: pressing them, and knowing who has. No DOM.

/** Those that do something when they are pressed; all others are switched on and off. */
const ONE_WAY = new Set(["message", "url", "phone", "webview", "cancel"]);

/** Who has pressed a button. */
export const usersOf = ({ userIds }) => (Array.isArray(userIds) ? userIds : []);

export class Buttons {
  #api;
  #chat;

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
    api.on("incoming_rich_message_postback", (change) => this.#mark(change));
  }

  /**
   * The customer presses a button. One that says something is an answer as well; one of no known type is switched on
   * and off again.
   * @param {object} event
   * @param {{ type?: string, text?: string, value?: string, postbackId?: string, userIds?: string[] }} button
   */
  async press(event, button) {
    const { chatId, customerId, sending } = this.#chat;
    const { postbackId: id, type, value } = button;
    const place = { chatId, threadId: event.threadId, eventId: event.id };
    if (type === "message") {
      const postback = { id, threadId: event.threadId, eventId: event.id, ...(value !== undefined && { type, value }) };
      sending.text(String(button.text ?? ""), id ? postback : undefined);
    }
    if (!id) return;
    const toggled = ONE_WAY.has(type) || !usersOf(button).includes(customerId);
    const mark = (isOn) => this.#mark({ ...place, userId: customerId, postback: { id, toggled: isOn } });
    mark(toggled);
    try {
      await this.#api.sendRichMessagePostback({ ...place, postback: { id, toggled } });
    } catch (error) {
      mark(!toggled);
      throw error;
    }
  }

  #mark({ chatId, eventId, userId, postback }) {
    const { store } = this.#chat;
    const event = chatId === this.#chat.chatId && store.event(eventId);
    if (!event || !postback || !Array.isArray(event.elements)) return;
    const marked = (button) => {
      if (!button || button.postbackId !== postback.id) return button;
      const others = usersOf(button).filter((id) => id !== userId);
      return { ...button, userIds: postback.toggled ? [...others, userId] : others };
    };
    const elements = event.elements.map((element) =>
      Array.isArray(element?.buttons) ? { ...element, buttons: element.buttons.map(marked) } : element,
    );
    store.upsert({ ...event, elements }, { customerId: this.#chat.customerId });
  }
}
