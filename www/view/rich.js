// Rich messages: cards, quick replies, stickers, products. Everything in them was written by somebody else.

import { usersOf } from "../model/buttons.js";
import { objects } from "../model/shape.js";
import { cleanName, hiddenHost, namesHost, safePhone, safeUrl } from "../model/text.js";
import { h, icon, ICONS } from "./dom.js";
import { picture } from "./picture.js";
import { product } from "./product.js";
import { leadsTo, REL } from "./text.js";

const MAX_ELEMENTS = 10;
const MAX_BUTTONS = 13;
const WEBVIEW_HEIGHTS = { compact: 360, tall: 560, full: 800 };

/**
 * @param {object} row
 * @param {object} context
 * @param {string} context.customerId
 * @param {(event: object, button: object, element: object) => void} context.press
 * @param {(event: object, element: object) => object | undefined} [context.chosen] which product is chosen
 * @param {(event: object, element: object, optionId: string) => void} [context.choose]
 * @returns {Node[]} nothing when there is nothing that could be shown
 */
export function rich(row, context) {
  const { event } = row;
  const elements = objects(event.elements).slice(0, MAX_ELEMENTS);
  const template = event.template ?? event.templateId;
  if (template === "quick_replies") return elements.flatMap((element) => quickReplies(element, row, context));
  if (template === "sticker") return elements.map((element) => imageOf(element)).filter(Boolean);
  const cards = elements.map((element) => card(element, row, context)).filter(Boolean);
  return cards.length > 1 ? [carousel(cards)] : cards;
}

/** Is it an island of its own rather than words in a bubble? */
export const isWide = (event) =>
  event.type === "rich_message" && (event.template ?? event.templateId) !== "quick_replies";

function quickReplies(element, row, context) {
  const buttons = buttonsOf(element, row, context);
  return [
    imageOf(element),
    element.title && h("span", { class: "rich-title" }, String(element.title)),
    element.subtitle && h("span", { class: "rich-subtitle" }, String(element.subtitle)),
    // Once something else has been said, they answer nothing any more.
    row.latest &&
      buttons.length > 0 &&
      h("span", { class: "replies", role: "group", "aria-label": "Suggested answers" }, ...buttons),
  ].filter(Boolean);
}

function card(element, row, context) {
  const buttons = buttonsOf(element, row, context);
  const parts = [
    imageOf(element),
    element.title && h("strong", { class: "rich-title" }, String(element.title)),
    element.subtitle && h("span", { class: "rich-subtitle" }, String(element.subtitle)),
    element.ecommerce && product(element.ecommerce, choiceIn(element, row, context)),
    buttons.length > 0 && h("span", { class: "choices" }, ...buttons),
  ].filter(Boolean);
  return parts.length > 0 ? h("article", { class: "rich-card" }, ...parts) : null;
}

function carousel(cards) {
  const list = h(
    "div",
    { class: "carousel-list", role: "group", "aria-label": `${cards.length} cards`, tabindex: "0" },
    ...cards,
  );
  const step = (direction) => list.scrollBy({ left: direction * list.clientWidth * 0.8 });
  const arrow = (label, path, direction) =>
    h(
      "button",
      { type: "button", class: "carousel-step", "aria-label": label, onclick: () => step(direction) },
      icon(path, 20),
    );
  return h(
    "div",
    { class: "carousel" },
    list,
    h("div", { class: "carousel-steps" }, arrow("Previous card", ICONS.back, -1), arrow("Next card", ICONS.next, 1)),
  );
}

function imageOf({ image, title }) {
  if (!image || typeof image !== "object") return null;
  return picture(image.url, {
    alt: cleanName(image.alternativeText ?? image.name, cleanName(title, "Picture")),
    width: image.width,
    height: image.height,
  });
}

function buttonsOf(element, row, context) {
  return objects(element.buttons)
    .slice(0, MAX_BUTTONS)
    .map((button) => choice(button, element, row, context));
}

/** Nothing is to be chosen where no button would tell of it. */
function choiceIn(element, { event }, { chosen, choose }) {
  if (!choose || !objects(element.buttons).some(({ postbackId }) => postbackId)) return null;
  return { optionId: chosen(event, element)?.optionId, choose: (optionId) => choose(event, element, optionId) };
}

function choice(button, element, { event }, { customerId, press }) {
  const text = cleanName(button.text, "Choose");
  const role = ["primary", "danger"].includes(button.role) ? ` ${button.role}` : "";
  const pressed = () => press(event, button, element);
  const attributes = { class: `choice${role}`, onclick: pressed };
  const link = (href, target, host) =>
    h("a", { ...attributes, href, target, rel: REL }, h("bdi", {}, text), host && " ", host && leadsTo(host));
  const plain = (more = {}) => h("button", { ...attributes, type: "button", ...more }, text);
  const isOn = usersOf(button).includes(customerId);
  const web = ["url", "webview"].includes(button.type) ? webAddress(button.value) : null;
  switch (button.type) {
    case "url":
      return web
        ? link(web.href, button.target === "current" ? undefined : "_blank", namesHost(text) && hiddenHost(text, web))
        : plain({ disabled: true });
    case "phone": {
      const phone = safePhone(button.value);
      return phone ? link(phone) : plain({ disabled: true });
    }
    case "webview":
      return plain(web ? { onclick: () => openWebview(web.href, button, pressed) } : { disabled: true });
    case "message":
    case "cancel":
      return plain({ "data-on": isOn });
    default:
      return plain({ "aria-pressed": String(isOn), disabled: !button.postbackId });
  }
}

function openWebview(address, { webviewHeight }, after) {
  const height = Object.hasOwn(WEBVIEW_HEIGHTS, webviewHeight ?? "")
    ? WEBVIEW_HEIGHTS[webviewHeight]
    : WEBVIEW_HEIGHTS.tall;
  // A window of its own: the page's policy lets nothing foreign into the page.
  window.open(address, "_blank", `noopener,noreferrer,popup,width=480,height=${height}`);
  after();
}

function webAddress(value) {
  const url = safeUrl(value);
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
