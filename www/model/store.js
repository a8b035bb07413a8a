// What the conversation holds: one ordered list in which every event is once, however often and by whichever way it
// comes. No DOM, no network: the server's events and the customer's own unsent messages go in, `items()` comes out.
//
// Order: threads by the time they opened; inside a thread by (createdAt, number at the end of the id, id); what the
// server has not confirmed comes last, in the order it was sent.

const LAST = Number.MAX_SAFE_INTEGER;

/** Microseconds since 1970 of an RFC 3339 time; unreadable ones sort last. */
export function micros(time) {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/i.exec(time ?? "");
  if (!parts) return LAST;
  const milliseconds = Date.parse(parts[1] + parts[3]);
  if (Number.isNaN(milliseconds)) return LAST;
  return milliseconds * 1000 + Number((parts[2] ?? "").padEnd(6, "0").slice(0, 6));
}

/** The number at the end of an event id such as `K600PKZON8_12`: ids count upwards inside a thread. */
function idNumber(id) {
  const number = /_(\d+)$/.exec(id);
  return number ? Number(number[1]) : 0;
}

const compareText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * One row of the conversation.
 * @typedef {object} Item
 * @property {string} key       stays the same from "queued" to "sent", so that a view can keep its element
 * @property {object} event     the server's event, or what will become one
 * @property {string} threadId  empty until the server has said it
 * @property {"queued"|"sending"|"failed"|"sent"} status  events of others are always "sent"
 * @property {boolean} live     happened while the page watched, as opposed to fetched history
 * @property {boolean} [edited] its text was changed after it was said
 * @property {Error} [error]    why it failed
 * @property {string} [preview] address of an own picture that is on this device
 * @property {number} [progress] of an upload, from 0 to 1
 */

export class Store {
  #byId = new Map();
  #byCustomId = new Map();
  #threads = new Map();
  #deleted = new Set();
  #unsent = [];
  #items = null;
  #listeners = new Set();

  /** Calls `listener` after each change. Returns a function that stops that. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Everything, in order. The array belongs to the store: read it, do not change it. */
  items() {
    return (this.#items ??= this.#sorted());
  }

  /** The number of confirmed events. */
  get size() {
    return this.#byId.size;
  }

  thread(id) {
    return this.#threads.get(id);
  }

  /** Is there an own message of this id, sent or not? */
  has(customId) {
    return this.#byCustomId.has(customId);
  }

  /** The confirmed event of an id. */
  event(id) {
    return this.#byId.get(id)?.event;
  }

  /** Learns about a thread, without its events. What is left out stays as it was. */
  addThread({ id, createdAt, active }) {
    const known = this.#threads.get(id) ?? { id, time: null, createdAt: null, active: null };
    const next = { ...known };
    if (createdAt) Object.assign(next, { createdAt, time: micros(createdAt) });
    if (typeof active === "boolean") next.active = active;
    if (next.time === known.time && next.active === known.active && this.#threads.has(id)) return;
    this.#threads.set(id, next);
    this.#changed();
  }

  /**
   * Adds an event, or replaces the one with its id. An own message that waits under the same `customId` is confirmed.
   * `customerId` guards that: somebody else's event never takes the place of an own message.
   */
  upsert(event, { threadId = event.threadId ?? "", live = false, customerId } = {}) {
    if (!event?.id || this.#deleted.has(event.id)) return;
    const known = this.#byId.get(event.id);
    if (known) {
      const edited = known.edited || (event.text !== undefined && event.text !== known.event.text);
      Object.assign(known, place(event, threadId || known.threadId), { edited });
      this.#changed();
      return;
    }
    const own = this.#byCustomId.get(event.customId);
    if (own && own.status !== "sent" && (customerId === undefined || event.authorId === customerId)) {
      this.confirm(event.customId, event, threadId);
      return;
    }
    this.#byId.set(event.id, { key: event.id, status: "sent", live, ...place(event, threadId) });
    this.#changed();
  }

  /** An own event that the server does not have yet: a message, unless `content` says something else. */
  addPending({ customId, authorId = "", createdAt = new Date().toISOString(), preview, ...content }) {
    const event = { id: "", type: "message", ...content, customId, authorId, createdAt };
    const item = {
      key: `own:${customId}`,
      event,
      threadId: "",
      status: "queued",
      live: true,
      time: 0,
      number: 0,
      preview,
    };
    this.#byCustomId.set(customId, item);
    this.#unsent.push(item);
    this.#changed();
    return item;
  }

  /** An own message waits, or is under way (again). A confirmed one stays confirmed. */
  mark(customId, status) {
    const item = this.#byCustomId.get(customId);
    if (!item || item.status === status || item.status === "sent") return;
    delete item.error;
    item.status = status;
    this.#changed();
  }

  /** How much of a file is up, from 0 to 1. */
  progress(customId, progress) {
    const item = this.#byCustomId.get(customId);
    if (!item || ["sent", "failed"].includes(item.status) || item.progress === progress) return;
    item.progress = progress;
    this.#changed();
  }

  /** The server has the message: its event takes the place of the unsent one, under the same key. */
  confirm(customId, event, threadId = event.threadId ?? "") {
    const item = this.#byCustomId.get(customId);
    if (!item || (item.status === "sent" && item.event.id !== event.id)) {
      this.upsert(event, { threadId, live: true });
      return;
    }
    // The event may have come by another way before the send was answered; it is shown once.
    this.#byId.set(event.id, Object.assign(item, place(event, threadId || item.threadId), { status: "sent" }));
    delete item.error;
    delete item.progress;
    this.#unsent = this.#unsent.filter((other) => other !== item);
    this.#changed();
  }

  /** The message was refused. A confirmed one stays confirmed: the server's word about having it counts. */
  fail(customId, error) {
    const item = this.#byCustomId.get(customId);
    if (!item || item.status === "sent") return;
    Object.assign(item, { status: "failed", error });
    this.#changed();
  }

  /** Forgets a message that failed, or was taken back while it was on its way. */
  discard(customId) {
    const item = this.#byCustomId.get(customId);
    if (!item || item.status === "sent") return;
    this.#byCustomId.delete(customId);
    this.#unsent = this.#unsent.filter((other) => other !== item);
    this.#changed();
  }

  /** The server deleted an event. It does not come back with an old page of history. */
  remove(eventId) {
    this.#deleted.add(eventId);
    if (this.#byId.delete(eventId)) this.#changed();
  }

  /** Forgets everything. */
  clear() {
    for (const kept of [this.#byId, this.#byCustomId, this.#threads, this.#deleted]) kept.clear();
    this.#unsent = [];
    this.#changed();
  }

  #sorted() {
    const confirmed = [...this.#byId.values()];
    // A thread whose opening nobody told us counts from its first event.
    const opened = new Map();
    for (const { threadId, time } of confirmed) {
      const known = this.#threads.get(threadId)?.time;
      opened.set(threadId, known ?? Math.min(time, opened.get(threadId) ?? LAST));
    }
    confirmed.sort(
      (a, b) =>
        (a.threadId === b.threadId
          ? 0
          : opened.get(a.threadId) - opened.get(b.threadId) || compareText(a.threadId, b.threadId)) ||
        a.time - b.time ||
        a.number - b.number ||
        compareText(a.event.id, b.event.id),
    );
    return confirmed.concat(this.#unsent);
  }

  #changed() {
    this.#items = null;
    for (const listener of this.#listeners) listener();
  }
}

function place(event, threadId) {
  return { event, threadId, time: micros(event.createdAt), number: idNumber(event.id) };
}
