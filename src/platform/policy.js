// What the page's Content-Security-Policy blocks. `fetch` and `WebSocket` do not say so; an event of the document does.

/** The event may come after the failure that it explains, by less than this. */
export const POLICY_MS = 50;

export const ADVICE = "the page's Content-Security-Policy must allow this in connect-src";

// A page's policy is never relaxed. Paths do not count: not every browser tells them.
const blocked = new Set();
const originOf = (url) => url.split("/", 3).join();

const record = ({ effectiveDirective, blockedURI, disposition }) => {
  if (effectiveDirective === "connect-src" && disposition !== "report") blocked.add(originOf(blockedURI));
};

/** Begins to listen, for the life of the page; a second time it changes nothing. Workers have no document. */
export const watchPolicy = () =>
  (globalThis.document ?? globalThis).addEventListener?.("securitypolicyviolation", record);

/** Whether `connect-src` blocked an address of this origin. */
export const isBlocked = (url) => blocked.has(originOf(url));

/** The same, after a request has just failed. */
export const hasBlocked = (url) => new Promise((resolve) => setTimeout(() => resolve(isBlocked(url)), POLICY_MS));
