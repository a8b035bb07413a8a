// From the store's items to the rows on the screen: separators, groups of one author, marks. No DOM.

import { dayWords } from "./words.js";

const GROUP_GAP = 5 * 60 * 1_000_000;

/**
 * @param {import("./store.js").Item[]} items
 * @param {object} view
 * @param {string} view.customerId
 * @param {number} view.seenUpTo   microseconds; what others have seen
 * @param {boolean} view.connected
 * @param {boolean} view.ended     no thread is open
 * @param {{ key: string, at: number, state: string }[]} [view.gaps] where something may be missing
 * @param {(id: string) => object} view.thread
 * @returns {object[]} rows `{ key, kind, live, … }`, in order
 */
export function layOut(items, { customerId, seenUpTo, connected, ended, thread, gaps = [], now = Date.now() }) {
  const rows = [];
  let before = null;
  const isOwn = (item) => item.status !== "sent" || item.event.authorId === customerId || item.key.startsWith("own:");
  const confirmedOwn = items.filter((item) => item.status === "sent" && isOwn(item));
  const lastSent = confirmedOwn.at(-1)?.key;
  const lastSeen = confirmedOwn.filter((item) => item.time <= seenUpTo).at(-1)?.key;
  const filled = new Set(items.filter(({ event }) => event.type === "filled_form").map(({ event }) => event.formId));
  const open = gaps.toSorted((a, b) => a.at - b.at);
  const show = ({ key, state }) => rows.push({ key, kind: "gap", state, live: rows.at(-1)?.live ?? false });

  for (const item of items) {
    while (open.length > 0 && (item.status !== "sent" || item.time > open[0].at)) show(open.shift());
    const { event, threadId, status, live } = item;
    const day = dayWords(event.createdAt, now);
    const unsent = status !== "sent";
    if (!unsent && threadId !== before?.threadId) {
      const opened = thread(threadId)?.createdAt ?? event.createdAt;
      rows.push({
        key: `thread:${threadId}`,
        kind: "separator",
        again: before !== null,
        text: dayWords(opened, now),
        live,
      });
    } else if (before && day !== before.day && day) {
      rows.push({ key: `day:${threadId}:${day}`, kind: "separator", again: false, text: day, live });
    }
    const previous = rows.at(-1);
    const own = isOwn(item);
    if (event.type === "system_message" || event.type === "system") {
      rows.push({ key: item.key, kind: "system", event, live });
    } else {
      const author = own ? "own" : event.authorId;
      const together =
        previous?.kind === "event" &&
        previous.author === author &&
        (unsent || item.time - previous.time < GROUP_GAP || previous.unsent);
      if (together) previous.last = false;
      const state = !own ? "received" : status === "sent" && item.time <= seenUpTo ? "seen" : status;
      rows.push({
        key: item.key,
        kind: "event",
        event,
        author,
        own,
        state,
        // It can still be taken back.
        waits: status === "queued" && !connected,
        mark: own && (unsent || item.key === lastSent || item.key === lastSeen),
        error: item.error,
        edited: item.edited === true,
        preview: item.preview,
        progress: item.progress,
        answered: event.type === "form" && filled.has(event.formId),
        latest: false,
        time: item.time,
        first: !together,
        last: true,
        unsent,
        live,
      });
    }
    if (!unsent) before = { threadId, day };
  }
  for (const gap of open) show(gap);

  // Short answers are offered only while they answer what was said last.
  const final = rows.findLast((row) => row.kind === "event");
  if (final?.event.type === "rich_message" && !ended) final.latest = true;

  if (ended && rows.length && !items.some((item) => item.status !== "sent")) {
    rows.push({ key: "ended", kind: "ended", live: true });
  }
  return rows;
}
