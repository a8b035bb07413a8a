// What a page was told and what it sent, beside what the server has. The server's history is the truth.

/** The messages of the server's only chat, in order: `id`, `text`, `isOwn`, and the id of their `thread`. */
export function historyOf(state) {
  const [chat] = Object.values(state.chats);
  return (chat?.threads ?? []).flatMap((thread) =>
    thread.events
      .filter((event) => event.type === "message")
      .map(({ id, text, author_id }) => ({ id, text, isOwn: author_id === chat.customer_id, thread: thread.id })),
  );
}

/** How many of these places come after a later one: 0 when they only rise. */
function inversions(places) {
  let highest = -1;
  let count = 0;
  for (const place of places) {
    if (place < highest) count += 1;
    highest = Math.max(highest, place);
  }
  return count;
}

/**
 * Counts, in both directions together unless it says otherwise:
 *
 * * `lost`: an agent's that the application was never told of; an own one that the server has not, and nobody said so
 * * `doubled`: told twice; on the server twice
 * * `misordered`: told, or arrived, after one that follows it
 * * `failed`: own, whose promise was rejected, and the server has it not: the application may send it again
 * * `untrue`: own, whose promise was rejected though the server has it: sent again, it is there twice
 * * `unsettled`: own, whose promise tells nothing
 * * `invented`: told, but the server has it not
 * * `stale`: shown with another text than the server's, or though it was deleted
 */
export function judge(history, { told, changes, sends }) {
  const place = new Map(history.map(({ id }, index) => [id, index]));
  const copies = new Map();
  for (const { id, text, isOwn } of history) {
    const original = text.replace(EDITED, "");
    if (isOwn) copies.set(original, [...(copies.get(original) ?? []), id]);
  }
  const known = new Set(told.map(({ id }) => id));
  const foreign = told.filter(({ id }) => place.has(id) && !history[place.get(id)].isOwn);
  const deleted = new Set(changes.filter(([kind]) => kind === "deleted").map(([, id]) => id));
  const arrived = (send) => copies.get(send.text)?.length ?? 0;
  const count = (list, test) => list.filter(test).length;

  const shown = new Map([...told, ...sends].map(({ id, text, shown = text }) => [id, shown]));
  for (const [kind, id, text] of changes) if (kind === "edited" && shown.has(id)) shown.set(id, text);

  return {
    lost:
      count(history, ({ id, isOwn }) => !isOwn && !known.has(id)) +
      count(sends, (send) => arrived(send) === 0 && send.outcome !== "failed"),
    doubled: told.length - known.size + sends.reduce((sum, send) => sum + Math.max(arrived(send) - 1, 0), 0),
    misordered:
      inversions(foreign.map(({ id }) => place.get(id))) +
      inversions(sends.filter((send) => arrived(send) > 0).map((send) => place.get(copies.get(send.text)[0]))),
    failed: count(sends, (send) => send.outcome === "failed" && arrived(send) === 0),
    untrue: count(sends, (send) => send.outcome === "failed" && arrived(send) > 0),
    unsettled: count(sends, (send) => send.outcome === "pending"),
    invented: count(told, ({ id }) => !place.has(id) && !deleted.has(id)),
    stale: count(history, ({ id, text }) => shown.has(id) && (shown.get(id) !== text || deleted.has(id))),
  };
}

/** What an agent's edit adds to a text; the text before it names the message. */
export const EDITED = / \(edited\)$/;

/** The verdict that says nothing against anybody. */
export const CLEAN = Object.freeze(judge([], { told: [], changes: [], sends: [] }));

export const isClean = (verdict) => Object.values(verdict).every((count) => count === 0);

/** Verdicts added up. */
export const sum = (verdicts) =>
  verdicts.reduce((total, verdict) => {
    for (const [name, count] of Object.entries(verdict)) total[name] = (total[name] ?? 0) + count;
    return total;
  }, {});
