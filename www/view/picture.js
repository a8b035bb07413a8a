// Pictures of other people.

import { isOwnHost, pictureHosts, safeImage } from "../model/text.js";
import { h } from "./dom.js";
import { leadsTo, REL } from "./text.js";

// The page's policy says whose pictures may be loaded, so nothing is tried that it would refuse.
const HOSTS = pictureHosts(document.querySelector("meta[http-equiv='Content-Security-Policy' i]")?.content ?? "");

/**
 * The address of a picture that may be loaded without being asked for, or `null`.
 * @param {string | undefined} address
 */
export function loadable(address) {
  const src = safeImage(address, location.origin);
  return src && isOwnHost(src, location.origin, HOSTS) ? src : null;
}

/**
 * A picture, or a link to it where its host need not know who looks; `null` for an address that is not safe at all.
 * @param {string | undefined} address
 * @param {{ alt: string, width?: number, height?: number }} about
 */
export function picture(address, { alt, width, height }) {
  const src = safeImage(address, location.origin);
  if (!src) return null;
  const size = [width, height].every((side) => Number.isInteger(side) && side > 0) ? { width, height } : {};
  if (loadable(address)) return image(src, { alt, ...size });
  const link = h("a", { href: src, rel: REL, target: "_blank" }, "Open picture");
  return h("span", {}, link, " ", leadsTo(new URL(src).host));
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
