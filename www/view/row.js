// One row of the conversation: separators, what the system says, and what people say with all that belongs to it.

import { recordWords, systemWords } from "../model/system.js";
import { cleanName, initials } from "../model/text.js";
import { dayWords, errorWords, timeWords, unknownWords } from "../model/words.js";
import { content } from "./content.js";
import { arrange, h, icon, ICONS } from "./dom.js";
import { showProgress } from "./file.js";
import { loadable } from "./picture.js";
import { isWide } from "./rich.js";

const MARKS = { queued: "Waiting…", sending: "Sending…", sent: "Sent", seen: "Seen" };
const GAPS = { open: "Load again", loading: "Loading…", failed: "Try again" };

/** The element of a row, kept for as long as the row is there, and made anew only where the row has changed. */
export class RowView {
  #signature = "";
  #body = { signature: "", element: null };

  constructor(key) {
    this.element = h("li", { "data-key": key });
  }

  /** @returns {boolean} whether anything was made anew */
  show(row, context) {
    const user = row.kind === "event" && !row.own ? context.users.get(row.author) : null;
    const { time, live, unsent, error, progress, ...rest } = row;
    const signature = JSON.stringify([rest, error?.code, user?.name, user?.avatar, user?.isBot]);
    if (progress !== undefined) showProgress(this.element, progress);
    if (signature === this.#signature) return false;
    this.#signature = signature;
    this.element.className = `row row-${row.kind}`;
    if (row.event?.id) this.element.dataset.id = row.event.id;
    arrange(this.element, this.#parts(row, user, context));
    return true;
  }

  #parts(row, user, context) {
    switch (row.kind) {
      case "separator":
        return [h("span", {}, row.again ? `New conversation · ${row.text}` : row.text)];
      case "system":
        return [
          h(
            "bdi",
            {},
            row.event.type === "system" ? (recordWords(row.event) ?? unknownWords(row.event)) : systemWords(row.event),
          ),
        ];
      case "ended":
        return [h("span", {}, "This conversation has ended. Write a message to open it again.")];
      case "gap":
        return gap(row, context);
      default:
        return this.#eventParts(row, user, context);
    }
  }

  #eventParts(row, user, context) {
    const { event, own, state, first, last, edited, waits } = row;
    const name = own ? "You" : cleanName(user?.name, "Support");
    this.element.classList.toggle("own", own);
    this.element.classList.toggle("first", first);
    this.element.classList.toggle("last", last);
    this.element.dataset.status = state;
    const time = last && h("time", { datetime: event.createdAt, "aria-hidden": "true" }, timeWords(event.createdAt));
    const words = waits ? "Waiting for connection" : MARKS[state];
    const mark = row.mark && h("span", { class: "row-mark" }, state === "queued" && icon(ICONS.clock, 14), words);
    const takeBack = waits && event.type !== "file" && discarding(event.customId, context);
    const foot = state !== "failed" && (last || mark || edited);
    return [
      !own &&
        first &&
        h(
          "p",
          { class: "row-name", "aria-hidden": "true" },
          h("bdi", {}, name),
          user?.isBot && h("span", { class: "tag" }, "automatic"),
        ),
      !own && last && avatar(user, name),
      this.#bubble(row, name, context),
      foot && h("p", { class: "row-foot" }, time, edited && h("span", {}, "Edited"), mark, takeBack),
      state === "failed" && failure(event.customId, row.error, context),
    ].filter(Boolean);
  }

  /** The bubble stays while its event does: a form in it may be half filled. */
  #bubble(row, name, context) {
    const { event, preview, latest, answered, unsent, state } = row;
    const signature = JSON.stringify([event, preview, latest, answered, unsent, state === "failed", name]);
    if (signature !== this.#body.signature) {
      const said = h(
        "span",
        { class: "visually-hidden" },
        h("bdi", {}, name),
        `, ${dayWords(event.createdAt)} ${timeWords(event.createdAt)}: `,
      );
      const element = h(
        "div",
        { class: `bubble bubble-${kindOf(event)}`, dir: "auto" },
        said,
        ...content(row, context),
      );
      this.#body = { signature, element };
    }
    return this.#body.element;
  }
}

function kindOf(event) {
  if (isWide(event)) return "wide";
  if (event.properties?.chats?.formatting === "commonmark") return "markdown";
  return ["form", "filled_form", "file"].includes(event.type) ? event.type.replace("_", "-") : "text";
}

function failure(customId, error, context) {
  return h(
    "div",
    { class: "row-foot failure" },
    h("p", {}, `Not sent. ${errorWords(error)}`),
    !FINAL.has(error?.code) &&
      h("button", { type: "button", class: "link", onclick: () => context.retry(customId) }, "Try again"),
    discarding(customId, context),
  );
}

/** To try again would not help: the file is not there, or another tab sends the message. */
const FINAL = new Set(["FILE_UNREADABLE", "TAKEN_OVER"]);

const discarding = (customId, { discard }) =>
  h("button", { type: "button", class: "link", onclick: () => discard(customId) }, "Discard");

function gap({ key, state }, { loadGap }) {
  const words = state === "failed" ? "Missing messages did not come" : "Some messages may be missing";
  // Stays where the keyboard is while it loads.
  const attributes = { type: "button", class: "link", "aria-disabled": state === "loading" && "true" };
  return [h("span", {}, words), h("button", { ...attributes, onclick: () => loadGap(key) }, GAPS[state])];
}

/** A person's picture, or their initials when there is none that may be loaded. */
export function avatar(user, name) {
  const box = h("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  const src = loadable(user?.avatar);
  if (!src) return box;
  const image = h("img", { alt: "", referrerpolicy: "no-referrer", width: 32, height: 32, decoding: "async" });
  image.addEventListener("load", () => box.replaceChildren(image), { once: true });
  image.src = src;
  return box;
}
