// What the customer sends, until it has arrived or been given up.

import type { Api } from "./api.js";
import type { ChatError, ErrorCode, ErrorDetails } from "./errors.js";
import type { ChatEvent, NewEvent } from "./messages.js";

/**
 * `queued`: kept, and not with the platform as far as is known; what became of an earlier attempt may be being looked up.
 * `sending`: handed to the platform. `sent` and `failed` are the end, unless {@link Api.retry} makes a failed one
 * `queued` again.
 */
export type SendStatus = "queued" | "sending" | "sent" | "failed";

/** Why a send failed, with the fields of a {@link ChatError}; it is no `Error` itself. */
export interface SendError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** `outcome`: `"unknown"` where it may have arrived all the same, `"not_sent"` where it cannot have. */
  details?: ErrorDetails;
}

interface StatusBase {
  chatId: string;
  customId: string;
}
export type MessageStatus =
  | (StatusBase & { status: "queued" | "sending"; event?: undefined; error?: undefined })
  /** `event`: as the platform has it. */
  | (StatusBase & { status: "sent"; event: ChatEvent; error?: undefined })
  | (StatusBase & { status: "failed"; event?: undefined; error: SendError });

/** One row of {@link Api.outbox}. */
export interface OutboxEntry {
  chatId: string;
  customId: string;
  status: Exclude<SendStatus, "sent">;
  /** What is sent. It has no `id` and no author yet. */
  event: NewEvent;
  /** Milliseconds since 1970. */
  createdAt: number;
  /** Of a failed one. */
  error?: SendError;
}

// Without this line everything above would be exported, helpers included.
export {};
