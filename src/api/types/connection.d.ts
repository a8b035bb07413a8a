// The life of the line.

import type { ChatSummary } from "./chats.js";
import type { ErrorCode, ErrorDetails } from "./errors.js";
import type { Greeting } from "./greetings.js";
import type { Availability } from "./organization.js";
import type { CustomerWithStatistics } from "./people.js";
import type { JsonObject } from "./values.js";

export type State = "idle" | "connecting" | "connected" | "closed";

export interface StateChange {
  state: State;
  previous: State;
  /** While connecting: the number of attempts since the last useful connection, from 1. */
  attempt?: number;
  /**
   * Why: `"connect"`, `"reconnect"`, `"disconnect"`, `"connection_lost"`, `"connection_moved"` (the tab that held the
   * shared connection is gone), `"page_hidden"`, `"no_answer"`, `"no_token"`, `"online"`, `"awake"`,
   * `"identity_transfer"`, or the platform's word for it in lower case.
   */
  reason?: string;
  /** `true` while `connecting`, `false` in `closed`: whether the SDK goes on by itself. */
  willReconnect?: boolean;
  /** While waiting before an attempt: how long still, when this was told. */
  retryInMs?: number;
  /** The same as a time: milliseconds since 1970, by this device's clock. */
  retryAt?: number;
  /**
   * What stands in the way, from the first failure on and until there is a connection: no `Error` itself. `details.url`
   * says where a connection or a token was looked for, `details.status` what the token service answered. Not there
   * while nothing has failed.
   */
  error?: { code: ErrorCode; message: string; retryable: boolean; details?: ErrorDetails };
}

export interface ConnectionLost {
  /** As in {@link StateChange}. */
  reason: string;
  /** `false`: the platform wants no other attempt; `disconnected` follows. */
  willReconnect: boolean;
  /** When the next attempt is: milliseconds since 1970, by this device's clock. Absent when it is made at once. */
  retryAt?: number;
}

export interface Connected {
  /**
   * Empty, and `totalChats` 0, if the platform let the customer in and did not say which chats there are, in three tries. They are
   * asked for again and again then: those the page was not told of come as `incoming_chat`, what they held before is history.
   */
  chatsSummary: ChatSummary[];
  totalChats: number;
  customer: CustomerWithStatistics;
  /** Of the customer's group. */
  availability: Availability;
  /** The one that is being shown. */
  greeting?: Greeting;
  /** What the platform adds for its own widget, as it sends it. It may change at any time. */
  dynamicConfig?: JsonObject;
}

/**
 * Why the platform closed the connection. Those after which the SDK comes back by itself:
 * `access_token_expired`, `access_token_revoked`, `connection_evicted`, `connection_timeout`, `internal_error`,
 * `misdirected_connection`, `service_temporarily_unavailable`, `too_many_unauthorized_connections`,
 * `customer_temporarily_blocked` (after the time it names), and reasons that are not known yet.
 */
export type DisconnectReason =
  | "access_token_expired" | "access_token_revoked" | "connection_evicted" | "connection_timeout" | "customer_banned"
  | "customer_temporarily_blocked" | "inactivity_timeout" | "internal_error" | "license_expired" | "license_not_found"
  | "logged_out_remotely" | "misdirected_connection" | "product_version_changed" | "service_temporarily_unavailable"
  | "too_many_connections" | "too_many_unauthorized_connections" | "unsupported_version" | "users_limit_reached"
  | (string & {});
