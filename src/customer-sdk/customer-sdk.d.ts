/**
 * `palaver/customer-sdk`: the surface of LiveChat's Customer SDK 4 over Palaver's core. An application built on
 * `@livechat/customer-sdk` changes the import. What is different, and why, is in the migration guide.
 */

import type * as Core from "./index.js";

// ------------------------------------------------------------------------------------------------------ the start

/**
 * Makes an instance at once and, unless `autoConnect` is `false`, starts connecting. The WebAssembly is loaded
 * meanwhile; calls wait for it in order. When it cannot be loaded (nothing has come for 20 s, say) they reject with
 * `WASM_UNAVAILABLE`, `disconnected` fires with the reason `"wasm_unavailable"`, and {@link CustomerSDK.connect} tries
 * again. With the file of another build it is `WASM_MISMATCH` and `"wasm_mismatch"`.
 *
 * @param env which of LiveChat's environments; default `"production"`
 * @param licenseId the license's number, under which a browser may have kept its customer before organizations had ids
 * @throws {ChatError} `VALIDATION`: no organization or client id, or an environment that does not exist. Whatever else
 *   is wrong with the configuration is found when the core is there: calls reject with `VALIDATION` then.
 */
export function init(config: Config, env?: Env, licenseId?: number): CustomerSDK;

export type Env = "production" | "staging" | "labs";

/** LiveChat's options; Palaver's other ones (`endpoints`, `storage`, `sendTimeoutMs`, …) are taken as well. */
export interface Config extends Omit<Core.Config, "strict"> {
  /** Default `true`. With `false` nothing connects; the customer still gets an id, and `page.url` counts for goals. */
  autoConnect?: boolean;
  /** Default `"3.5"`, as ever. */
  apiVersion?: "3.5" | "3.6";
  /** Default `false`: each instance has a connection of its own, as ever. */
  sharedConnection?: boolean;
}

/**
 * The same instance, saying on the console what it is asked, answers and tells; tokens and texts included. Both may be
 * used side by side.
 */
export function debug<T extends CustomerSDK>(sdk: T): T;

// --------------------------------------------------------------------------------------------------- the instance

type Same =
  | "acceptGreeting" | "auth" | "cancelGreeting" | "cancelRate" | "connect" | "deactivateChat" | "deleteChatProperties"
  | "deleteEventProperties" | "deleteThreadProperties" | "destroy" | "getChat" | "getCustomer" | "getForm"
  | "getPredictedAgent" | "getUrlInfo" | "listChats" | "listGroupStatuses" | "listThreads" | "markEventsAsSeen"
  | "rateChat" | "resumeChat" | "sendEvent" | "sendRichMessagePostback" | "setCustomerSessionFields" | "setSneakPeek"
  | "startChat" | "updateChatProperties" | "updateCustomer" | "updateCustomerPage" | "updateEventProperties"
  | "updateThreadProperties" | "uploadFile";

/**
 * Frozen; its methods do not need `this`, and none of them throws except `on` and `once` for a listener that is no
 * function. Every promise settles, with a {@link ChatError} when it rejects. Calls made while the line is down wait.
 */
export interface CustomerSDK extends Readonly<Pick<Core.Api, Same>> {
  /** Closes the connection and stays away until {@link connect}. `disconnected` does not fire. */
  readonly disconnect: () => void;
  /** The chat's past, newest page first. No request is made before the first `next()`. */
  readonly getChatHistory: (options: { chatId: string }) => ChatHistory;
  /** Calls `listener` for every `event`; `"*"` stands for all of them, and comes after the listeners of the name. */
  readonly on: Listen;
  /** As {@link on}, for the next `event` only. */
  readonly once: Listen;
  /** Removes one listener, all of an event, or all. */
  readonly off: {
    (event?: EventName | "*"): void;
    <E extends EventName>(event: E, listener: (payload: EventMap[E]) => void): void;
    (event: "*", listener: AnyListener): void;
  };
}

export interface Listen {
  <E extends EventName>(event: E, listener: (payload: EventMap[E]) => void): void;
  (event: "*", listener: AnyListener): void;
}
/** One pair per event: narrow the payload by the name. */
export type AnyListener = (...told: { [E in EventName]: [name: E, payload: EventMap[E]] }[EventName]) => void;

export interface ChatHistory extends AsyncIterable<Core.HistoryPage> {
  /**
   * The next page back in time, the oldest thread first within it. The last page comes *with* `done: true`; after it
   * there is no `value`. Concurrent calls queue; after a rejection the same page can be asked for again.
   */
  next(): Promise<
    { done: false; value: Core.HistoryPage } | { done: true; value: Core.HistoryPage | undefined }
  >;
}

// ----------------------------------------------------------------------------------------------------- the events

type SameEvent =
  | "availability_updated" | "chat_deactivated" | "chat_properties_deleted" | "chat_properties_updated"
  | "chat_transferred" | "connection_recovered" | "connection_unstable" | "customer_id" | "customer_page_updated"
  | "customer_updated" | "event_deleted" | "event_properties_deleted" | "event_properties_updated" | "event_updated"
  | "events_marked_as_seen" | "greeting_accepted" | "greeting_canceled" | "identity_changed" | "incoming_chat"
  | "incoming_event" | "incoming_event_preview" | "incoming_greeting" | "incoming_multicast"
  | "incoming_rich_message_postback" | "incoming_thinking_indicator" | "incoming_typing_indicator"
  | "incoming_welcome_message" | "queue_position_updated" | "thread_properties_deleted" | "thread_properties_updated"
  | "user_added_to_chat" | "user_data" | "user_removed_from_chat";

export interface EventMap extends Pick<Core.EventMap, SameEvent> {
  /** After every login: the first one and each one after an outage. What was missed follows as `incoming_event`. */
  connected: Connected;
  /** The connection was lost (`"connection_lost"`) or the platform closed it. Not after `disconnect()`. */
  disconnected: { reason: DisconnectReason; data?: Core.EventMap["customer_disconnected"]["data"] };
}
export type EventName = keyof EventMap;

export interface Connected extends Omit<Core.Connected, "dynamicConfig"> {
  /** Hidden, as the one below: not enumerable. */
  readonly __unsafeChats: { id: string; active: boolean; hasUnreadEvents: boolean }[];
  /** What the platform tells its own widget; it may change without notice. */
  readonly __unsafeDynamicConfig: Core.Connected["dynamicConfig"];
}
export type DisconnectReason = "connection_lost" | "wasm_mismatch" | "wasm_unavailable" | Core.DisconnectReason;

// ------------------------------------------------------------------------------------------------------ the words

export const connectionStatuses: Words<"connected" | "destroyed" | "disconnected" | "paused" | "reconnecting">;
export const eventTypes: Words<
  "custom" | "file" | "filled_form" | "form" | "message" | "rich_message" | "system_message"
>;
export const sortOrders: Words<Core.SortOrder>;
export const userTypes: Words<"agent" | "customer">;
export const serverDisconnectionReasons: Words<
  | "access_token_expired" | "connection_timeout" | "customer_banned" | "customer_temporarily_blocked"
  | "inactivity_timeout" | "internal_error" | "license_expired" | "license_not_found" | "logged_out_remotely"
  | "misdirected_connection" | "product_version_changed" | "service_temporarily_unavailable" | "too_many_connections"
  | "too_many_unauthorized_connections" | "unsupported_version"
>;
export const serverErrorCodes: Words<
  | "AUTHENTICATION" | "AUTHORIZATION" | "CHAT_ALREADY_ACTIVE" | "CHAT_LIMIT_REACHED" | "CUSTOMER_BANNED"
  | "CUSTOMER_SESSION_FIELDS_LIMIT_REACHED" | "ENTITY_TOO_LARGE" | "GREETING_NOT_FOUND" | "GROUPS_OFFLINE"
  | "GROUP_NOT_FOUND" | "GROUP_OFFLINE" | "GROUP_UNAVAILABLE" | "INTERNAL" | "LICENSE_EXPIRED" | "MISDIRECTED_REQUEST"
  | "PENDING_REQUESTS_LIMIT_REACHED" | "REQUEST_TIMEOUT" | "SERVICE_UNAVAILABLE" | "UNSUPPORTED_VERSION"
  | "USERS_LIMIT_REACHED" | "VALIDATION" | "WRONG_PRODUCT_VERSION"
>;
export const serverPushActions: Words<
  | "chat_deactivated" | "chat_properties_deleted" | "chat_properties_updated" | "chat_transferred"
  | "customer_disconnected" | "customer_page_updated" | "customer_side_storage_updated" | "customer_updated"
  | "event_properties_deleted" | "event_properties_updated" | "event_updated" | "events_marked_as_seen"
  | "greeting_accepted" | "greeting_canceled" | "groups_status_updated" | "incoming_chat" | "incoming_event"
  | "incoming_greeting" | "incoming_multicast" | "incoming_rich_message_postback" | "incoming_typing_indicator"
  | "queue_position_updated" | "thread_properties_deleted" | "thread_properties_updated" | "user_added_to_chat"
  | "user_removed_from_chat"
>;
type Words<W extends string> = { readonly [Word in W as Uppercase<Word>]: Word };

// ---------------------------------------------------------------------------------------------------- the parsers

/** A structure as the platform sends it, with its own names: read from a webhook, the Web API, or storage. */
export interface Wire {
  [name: string]: unknown;
}
/** The event of a thread; `null` for a type or a template that is not known. */
export function parseEvent(threadId: string, event: Wire): Event | null;
export function parseMessage(threadId: string, message: Wire): Message;
export function parseFile(threadId: string, file: Wire): File;
export function parseFilledForm(threadId: string, filledForm: Wire): FilledForm;
/** `null` for a template that is not known. */
export function parseRichMessage(threadId: string, richMessage: Wire): RichMessage | null;
export function parseSystemMessage(threadId: string, systemMessage: Wire): SystemMessage;
export function parseCustomEvent(threadId: string, event: Wire): Core.CustomEvent;
export function parseGreeting(greeting: Wire): Core.Greeting;
/** The `form` of a `get_form` reply, not the event. */
export function parseForm(form: Wire): Core.Form;

// ------------------------------------------------------------------------ the nouns, under LiveChat's names for them

export type {
  Access, Agent, Chat, ChatError, ChatSummary, ChatUser, Customer, CustomerData, CustomerUpdate, CustomEvent,
  FormField, FormType, Greeting, GreetingEvent, IdentityProvider, PredictedAgent, Properties, RichMessageElement,
  SortOrder, Thread, UrlInfo, User,
} from "./index.js";
export type AvailabilityStatus = Core.Availability;
export type ChatAgent = Extract<Core.ChatUser, { type: "agent" }>;
export type ChatCustomer = Extract<Core.ChatUser, { type: "customer" }>;
export type ConnectionStatus = (typeof connectionStatuses)[keyof typeof connectionStatuses];
export type CustomerAuth = Core.Auth;
export type CustomerAuthToken = Core.Token;
export type CustomerDataProvider = () => Core.CustomerData;
export type CustomerSessionFields = Core.SessionFields;
export type Event = Core.ChatEvent;
export type EventsSeenUpToMap = Core.Chat["eventsSeenUpToMap"];
export type File = Core.FileEvent;
export type FilledForm = Core.FilledFormEvent;
export type FilledFormField = Core.FilledField;
export type Form = Core.FormEvent;
export type GreetingSubtype = Core.Greeting["subtype"];
export type ImageFile = Core.FileEvent & Required<Pick<Core.FileEvent, "height" | "thumbnails" | "width">>;
export type NonImageFile = Core.FileEvent & { height?: undefined; width?: undefined };
export type IncomingChat = Core.ChatWithThread;
export type Message = Core.MessageEvent;
export type NonSpecificEventBase = Core.EventBase;
export type Page = NonNullable<Core.Config["page"]>;
export type RequestBodyEvent = Core.NewEvent;
export type RichMessage = Core.RichMessageEvent;
export type RichMessageButton = Core.Button;
export type SubscribablePush = Exclude<
  (typeof serverPushActions)[keyof typeof serverPushActions],
  "customer_disconnected"
>;
export type SystemMessage = Core.SystemMessageEvent;
