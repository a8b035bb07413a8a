// What the platform and its vendor's SDK have, from their documents: the rows of docs/surface.md. Written by hand and
// on purpose, so that something missing is a hole in a row and not a row that is missing.

import { readFileSync } from "node:fs";

/** Methods: name, and the platform's actions behind it. Without one the method is the SDK's own affair. */
export const methods = {
  // The vendor's SDK 4.0.2.
  acceptGreeting: ["accept_greeting"],
  cancelGreeting: ["cancel_greeting"],
  cancelRate: ["list_threads", "delete_thread_properties"],
  connect: ["login"],
  deactivateChat: ["deactivate_chat"],
  deleteChatProperties: ["delete_chat_properties"],
  deleteEventProperties: ["delete_event_properties"],
  deleteThreadProperties: ["delete_thread_properties"],
  destroy: [],
  disconnect: [],
  getChat: ["get_chat"],
  getChatHistory: ["list_threads"],
  getCustomer: ["get_customer"],
  getForm: ["get_form"],
  getPredictedAgent: ["get_predicted_agent"],
  getUrlInfo: ["get_url_info"],
  listChats: ["list_chats"],
  listGroupStatuses: ["list_group_statuses"],
  listThreads: ["list_threads"],
  markEventsAsSeen: ["mark_events_as_seen"],
  off: [],
  on: [],
  once: [],
  rateChat: ["list_threads", "update_thread_properties"],
  resumeChat: ["resume_chat"],
  sendEvent: ["send_event"],
  sendRichMessagePostback: ["send_rich_message_postback"],
  setCustomerSessionFields: ["set_customer_session_fields"],
  setSneakPeek: ["send_sneak_peek"],
  startChat: ["start_chat"],
  updateChatProperties: ["update_chat_properties"],
  updateCustomer: ["update_customer"],
  updateCustomerPage: ["update_customer_page"],
  updateEventProperties: ["update_event_properties"],
  updateThreadProperties: ["update_thread_properties"],
  uploadFile: ["upload_file"],
  "auth.getFreshToken": ["token"],
  "auth.getToken": ["token"],
  "auth.hasToken": [],
  "auth.invalidate": [],
  // The vendor's SDK 5.
  requestWelcomeMessage: ["request_welcome_message"],
  sendGreetingButtonClicked: ["send_greeting_button_clicked"],
  // The API's, which the vendor's SDK does not offer.
  acceptIdentityTransfer: ["token"],
  checkGoals: ["check_goals"],
  deleteEvent: ["delete_event"],
  getConfiguration: ["get_configuration"],
  getDynamicConfiguration: ["get_dynamic_configuration"],
  getLocalization: ["get_localization"],
  listGroupProperties: ["list_group_properties"],
  listLicenseProperties: ["list_license_properties"],
  logout: ["token"],
  requestEmailVerification: ["request_email_verification"],
  requestIdentityTransfer: ["identity_transfer"],
  // Palaver's.
  can: [],
  chats: ["list_chats"],
  discard: [],
  outbox: [],
  reconnect: ["login"],
  requestTranscript: ["list_threads", "update_thread_properties"],
  retry: ["send_event", "list_threads"],
  sendFile: ["upload_file", "send_event"],
  sendMessage: ["send_event"],
  state: ["ping"],
};

/** Events: name, and the platform's push behind it. Without one the event is the SDK's own. */
export const events = {
  // The vendor's SDK 4.0.2.
  availability_updated: "groups_status_updated",
  chat_deactivated: "chat_deactivated",
  chat_properties_deleted: "chat_properties_deleted",
  chat_properties_updated: "chat_properties_updated",
  chat_transferred: "chat_transferred",
  connected: undefined,
  connection_recovered: undefined,
  connection_unstable: undefined,
  customer_id: undefined,
  customer_page_updated: "customer_page_updated",
  customer_updated: "customer_updated",
  disconnected: undefined,
  event_properties_deleted: "event_properties_deleted",
  event_properties_updated: "event_properties_updated",
  event_updated: "event_updated",
  events_marked_as_seen: "events_marked_as_seen",
  greeting_accepted: "greeting_accepted",
  greeting_canceled: "greeting_canceled",
  incoming_chat: "incoming_chat",
  incoming_event: "incoming_event",
  incoming_greeting: "incoming_greeting",
  incoming_multicast: "incoming_multicast",
  incoming_rich_message_postback: "incoming_rich_message_postback",
  incoming_typing_indicator: "incoming_typing_indicator",
  queue_position_updated: "queue_position_updated",
  thread_properties_deleted: "thread_properties_deleted",
  thread_properties_updated: "thread_properties_updated",
  user_added_to_chat: "user_added_to_chat",
  user_data: undefined,
  user_removed_from_chat: "user_removed_from_chat",
  // The vendor's SDK 5.
  identity_changed: undefined,
  incoming_event_preview: "incoming_event_preview",
  incoming_thinking_indicator: "incoming_thinking_indicator",
  incoming_welcome_message: "incoming_welcome_message",
  // The API's, which the vendor's SDK keeps to itself.
  customer_disconnected: "customer_disconnected",
  customer_side_storage_updated: "customer_side_storage_updated",
  event_deleted: "event_deleted",
  groups_status_updated: "groups_status_updated",
  // The vendor's of yesterday.
  chat_thread_properties_updated: "thread_properties_updated",
  connection_lost: undefined,
  connection_restored: undefined,
  last_seen_timestamp_updated: "events_marked_as_seen",
  new_event: "incoming_event",
  thread_closed: "chat_deactivated",
  thread_metada: "incoming_chat",
  thread_metadata: "incoming_chat",
  thread_summary: "incoming_chat",
  user_is_typing: "incoming_typing_indicator",
  user_stopped_typing: "incoming_typing_indicator",
  // Palaver's.
  error: undefined,
  history_gap: undefined,
  message_status: undefined,
  state: undefined,
  unknown_push: undefined,
  warning: undefined,
};

/**
 * Structures that are told apart by a word: the words, the declaration that must know them, and how the stand-in is
 * made to send one (as an agent's act, or as a fault), which a native story does with each. `isType`: words that are
 * common, and mean this only as a structure's `type`. The pushes are told apart likewise.
 */
export const { Pushes: pushes, ...words } = JSON.parse(
  readFileSync(new URL("../../tests/shared/words.json", import.meta.url), "utf8"),
);
