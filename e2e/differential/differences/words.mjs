// What the proofs have in common.

import { CHAT, now, THREAD } from "../events.mjs";
import { agent } from "../script.js";

/** An agent's message. */
export const message = (id, text) => ({
  ...{ id, type: "message", text },
  ...{ author_id: agent.id, created_at: now(), properties: {} },
});

/** The push of an event. */
export const say = (event) => ({ action: "incoming_event", payload: { chat_id: CHAT, thread_id: THREAD, event } });

/** The platform's farewell. */
export const farewell = (reason, data) => ({ action: "customer_disconnected", payload: { reason, data } });

export const names = (events) => events.map(({ name }) => name);
