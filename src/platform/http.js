// fetch's two ends, for gloo-net in between.

import { MAX_TEXT, parse } from "../json/host.js";
import { ADVICE, hasBlocked } from "./policy.js";

/** A request with a token, if there is one. */
export const makeRequest = (url, method, credentials, token, body) => {
  // The API reads a body by its type; the token service reads any, and a plain one spares it a preflight.
  const headers = token ? { Authorization: `Bearer ${token}`, "Content-Type": "application/json" } : {};
  return new Request(url, { method, credentials, headers, body });
};

/**
 * The status, the body (a text where it is not JSON), and for how many milliseconds to stay away, if it says so. Without
 * a response the status is 0 and the body, where the page's policy is known to be the reason, an error.
 */
export const readResponse = async ({ url }, response) => {
  if (!response) return [0, (await hasBlocked(url)) && { error: { type: "blocked_by_csp", message: ADVICE } }];
  // RFC 9110 §10.2.3; the form that is a date is not used by services of this kind.
  const seconds = response.headers.get("Retry-After");
  const text = await response.text();
  // What is too long is not read: as with a request that is.
  const status = text.length > MAX_TEXT ? 413 : response.status;
  return [status, parse(text) ?? (text || undefined), /^\d{1,9}$/.test(seconds) ? seconds * 1000 : undefined];
};
