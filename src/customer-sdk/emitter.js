// The listeners of one instance. They are the layer's own: an application adds them before the core is there, and may
// listen to everything with "*".

import { report } from "../api/report.js";
import { wrong } from "./errors.js";

export const createEmitter = () => {
  // By name. A list is never changed, only replaced: who is added or removed by a listener counts from the next event.
  const lists = new Map();
  let isFinished = false;

  const add = (once) => (event, listener) => {
    if (typeof event !== "string") throw wrong("event", "the name of an event", event);
    if (typeof listener !== "function") throw wrong("listener", "a function", listener);
    if (!isFinished) lists.set(event, [...(lists.get(event) ?? []), { listener, once }]);
  };

  const keep = (event, isKept) => {
    const kept = lists.get(event)?.filter(isKept);
    if (kept?.length) lists.set(event, kept);
    else lists.delete(event);
  };

  const off = (event, listener) => {
    if (!event) return lists.clear();
    // As with `on`: what was added twice is removed twice.
    const first = listener && lists.get(event)?.find((one) => one.listener === listener);
    keep(event, (one) => listener && one !== first);
  };

  const deliver = (name, ...told) => {
    const due = lists.get(name);
    if (!due) return;
    if (due.some(isOnce)) keep(name, isNotOnce);
    for (const { listener } of due) {
      if (isFinished) return;
      try {
        listener(...told);
      } catch (error) {
        // One that throws stops nobody else.
        report(error);
      }
    }
  };

  return {
    on: add(false),
    once: add(true),
    off,
    emit: (event, payload) => {
      deliver(event, payload);
      deliver("*", event, payload);
    },
    /** Nobody is told anything any more. */
    finish: () => {
      isFinished = true;
      lists.clear();
    },
  };
};

const isOnce = ({ once }) => once;
const isNotOnce = ({ once }) => !once;
