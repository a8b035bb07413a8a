// Buttons of rich messages: pressing them, and knowing who has. No DOM.

import { object, objects } from "./shape.js";

/** Those that do something when they are pressed; all others are switched on and off. */
const ONE_WAY = new Set(["message", "url", "phone", "webview", "cancel"]);

/** Who has pressed a button. */
export const usersOf = ({ userIds }) => (Array.isArray(userIds) ? userIds : []);

const keyOf = (event, productId) => JSON.stringify([event.id, productId]);

export class Buttons {
  #api;
  #chat;
  /** By event and product: the option that the customer chose. */
  #choices = new Map();

  constructor(api, chat) {
    this.#api = api;
    this.#chat = chat;
    api.on("incoming_rich_message_postback", (change) => this.#mark(change));
  }

  /** What the customer would get of an element's product now, as postbacks say it; `undefined` where there is none. */
  chosen(event, element) {
    const { productId, options } = object(element?.ecommerce);
    if (productId === undefined) return undefined;
    const offered = objects(options).find(({ selected, available }) => selected && available !== false);
    const optionId = this.#choices.get(keyOf(event, productId)) ?? offered?.optionId;
    return { productId: String(productId), ...(optionId !== undefined && { optionId: String(optionId) }) };
  }

  choose(event, element, optionId) {
    this.#choices.set(keyOf(event, element.ecommerce.productId), optionId);
  }

  /**
   * The customer presses a button. One that says something is an answer as well; one of no known type is switched on
   * and off again.
   * @param {object} event
   * @param {{ type?: string, text?: string, value?: string, postbackId?: string, userIds?: string[] }} button
   * @param {object} [element] that it stands in: with a product, the postback names that and what was chosen of it
   */
  async press(event, button, element) {
    const { chatId, customerId, sending } = this.#chat;
    const { postbackId: id, type, value } = button;
    const place = { chatId, threadId: event.threadId, eventId: event.id };
    const ecommerce = this.chosen(event, element);
    const product = ecommerce && { ecommerce };
    if (type === "message") {
      const { threadId, id: eventId } = event;
      const postback = { id, threadId, eventId, ...(value !== undefined && { type, value }), ...product };
      sending.text(String(button.text ?? ""), id ? postback : undefined);
    }
    if (!id) return;
    const toggled = ONE_WAY.has(type) || !usersOf(button).includes(customerId);
    const mark = (isOn) => this.#mark({ ...place, userId: customerId, postback: { id, toggled: isOn } });
    mark(toggled);
    try {
      const about = type !== undefined && value !== undefined && { buttonType: type, buttonValue: value };
      await this.#api.sendRichMessagePostback({ ...place, postback: { id, toggled, ...about, ...product } });
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
