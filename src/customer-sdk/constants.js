// The words of LiveChat's customer API under the names that applications import them by.

/** A frozen table without a prototype: `"toString" in eventTypes` is false. */
const table = (entries) => Object.freeze(Object.assign(Object.create(null), entries));
const lower = (...words) => table(Object.fromEntries(words.map((word) => [word.toUpperCase(), word])));
const upper = (...words) => table(Object.fromEntries(words.map((word) => [word, word])));

export const connectionStatuses = lower("connected", "destroyed", "disconnected", "paused", "reconnecting");

export const eventTypes = lower("file", "form", "filled_form", "message", "rich_message", "system_message", "custom");

export const sortOrders = lower("asc", "desc");

export const userTypes = lower("agent", "customer");

export const serverDisconnectionReasons = lower(
  "access_token_expired", "connection_timeout", "customer_banned", "customer_temporarily_blocked",
  "inactivity_timeout", "internal_error", "license_expired", "license_not_found", "misdirected_connection",
  "product_version_changed", "service_temporarily_unavailable", "too_many_connections",
  "too_many_unauthorized_connections", "unsupported_version", "logged_out_remotely",
);

export const serverErrorCodes = upper(
  "AUTHENTICATION", "AUTHORIZATION", "CHAT_ALREADY_ACTIVE", "CHAT_LIMIT_REACHED", "CUSTOMER_BANNED",
  "CUSTOMER_SESSION_FIELDS_LIMIT_REACHED", "ENTITY_TOO_LARGE", "GREETING_NOT_FOUND", "GROUP_OFFLINE",
  "GROUPS_OFFLINE", "GROUP_NOT_FOUND", "GROUP_UNAVAILABLE", "INTERNAL", "LICENSE_EXPIRED", "MISDIRECTED_REQUEST",
  "PENDING_REQUESTS_LIMIT_REACHED", "REQUEST_TIMEOUT", "SERVICE_UNAVAILABLE", "UNSUPPORTED_VERSION",
  "USERS_LIMIT_REACHED", "VALIDATION", "WRONG_PRODUCT_VERSION",
);

export const serverPushActions = lower(
  "chat_deactivated", "chat_properties_deleted", "chat_properties_updated", "chat_transferred",
  "customer_disconnected", "customer_page_updated", "customer_side_storage_updated", "customer_updated",
  "event_properties_deleted", "event_properties_updated", "event_updated", "events_marked_as_seen",
  "greeting_accepted", "greeting_canceled", "groups_status_updated", "incoming_chat", "incoming_event",
  "incoming_greeting", "incoming_multicast", "incoming_rich_message_postback", "incoming_typing_indicator",
  "queue_position_updated", "thread_properties_deleted", "thread_properties_updated", "user_added_to_chat",
  "user_removed_from_chat",
);
