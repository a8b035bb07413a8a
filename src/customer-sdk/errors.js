// The errors that the layer makes by itself; all others are the core's.

import { ChatError } from "../js/index.js";

export const wrong = (argument, expected) =>
  new ChatError("VALIDATION", `\`${argument}\` must be ${expected}`, false, { argument, expected });

export const destroyed = () => new ChatError("SDK_DESTROYED", "destroy() was called");

/** The token service's refusal as LiveChat's SDK tells it: the kind of exception is the code, its word the message. */
export const refusal = (error) => {
  const { exception, reason = error.code.toLowerCase() } = error.details ?? {};
  return exception ? new ChatError(`SSO_${exception.toUpperCase()}`, reason, error.retryable, error.details) : error;
};
