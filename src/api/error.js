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

export const chat_error = (code, message, retryable, details) => new ChatError(code, message, retryable, details);
