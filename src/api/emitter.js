// Who listens to what. It stands outside of the core: a core that broke is replaced, its listeners stay.

import { nearest } from "../json/check.js";
import { text_of } from "../json/host.js";
import { wrong } from "./error.js";
import { report } from "./report.js";

const numbers = new Map();
// What the shell must know, whoever listens.
let stateNumber;
let statusNumber;
/** Hands over an event that there is, by its number in the table of names. */
export const install = (number) => {
  const event = text_of(number);
  numbers.set(event, number);
  if (event === "state") stateNumber = number;
  if (event === "message_status") statusNumber = number;
};

const numberOf = (event) => {
  const number = numbers.get(event);
  if (number !== undefined) return number;
  const near = typeof event === "string" && nearest(event, [...numbers.keys()]);
  throw wrong("event", `the name of an event${near ? `: did you mean "${near}"?` : ', such as "new_event"'}`, event);
};

const MOST_SENT = 500;

export class Emitter {
  // By the event's number. A list is never changed, only replaced: who is added or removed by a listener counts from
  // the next event.
  #lists = [];
  #isFinished = false;
  #unwinding;
  // The ids of events that were sent and are known to have arrived; and those that are no news.
  #sent = new Set();
  #known;
  /** The newest event of each chat as it was told: where a new core takes up again. */
  last = new Map();
  /** The public state as it was told or wished for last. */
  state = "idle";

  /** `unwinding()` says what to call after listeners have run: it throws if the core that told them has died of it. */
  constructor(unwinding = () => () => {}) {
    this.#unwinding = unwinding;
  }

  /** Adds a listener; returns what removes it. */
  on(event, listener, once) {
    const number = numberOf(event);
    if (typeof listener !== "function") throw wrong("listener", "a function", listener);
    const entry = { listener, once };
    if (!this.#isFinished) this.#lists[number] = [...(this.#lists[number] ?? []), entry];
    return () => this.#keep(number, (known) => known !== entry);
  }

  /** Removes listeners: one, all of an event, or all. */
  off(event, listener) {
    const isKept = (known) => listener !== undefined && known.listener !== listener;
    if (event === undefined) this.#lists.forEach((_, number) => this.#keep(number, isKept));
    else this.#keep(numberOf(event), isKept);
  }

  /** Removes all listeners for good. */
  finish() {
    this.#isFinished = true;
    this.#lists = [];
    this.last.clear();
  }

  /** From here on another core tells. It does not know what the one before it has sent, and takes it for news. */
  adopt() {
    this.#known = this.#sent;
  }

  /** Tells an event by its name. */
  emit(event, payload) {
    this.#tell(numbers.get(event), payload);
  }

  // What the core calls.

  wanted(number) {
    return this.#lists[number] !== undefined || number === stateNumber || number === statusNumber;
  }

  deliver(number, payload) {
    const unwind = this.#unwinding();
    this.#tell(number, payload);
    unwind();
  }

  /** An event of the conversation, which comes with most frames: in one crossing, under both its names. */
  event(incoming, news, chat, body) {
    if (this.#known?.has(body.id)) return;
    const unwind = this.#unwinding();
    this.last.set(chat, body);
    const thread = body.threadId;
    if (this.#lists[incoming]) this.#tell(incoming, { chatId: chat, threadId: thread, event: body });
    if (this.#lists[news]) this.#tell(news, { ...body, chat, thread });
    unwind();
  }

  #remember(id) {
    if (this.#sent.size > MOST_SENT) this.#sent.delete(this.#sent.values().next().value);
    this.#sent.add(id);
  }

  #keep(number, isKept) {
    const kept = this.#lists[number]?.filter(isKept);
    this.#lists[number] = kept?.length ? kept : undefined;
  }

  #tell(number, payload) {
    if (number === stateNumber) this.state = payload.state;
    if (number === statusNumber && payload.event?.id) {
      if (this.#known?.has(payload.event.id)) return;
      this.#remember(payload.event.id);
    }
    const due = this.#lists[number];
    if (!due) return;
    if (due.some(isOnce)) this.#keep(number, isNotOnce);
    for (const { listener } of due) {
      if (this.#isFinished) return;
      try {
        listener(payload);
      } catch (error) {
        report(error);
      }
    }
  }
}

const isOnce = ({ once }) => once;
const isNotOnce = ({ once }) => !once;
