// Pictures of other people.

import { isOwnHost, safeImage } from "../model/text.js";
import { h } from "./dom.js";

/**
 * A picture, or a button that shows it where its host need not know yet who looks; `null` for an address that is not
 * loaded at all.
 * @param {string | undefined} address
 * @param {{ alt: string, width?: number, height?: number }} about
 */
export function picture(address, { alt, width, height }) {
  const src = safeImage(address, location.origin);
  if (!src) return null;
  const size = [width, height].every((side) => Number.isInteger(side) && side > 0) ? { width, height } : {};
  if (isOwnHost(src, location.origin)) return image(src, { alt, ...size });
  const button = h(
    "button",
    { type: "button", class: "link", onclick: () => button.replaceWith(image(src, { alt, ...size })) },
    "Show picture",
  );
  return button;
}

/** An address that is known to be good. */
export function image(src, attributes) {
  const element = h("img", { class: "picture", referrerpolicy: "no-referrer", decoding: "async", ...attributes });
  element.addEventListener("error", () =>
    element.replaceWith(h("em", { class: "quiet" }, "The picture could not be loaded")),
  );
  element.src = src;
  return element;
}
