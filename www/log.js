// The list of messages. Rows are kept by key and changed in place; two lists hold them: what was said before the page
// came, and the live log that a screen reader reads out. History never enters the live one.

import { h, icon, ICONS, setText, toggle } from "./dom.js";
import { cleanName, initials, safeImage, safeUrl, sizeWords, tokens } from "./text.js";
import { dayWords, errorWords, systemWords, timeWords, unknownWords } from "./words.js";

const NEAR_END = 48;
const MARKS = { pending: "Sending…", waiting: "Waiting for connection", sent: "Sent", seen: "Seen" };

export class Log {
  /** Called when the customer wants older messages, another try, or no message at all. */
  onEarlier = () => {};
  onRetry = () => {};
  onDiscard = () => {};
  /** Called when the view came to, or left, the end of the conversation. */
  onEnd = () => {};

  #past = h("ol", { class: "rows", "aria-label": "Earlier messages" });
  #live = h("ol", { class: "rows" });
  #log = h("div", { role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": "New messages" }, this.#live);
  #earlier = h("button", { type: "button", class: "chip", onclick: () => this.onEarlier() }, "Load earlier messages");
  #start = h("p", { class: "chat-start" });
  #typing = h("div", { class: "chat-typing", hidden: true }, h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), h("span", { class: "chat-typing-name" }));
  #scroller = h("div", { class: "chat-scroller", tabindex: "0", role: "group", "aria-label": "Conversation" });
  #jump = h("button", { type: "button", class: "chat-jump", hidden: true, onclick: () => this.toEnd() }, icon(ICONS.down, 18), h("span"));
  #rows = new Map();
  #atEnd = true;
  #below = 0;
  #newest = null;

  constructor({ welcome }) {
    this.#scroller.append(h("div", { class: "chat-top" }, welcome, this.#earlier, this.#start), this.#past, this.#log, this.#typing);
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.element = h("div", { class: "chat-log" }, this.#scroller, this.#jump);
    new ResizeObserver(() => this.#atEnd && this.toEnd()).observe(this.#scroller);
  }

  get atEnd() {
    return this.#atEnd;
  }

  toEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#scrolled();
  }

  /**
   * @param {object[]} rows of `layOut`
   * @param {{ users: Map<string, object>, typing: Set<string>, history: { state: string, error: Error | null } }} chat
   */
  render(rows, chat) {
    const anchor = this.#atEnd ? null : this.#anchor();
    const firstLive = rows.findIndex((row) => row.live);
    const split = firstLive < 0 ? rows.length : firstLive;
    const keys = new Set(rows.map((row) => row.key));
    for (const [key, row] of this.#rows) {
      if (keys.has(key)) continue;
      this.#keepFocus(row.element);
      row.element.remove();
      this.#rows.delete(key);
    }
    this.#place(this.#past, rows.slice(0, split), chat);
    this.#place(this.#live, rows.slice(split), chat);
    this.#renderTop(chat, rows.length > 0);
    this.#renderTyping(chat);
    this.#countBelow(rows);

    if (this.#atEnd) this.toEnd();
    else if (anchor?.element.isConnected) this.#scroller.scrollTop += anchor.element.getBoundingClientRect().top - anchor.top;
    this.#renderJump();
  }

  /** Puts `rows` into `list` in order, touching only what is not in its place. */
  #place(list, rows, chat) {
    let next = list.firstElementChild;
    for (const row of rows) {
      const element = this.#element(row, chat);
      if (element === next) next = next.nextElementSibling;
      else list.insertBefore(element, next);
    }
  }

  #element(row, chat) {
    const user = row.kind === "event" && !row.own ? chat.users.get(row.author) : null;
    const { time, live, unsent, error, ...rest } = row;
    const signature = JSON.stringify([rest, error?.code, user?.name, user?.avatar, user?.isBot]);
    const known = this.#rows.get(row.key);
    if (known?.signature === signature) return known.element;
    const element = known?.element ?? h("li", { "data-key": row.key });
    this.#rows.set(row.key, { element, signature });
    this.#fill(element, row, user);
    return element;
  }

  #fill(element, row, user) {
    const had = element.contains(document.activeElement);
    element.className = `row row-${row.kind}`;
    if (row.kind === "separator") element.replaceChildren(h("span", {}, row.again ? `New conversation · ${row.text}` : row.text));
    else if (row.kind === "system") element.replaceChildren(h("bdi", {}, systemWords(row.event)));
    else if (row.kind === "ended") element.replaceChildren("This conversation has ended. Write a message to open it again.");
    else this.#fillEvent(element, row, user);
    if (row.event?.id) element.dataset.id = row.event.id;
    if (had && !element.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
  }

  #fillEvent(element, row, user) {
    const { event, own, state, first, last } = row;
    const name = own ? "You" : cleanName(user?.name, "Support");
    element.classList.toggle("own", own);
    element.classList.toggle("first", first);
    element.classList.toggle("last", last);
    element.dataset.status = state;
    const said = h("span", { class: "visually-hidden" }, h("bdi", {}, name), `, ${dayWords(event.createdAt)} ${timeWords(event.createdAt)}: `);
    element.replaceChildren(
      ...[
        !own && first && h("p", { class: "row-name", "aria-hidden": "true" }, h("bdi", {}, name), user?.isBot && h("span", { class: "tag" }, "automatic")),
        !own && last && avatar(user, name),
        h("div", { class: "bubble", dir: "auto" }, said, ...body(event)),
        last && state !== "failed" && h("p", { class: "row-foot" }, h("time", { datetime: event.createdAt, "aria-hidden": "true" }, timeWords(event.createdAt)), row.mark && h("span", { class: "row-mark" }, MARKS[state])),
        !last && row.mark && state !== "failed" && h("p", { class: "row-foot" }, h("span", { class: "row-mark" }, MARKS[state])),
        state === "failed" && this.#failure(event.customId, row.error),
      ].filter(Boolean),
    );
  }

  #failure(customId, error) {
    return h(
      "div",
      { class: "row-foot failure" },
      h("p", {}, `Not sent. ${errorWords(error)}`),
      h("button", { type: "button", class: "link", onclick: () => this.onRetry(customId) }, "Retry"),
      h("button", { type: "button", class: "link", onclick: () => this.onDiscard(customId) }, "Discard"),
    );
  }

  #renderTop({ history }, any) {
    toggle(this.#earlier, ["partial", "failed", "loading"].includes(history.state));
    const label = { loading: "Loading…", failed: "Try again" }[history.state] ?? "Load earlier messages";
    setText(this.#earlier, label);
    // Stays focusable while it loads, so that the keyboard does not lose its place.
    this.#earlier.setAttribute("aria-disabled", String(history.state === "loading"));
    const start = history.state === "failed" ? `Earlier messages did not come. ${errorWords(history.error)}` : "";
    setText(this.#start, start);
    toggle(this.#start, start !== "");
    this.element.classList.toggle("empty", !any);
  }

  #renderTyping({ typing, users }) {
    const [first] = typing;
    toggle(this.#typing, first !== undefined);
    if (first !== undefined) setText(this.#typing.lastChild, `${cleanName(users.get(first)?.name, "Support")} is typing`);
  }

  #renderJump() {
    toggle(this.#jump, !this.#atEnd);
    setText(this.#jump.lastChild, this.#below ? `${this.#below} new` : "Latest");
  }

  #countBelow(rows) {
    const newest = rows.findLast((row) => row.kind === "event");
    if (this.#newest !== null && newest && newest.key !== this.#newest) {
      // The customer's own message takes the view with it, wherever it was.
      if (newest.own) this.#atEnd = true;
      else if (!this.#atEnd) this.#below += 1;
    }
    this.#newest = newest?.key ?? null;
    if (this.#atEnd) this.#below = 0;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
    if (clientHeight && scrollTop < 40 && scrollHeight > clientHeight + 80 && !this.#earlier.hidden && this.#earlier.textContent.startsWith("Load e")) this.onEarlier();
    if (atEnd === this.#atEnd) return;
    this.#atEnd = atEnd;
    if (atEnd) this.#below = 0;
    this.#renderJump();
    this.onEnd();
  }

  /** The first row in view, and where it stands: what must not move when older rows come in above it. */
  #anchor() {
    const edge = this.#scroller.getBoundingClientRect().top;
    for (const list of [this.#past, this.#live]) {
      for (const element of list.children) {
        const { top, bottom } = element.getBoundingClientRect();
        if (bottom > edge) return { element, top };
      }
    }
    return null;
  }

  #keepFocus(element) {
    if (element.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
  }
}

function body(event) {
  if (event.type === "message") return tokens(String(event.text ?? "")).map(textPart);
  if (event.type === "file") return file(event);
  return [h("em", { class: "quiet" }, unknownWords(event))];
}

function textPart({ text, href, host }) {
  if (!href) return document.createTextNode(text);
  const external = /^https?:/.test(href);
  const link = h("a", { href, rel: "noopener noreferrer ugc", target: external && "_blank" }, text);
  if (!host) return link;
  const span = h("span", {}, link, " ");
  span.append(h("small", { class: "quiet" }, "(leads to ", h("bdi", {}, host), ")"));
  return span;
}

function file(event) {
  const url = safeUrl(event.url, location.origin);
  const web = url && /^https?:$/.test(url.protocol) ? url.href : null;
  const name = cleanName(event.name, "File");
  const label = h("bdi", {}, name);
  const size = sizeWords(event.size);
  const parts = [
    web ? h("a", { class: "file", href: web, rel: "noopener noreferrer ugc", target: "_blank" }, label) : h("span", { class: "file" }, label),
    size && h("small", { class: "quiet" }, ` ${size}`),
  ];
  const picture = /^image\//.test(event.contentType ?? "") && safeImage(event.thumbnail2xUrl ?? event.thumbnailUrl ?? event.url, location.origin);
  // A picture tells its host who looks at it, so it is loaded when somebody asks for it.
  if (picture) parts.push(h("button", { type: "button", class: "link", onclick: ({ target }) => show(target, picture, event.alternativeText ?? name) }, "Show picture"));
  return parts.filter(Boolean);
}

function show(button, src, alt) {
  const image = h("img", { class: "picture", alt, referrerpolicy: "no-referrer", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(h("em", { class: "quiet" }, "The picture could not be loaded")));
  image.src = src;
  button.replaceWith(image);
}

/** A person's picture, or their initials when there is none that may be loaded. */
export function avatar(user, name) {
  const box = h("span", { class: "avatar", "aria-hidden": "true" }, initials(name));
  const src = safeImage(user?.avatar, location.origin);
  if (!src) return box;
  const image = h("img", { alt: "", referrerpolicy: "no-referrer", width: 32, height: 32, decoding: "async" });
  image.addEventListener("load", () => box.replaceChildren(image), { once: true });
  image.src = src;
  return box;
}
