// What the system reports, in the window's own words: known kinds by their type and variables, others as the platform
// has them.

import { object, objects } from "./shape.js";

const ENDED = "The conversation ended";

const MESSAGES = {
  agent_added: ["%initiator% brought %agent% into the conversation", "%agent% joined the conversation"],
  agent_joined: ["%agent% joined the conversation"],
  agent_left: ["%agent% left the conversation"],
  agent_removed: ["%initiator% took %agent% out of the conversation", "%agent% left the conversation"],
  archived_customer_disconnected: [`${ENDED} because you left the page`],
  chat_transferred: ["%initiator% handed the conversation over to %targets%", "The conversation was handed over"],
  customer_added: ["%initiator% brought %customer% into the conversation", "%customer% joined the conversation"],
  customer_banned: ["This chat was blocked by %agent%", "This chat was blocked"],
  customer_removed: ["%initiator% took %customer% out of the conversation"],
  manual_archived_agent: ["%agent% ended the conversation", ENDED],
  manual_archived_customer: ["You ended the conversation"],
  "rating.chat_commented": ["You left a comment: %comment%"],
  "rating.chat_rated": ["You rated this conversation as %score%", "You rated this conversation"],
  "rating.chat_rating_canceled": ["You took your rating back"],
  "routing.archived_deleted": [ENDED],
  "routing.archived_disconnected": [`${ENDED} because %agent% lost the connection`, ENDED],
  "routing.archived_inactive": [`${ENDED} after %duration% quiet minutes`, ENDED],
  "routing.archived_offline": [`Nobody was free to answer, so ${ENDED.toLowerCase()}`],
  "routing.archived_other": [ENDED],
  "routing.archived_remotely_signed_out": [`${ENDED} because %agent% signed out`, ENDED],
  "routing.archived_signed_out": [`${ENDED} because %agent% signed out`, ENDED],
  "routing.assigned": ["%agent% joined the conversation"],
  "routing.assigned_deleted": ["%agent_added% took over from %agent_removed%", "Somebody else took over"],
  "routing.assigned_disconnected": [
    "%agent_added% took over from %agent_removed%, who lost the connection",
    "Somebody else took over",
  ],
  "routing.assigned_inactive": [
    "%agent_added% took over from %agent_removed%, who did not reply for %duration% minutes",
    "Somebody else took over",
  ],
  "routing.assigned_other": ["%agent_added% took over", "Somebody else took over"],
  "routing.assigned_remotely_signed_out": ["%agent_added% took over from %agent_removed%", "Somebody else took over"],
  "routing.assigned_signed_out": ["%agent_added% took over from %agent_removed%", "Somebody else took over"],
  "routing.idle": ["Quiet for %duration% minutes", "It is quiet here"],
  "routing.unassigned_deleted": ["You are back in the queue"],
  "routing.unassigned_disconnected": [
    "You are back in the queue: %agent% lost the connection",
    "You are back in the queue",
  ],
  "routing.unassigned_other": ["You are back in the queue"],
  "routing.unassigned_remotely_signed_out": [
    "You are back in the queue: %agent% signed out",
    "You are back in the queue",
  ],
  "routing.unassigned_signed_out": ["You are back in the queue: %agent% signed out", "You are back in the queue"],
  system_archived: [ENDED],
  transcript_requested: ["A transcript will be sent to %email%"],
  transcript_sent: ["A transcript was sent to %email%"],
};

/** A system message for the customer. */
export function systemWords(event) {
  const variables = object(event.textVars);
  const fill = (text) =>
    text.replace(/%(\w+)%/g, (whole, name) => (Object.hasOwn(variables, name) ? plain(variables[name]) : whole));
  const kind = String(event.systemMessageType ?? "");
  const [best, next] = (Object.hasOwn(MESSAGES, kind) ? MESSAGES[kind] : []).map(fill);
  // A variable that did not come leaves its name behind: the platform's own text reads better than that.
  const isWhole = (text) => text && !/%\w+%/.test(text);
  const theirs = fill(plain(event.text));
  return [best, theirs, next].find(isWhole) ?? (theirs || "The conversation changed");
}

/** A record of the shop or the platform (`system` events); `null` for one that says nothing to customers. */
export function recordWords(event) {
  const details = parsed(event.details);
  switch (event.subtype) {
    case "store_order_was_created": {
      const { order_number: number, total_price: price, currency } = object(details.order);
      const cost = price === undefined ? "" : priceWords(price, currency);
      return `${number ? `Order ${plain(number)}` : "An order"} was placed${cost && `: ${cost}`}`;
    }
    case "store_product_added_to_cart":
    case "store_product_removed_from_cart": {
      const titles = objects(details.cart_lines)
        .map((line) => plain(object(line.product).title))
        .filter(Boolean);
      const way = event.subtype.includes("added") ? "added to" : "taken out of";
      return `${titles.length ? titles.join(", ") : "Something"} was ${way} the cart`;
    }
    case "summary":
      return plain(object(details.summary).text) || null;
    default:
      return null;
  }
}

/** `€12.50`, or the number and the code as they came. */
export function priceWords(price, currency) {
  const amount = Number(price);
  if (!Number.isFinite(amount)) return plain(price);
  try {
    return new Intl.NumberFormat("en-GB", { style: "currency", currency: String(currency) }).format(amount);
  } catch {
    return `${amount} ${plain(currency)}`.trim();
  }
}

const plain = (value) => (value === undefined || value === null || typeof value === "object" ? "" : String(value));

function parsed(text) {
  try {
    return object(typeof text === "string" ? JSON.parse(text) : text);
  } catch {
    return {};
  }
}
