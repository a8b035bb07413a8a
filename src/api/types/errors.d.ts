// The errors.

import type { Json } from "./values.js";

/**
 * Every failure: a real `Error` with `name` `"ChatError"`. The `stack` of a call's error leads to the line that made the
 * call.
 */
export class ChatError extends Error {
  readonly name: "ChatError";
  readonly code: ErrorCode;
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean;
  /** What the platform or the SDK adds. */
  readonly details?: ErrorDetails;
}

export interface ErrorDetails {
  /**
   * `VALIDATION`: the argument or option that is wrong, what it must be, and what was given: `"nothing"`, `"array"` or a
   * `typeof`. The message has all three. `INTERNAL`: the same of a reply that is none.
   */
  argument?: string;
  expected?: string;
  kind?: string;
  /** `LIMIT_REACHED` of `startChat`: the chat that there is. */
  chatId?: string;
  /** A send that failed: the id to try again with. */
  customId?: string;
  /** What was too much, and how much there was. */
  limit?: number;
  size?: number;
  /** Without a token: the token service's word for it, in lower case. `NO_CONNECTION`: what stood in the way. */
  reason?: string;
  /** Without a connection or a token: where it was looked for. */
  url?: string;
  /** Where that word stood. */
  exception?: "identity_exception" | "oauth_exception";
  /**
   * A send that failed, or that this page has given up: `"unknown"` where it may have arrived or another tab delivers it, `"not_sent"`
   * where it cannot have arrived.
   */
  outcome?: "unknown" | "not_sent";
  /** The HTTP status of an answer that had no error of the platform's own, and of every answer of the token service. */
  status?: number;
  [name: string]: Json | undefined;
}

/**
 * Codes are open: the platform's own error types come through in upper case. The last ones are the token service's.
 * `ENTITY_TOO_LARGE`: the platform takes no request of this size, or its answer has more than 16 Mi characters, which are
 * not read; ask for smaller pages (`limit: 1` of {@link Api.listThreads} is the smallest: a thread comes whole).
 */
export type ErrorCode =
  | "AUTHENTICATION" | "AUTHORIZATION" | "BLOCKED_BY_CSP" | "CHAT_ALREADY_ACTIVE" | "CHAT_ANONYMIZED" | "CHAT_INACTIVE"
  | "CHAT_LIMIT_REACHED" | "CONNECTION_LOST" | "CUSTOMER_BANNED" | "CUSTOMER_SESSION_FIELDS_LIMIT_REACHED" | "DISCARDED"
  | "ENTITY_TOO_LARGE" | "FILE_UNREADABLE" | "GREETING_NOT_FOUND" | "GROUPS_OFFLINE" | "GROUP_NOT_FOUND" | "GROUP_OFFLINE"
  | "GROUP_UNAVAILABLE" | "IDENTITY_CHANGED" | "INTERNAL" | "LICENSE_EXPIRED" | "LICENSE_NOT_FOUND" | "LIMIT_REACHED"
  | "LOGGED_OUT" | "MESSAGE_UNDER_WAY" | "MISDIRECTED_REQUEST" | "MISSING_CHAT_THREAD" | "NOT_ALLOWED" | "NOT_FOUND" | "NOT_LOADED"
  | "NO_CONNECTION" | "NO_TOKEN" | "PENDING_REQUESTS_LIMIT_REACHED" | "REQUEST_TIMEOUT" | "SDK_DESTROYED"
  | "SERVICE_UNAVAILABLE" | "TAKEN_OVER" | "TOO_BIG_FILE" | "TOO_MANY_REQUESTS" | "UNSUPPORTED" | "UNSUPPORTED_VERSION"
  | "UPLOAD_CANCELED" | "UPLOAD_FAILED" | "USERS_LIMIT_REACHED" | "VALIDATION" | "WASM_MISMATCH" | "WASM_UNAVAILABLE"
  | "WEBSOCKET_UNAVAILABLE" | "WRONG_PRODUCT_VERSION"
  | "ACCESS_DENIED" | "BAD_REQUEST" | "CONFLICT" | "FORBIDDEN" | "INVALID_CLIENT" | "INVALID_GRANT"
  | "INVALID_REQUEST" | "RESOURCE_NOT_FOUND" | "SERVER_ERROR" | "TEMPORARILY_UNAVAILABLE" | "UNAUTHORIZED_CLIENT"
  | "UNSUPPORTED_GRANT_TYPE"
  | (string & {});
