// Who waits for an answer of the core. Outside of it, so that a core that breaks leaves no promise unsettled.

export class Calls {
  #waiting = new Map();
  #last = 0;

  /** Notes who waits; returns the number that the core knows the call by. */
  add(resolve, reject) {
    this.#last = (this.#last + 1) >>> 0;
    this.#waiting.set(this.#last, { resolve, reject });
    return this.#last;
  }

  /** The core's answer. */
  settle(call, isDone, value) {
    const waiting = this.#waiting.get(call);
    this.#waiting.delete(call);
    waiting?.[isDone ? "resolve" : "reject"](value);
  }

  /** Nobody will answer any more. Each call gets an error of its own. */
  abandon(makeError) {
    for (const { reject } of this.#waiting.values()) reject(makeError());
    this.#waiting.clear();
  }
}
