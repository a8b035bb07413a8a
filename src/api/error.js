// What every failure of the SDK is.

import { blamed } from "../json/check.js";

export class ChatError extends Error {
  constructor(code, message, retryable = false, details = undefined) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryable = retryable;
    if (details !== undefined) this.details = details;
  }
}

/** A wrong argument: its name, what was expected, and what was given. */
export const wrong = (argument, expected, given) => {
  const [details, message] = blamed(argument, given, expected);
  return new ChatError("VALIDATION", message, false, details);
};

export const chat_error = (code, message, retryable, details) => new ChatError(code, message, retryable, details);
