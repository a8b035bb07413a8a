// A file in the conversation: a picture with its thumbnail, anything else with its name and size.

import { cleanName, isOwnHost, safeUrl, sizeWords } from "../model/text.js";
import { h, icon, ICONS } from "./dom.js";
import { image, loadable, picture } from "./picture.js";
import { leadsTo, REL } from "./text.js";

/** @param {object} row  @param {{ discard: (customId: string) => void }} actions */
export function file(row, { discard }) {
  const { event, preview, unsent, state } = row;
  const url = safeUrl(event.url, location.origin);
  const web = url && /^https?:$/.test(url.protocol) ? url.href : null;
  const name = cleanName(event.name, "File");
  const label = h("bdi", {}, name);
  const size = sizeWords(event.size);
  const shown = thumbnail(event, preview, cleanName(event.alternativeText, name), web);
  const host = web && !isOwnHost(web, location.origin) && url.host;
  const title = web
    ? h("a", { class: "file", href: web, rel: REL, target: "_blank" }, label)
    : h("span", { class: "file" }, label);
  return [
    shown?.localName === "img" && web
      ? h("a", { class: "picture-link", href: web, rel: REL, target: "_blank", tabindex: "-1" }, shown)
      : shown,
    h(
      "span",
      { class: "file-line" },
      !shown && icon(ICONS.file, 20),
      h("span", {}, title, size && h("small", { class: "quiet" }, ` ${size}`), host && leadsTo(host)),
    ),
    unsent && state !== "failed" && upload(event.customId, row.progress, name, discard),
  ].filter(Boolean);
}

function thumbnail(event, preview, alt, web) {
  if (preview) return image(preview, { alt });
  const address = event.thumbnail2xUrl ?? event.thumbnailUrl ?? event.thumbnails?.high?.url ?? event.url;
  // The file's name is a link already where the picture would only be another.
  return /^image\//.test(event.contentType ?? "") && (loadable(address) || !web)
    ? picture(address, { alt, width: event.width, height: event.height })
    : null;
}

function upload(customId, progress, name, discard) {
  return h(
    "span",
    { class: "upload" },
    h("progress", { max: 1, value: progress ?? 0, "aria-label": `Uploading ${name}` }),
    h(
      "button",
      { type: "button", class: "link", "aria-label": `Cancel the upload of ${name}`, onclick: () => discard(customId) },
      "Cancel",
    ),
  );
}

/** Moves the bar without making the row anew: its button keeps the focus. */
export function showProgress(element, progress) {
  const bar = element.querySelector(".upload progress");
  if (bar) bar.value = progress ?? 0;
}
