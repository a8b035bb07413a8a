// What every failure of the SDK is.

export class ChatError extends Error {
  constructor(code, message, retryable = false, details = undefined) {
    super(message);
    this.name = "ChatError";
    this.code = code;
    this.retryable = retryable;
    if (details !== undefined) this.details = details;
  }
}

/** A wrong argument: its name, and what was expected. */
export const wrong = (argument, expected) =>
  new ChatError("VALIDATION", `\`${argument}\` must be ${expected}`, false, { argument, expected });

export const chat_error = (code, message, retryable, details) => new ChatError(code, message, retryable, details);
