// The listeners of one instance. They are the layer's own: an application adds them before the core is there, and may
// listen to everything with "*".

import { wrong } from "./errors.js";

export const createEmitter = () => {
  let listeners = [];
  let isFinished = false;

  const add = (once) => (event, listener) => {
    if (typeof event !== "string") throw wrong("event", "the name of an event");
    if (typeof listener !== "function") throw wrong("listener", "a function");
    if (!isFinished) listeners = [...listeners, { event, listener, once }];
  };

  const off = (event, listener) => {
    // As with `on`: what was added twice is removed twice.
    const first = listeners.find((one) => one.event === event && one.listener === listener);
    listeners = listeners.filter((one) => Boolean(event) && (listener ? one !== first : one.event !== event));
  };

  const deliver = (name, ...payload) => {
    // A copy of the list: who is added or removed by a listener counts from the next event.
    const due = listeners.filter((one) => one.event === name);
    if (due.length === 0) return;
    if (due.some((one) => one.once)) listeners = listeners.filter((one) => !(one.once && one.event === name));
    for (const { listener } of due) {
      if (isFinished) return;
      try {
        listener(...payload);
      } catch (error) {
        // One that throws stops nobody else.
        reportError(error);
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
      listeners = [];
    },
  };
};
