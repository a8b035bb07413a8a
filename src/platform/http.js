// fetch's two ends, for gloo-net in between.

import { MAX_TEXT, parse } from "../json/host.js";
import { ADVICE, hasBlocked } from "./policy.js";

/** A request with a token, if there is one; in its `turn`, if it has one (`token.js`). Nothing if that has an answer. */
export const makeRequest = async (url, method, credentials, token, body, turn) => {
  if (Array.isArray(await turn)) return undefined;
  // The API reads a body by its type; the token service reads any, and a plain one spares it a preflight.
  const headers = token ? { Authorization: `Bearer ${token}`, "Content-Type": "application/json" } : {};
  return new Request(url, { method, credentials, headers, body });
};

/**
 * The status, the body (a text where it is not JSON), and for how many milliseconds to stay away, if it says so. Without
 * a response the status is 0 and the body, where the page's policy is known to be the reason, an error. In a turn that
 * has an answer, that answer.
 */
export const readResponse = async (request, response, turn) => {
  const give = await turn;
  if (Array.isArray(give)) return give;
  let answer;
  try {
    // RFC 9110 §10.2.3; the form that is a date is not used by services of this kind.
    const seconds = response.headers.get("Retry-After");
    const text = await response.text();
    // What is too long is not read: as with a request that is.
    const status = text.length > MAX_TEXT ? 413 : response.status;
    answer = [status, parse(text) ?? (text || undefined), /^\d{1,9}$/.test(seconds) ? seconds * 1000 : undefined];
  } catch {}
  give?.(answer);
  return answer ?? [0, (await hasBlocked(request?.url ?? "")) ? { error: { type: "blocked_by_csp", message: ADVICE } } : undefined];
};
