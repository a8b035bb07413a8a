// What the widget says, in one place: the state of the line, why a message was not sent, times. `system.js` has the rest.

const ERRORS = {
  AUTHENTICATION: "The chat service did not accept this browser. Reload the page and try again.",
  AUTHORIZATION: "This is not allowed in this chat.",
  MESSAGE_UNDER_WAY: "It is too late to take it back: it may have arrived.",
  CHAT_ANONYMIZED: "This chat was anonymized and takes no more messages.",
  CHAT_INACTIVE: "The chat was closed before the message arrived.",
  CONNECTION_LOST: "The connection was lost before the message arrived.",
  ENTITY_TOO_LARGE: "This file is too large.",
  FILE_UNREADABLE: "This file was changed, moved or deleted. Choose it again.",
  CUSTOMER_BANNED: "Messages from this browser are blocked at the moment.",
  GROUPS_OFFLINE: "Nobody is here to answer right now.",
  INTERNAL: "Something went wrong at the chat service.",
  LICENSE_EXPIRED: "This shop's chat has been switched off.",
  NO_CONNECTION: "There is no connection to the chat service.",
  NOT_ALLOWED: "This is not allowed in this chat.",
  NOT_FOUND: "The chat service does not know this chat any more.",
  PENDING_REQUESTS_LIMIT_REACHED: "Too much at once. Wait a moment, then try again.",
  REQUEST_TIMEOUT: "The chat service did not answer in time.",
  TAKEN_OVER: "Another window of this page sends it.",
  SERVICE_UNAVAILABLE: "The chat service is taking a break. Try again in a moment.",
  TOO_MANY_REQUESTS: "Too many messages in a short time. Wait a moment, then try again.",
  TOO_BIG_FILE: "This file is too large.",
  UPLOAD_CANCELED: "The upload was stopped.",
  UPLOAD_FAILED: "The file could not be uploaded.",
  VALIDATION: "The chat service did not accept this.",
};

/** Why something failed, as a sentence. */
export function errorWords(error) {
  const code = error?.code;
  if (error?.details?.outcome === "unknown" && code !== "TAKEN_OVER")
    return "It may or may not have arrived: no connection came up to find out.";
  return ERRORS[code] ?? `It did not work${code ? ` (${code})` : ""}.`;
}

const CLOSED = {
  access_token_revoked: "You were signed out of the chat.",
  customer_banned: "Chatting from this browser is blocked at the moment.",
  customer_temporarily_blocked: "Chatting from this browser is blocked for a while.",
  disconnect: "You are disconnected.",
  license_expired: "This shop's chat has been switched off.",
  license_not_found: "The chat service does not know this shop.",
  logged_out_remotely: "You were signed out of the chat.",
  product_version_changed: "The chat has changed. Reload the page to go on.",
  too_many_connections: "The chat is open in too many windows. Close some, then connect again.",
  unsupported_version: "The chat has changed. Reload the page to go on.",
};

const BLOCKED = new Set(["customer_banned", "customer_temporarily_blocked", "license_expired", "license_not_found"]);

/** Would nothing that is written now arrive? */
export const isShutOut = ({ state, reason }) => state === "closed" && BLOCKED.has(reason);

/**
 * The state of the line in words.
 * @param {object} line
 * @param {string} line.state
 * @param {string} [line.reason]
 * @param {number} [line.attempt]
 * @param {number} [line.retryAt]
 * @param {boolean} line.wasConnected
 * @param {boolean} [line.restored]
 * @param {boolean} [line.isUnstable]
 * @param {boolean} [line.isBroken] the SDK's core had to be replaced
 * @param {{ now: number, onLine: boolean }} world
 * @returns {{ text: string, countdown?: string, action?: string, tone: "quiet" | "busy" | "bad" | "good" }}
 */
export function lineWords(line, { now, onLine }) {
  if (line.state === "connected") {
    if (line.isUnstable) return { text: "The connection is unstable", tone: "busy" };
    if (!line.restored) return { text: "", tone: "quiet" };
    return { text: line.isBroken ? "Something broke; the chat has started again" : "Connected again", tone: "good" };
  }
  if (line.state === "closed") {
    const text = CLOSED[line.reason] ?? `The chat was closed${line.reason ? ` (${line.reason})` : ""}.`;
    return { text, action: "Connect", tone: "bad" };
  }
  if (line.state === "idle") return { text: "Not connected", action: "Connect", tone: "bad" };
  const seconds = line.retryAt ? Math.ceil((line.retryAt - now) / 1000) : 0;
  const retrying = line.wasConnected || (line.attempt ?? 1) > 1 || seconds > 0;
  if (line.isBroken && seconds <= 0) return { text: "Something broke; the chat is starting again…", tone: "busy" };
  if (!retrying) return { text: "Connecting…", tone: "busy" };
  if (!onLine) return { text: "This device is offline", action: "Try now", tone: "bad" };
  const text = line.wasConnected ? "Connection lost" : "The chat cannot be reached";
  return seconds > 0
    ? { text, countdown: ` — trying again in ${seconds} s`, action: "Try now", tone: "bad" }
    : { text, countdown: " — trying again…", tone: "bad" };
}

/** What happens to the conversation as a whole, or `""`. What may be lost is said before everything else. */
export function noticeWords({ queue, transfer, isAway, isAtRisk }) {
  if (isAtRisk) return "Keep this page open: your browser stores nothing, and what waits would be lost.";
  if (queue) {
    const minutes = Math.max(1, Math.round(queue.waitTime / 60));
    const wait = Number.isFinite(minutes) ? `, about ${minutes === 1 ? "a minute" : `${minutes} minutes`}` : "";
    return queue.position > 1 ? `You are number ${queue.position} in the queue${wait}.` : `You are next${wait}.`;
  }
  if (transfer)
    return transfer.to ? `You are being connected to ${transfer.to}.` : "You are being connected to somebody else.";
  return isAway ? "Nobody is here right now. Write anyway: we answer when we are back." : "";
}

const NAMES = { rich_message: "A card", system: "A note" };

/** The quiet placeholder for an event that this page cannot show. */
export const unknownWords = (event) => `${NAMES[event.type] ?? "Something"} that this window cannot show`;

const LANGUAGE = "en-GB";
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(LANGUAGE, { weekday: "long", day: "numeric", month: "long" });
const dayWithYear = new Intl.DateTimeFormat(LANGUAGE, { day: "numeric", month: "long", year: "numeric" });

/** `14:05` */
export const timeWords = (time) => (Number.isNaN(Date.parse(time)) ? "" : clock.format(new Date(time)));

/** `Today`, `Yesterday`, `Tuesday 14 October`, `14 October 2025` */
export function dayWords(time, now = Date.now()) {
  const then = new Date(time);
  if (Number.isNaN(then.getTime())) return "";
  const today = new Date(now);
  const daysAgo = Math.round((midnight(today) - midnight(then)) / 86_400_000);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return (then.getFullYear() === today.getFullYear() ? day : dayWithYear).format(then);
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
