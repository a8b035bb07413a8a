// The errors that the layer makes by itself; all others are the core's.

import { attachCaller } from "../api/caller.js";
import { ChatError } from "../js/index.js";

export const wrong = (argument, expected, given) => {
  const kind = given == null ? "nothing" : Array.isArray(given) ? "array" : typeof given;
  const message = `\`${argument}\` must be ${expected} (given: ${kind})`;
  return new ChatError("VALIDATION", message, false, { argument, expected, kind });
};

export const destroyed = () => new ChatError("SDK_DESTROYED", "destroy() was called");

/** The same error for another call. */
export const copy = ({ code, message, retryable, details }) => new ChatError(code, message, retryable, details);

/** The token service's refusal as LiveChat's SDK tells it: the kind of exception is the code, its word the message. */
export const refusal = (error) => {
  const { exception, reason = error.code?.toLowerCase() } = error.details ?? {};
  if (!exception) return error;
  return attachCaller(new ChatError(`SSO_${exception.toUpperCase()}`, reason, error.retryable, error.details), error);
};

/** A parser that refuses by name what it cannot read. */
export const refusing =
  (argument, parse) =>
  (...given) => {
    try {
      return parse(...given);
    } catch {
      throw wrong(argument, "as the platform sends it", given.at(-1));
    }
  };
