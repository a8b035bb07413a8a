// A product with its options. One of them can be chosen where a button says what comes of it.

import { objects } from "../model/shape.js";
import { priceWords } from "../model/system.js";
import { cleanName } from "../model/text.js";
import { h } from "./dom.js";
import { image, loadable } from "./picture.js";

const MAX_OPTIONS = 50;
let products = 0;

/**
 * @param {object} ecommerce
 * @param {{ optionId?: string, choose: (optionId: string) => void } | null} choice  what is chosen, and a way to change it
 */
export function product(ecommerce, choice) {
  const label = cleanName(ecommerce.label);
  const options = objects(ecommerce.options).slice(0, MAX_OPTIONS);
  const group = `product-${(products += 1)}`;
  const items = options.map((option) => {
    const isOut = option.available === false;
    const cost = h("span", { class: "cost" }, ...price(option), isOut && h("small", {}, " sold out"));
    const about = [swatch(option), thumbnail(option), h("bdi", {}, cleanName(option.label, "Option")), cost];
    return h("li", { class: isOut && "sold-out" }, ...(choice ? [radio(option, group, choice, about)] : about));
  });
  return h(
    choice ? "fieldset" : "div",
    { class: "product" },
    label && h(choice ? "legend" : "span", { class: "quiet" }, label),
    items.length > 0 && h("ul", {}, ...items),
    ...objects(ecommerce.addons).map(range),
  );
}

function radio({ optionId, available }, name, { optionId: chosen, choose }, about) {
  const control = h("input", {
    type: "radio",
    name,
    disabled: available === false || optionId === undefined,
    checked: optionId !== undefined && String(optionId) === chosen,
    onchange: () => choose(optionId),
  });
  return h("label", {}, control, ...about);
}

function swatch({ color }) {
  if (typeof color !== "string") return null;
  const dot = h("i", { class: "swatch", "aria-hidden": "true" });
  dot.style.backgroundColor = color;
  return dot;
}

function thumbnail({ imageThumbnailUrl, imageUrl }) {
  const src = loadable(imageThumbnailUrl ?? imageUrl);
  // There is no place here for a link.
  return src && image(src, { alt: "", width: 32, height: 32 });
}

function price({ price: now, regularPrice, currency }) {
  const hasOffer = regularPrice !== undefined && regularPrice !== now;
  return [
    now !== undefined && h("b", {}, ` ${priceWords(now, currency)}`),
    hasOffer && h("s", {}, ` ${priceWords(regularPrice, currency)}`),
  ];
}

function range({ rangeFrom, rangeTo, currency }) {
  const ends = [rangeFrom, rangeTo].filter((end) => Number.isFinite(end)).map((end) => priceWords(end, currency));
  return ends.length > 0 && h("p", { class: "quiet" }, ends.join(" – "));
}
