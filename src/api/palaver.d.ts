/**
 * Palaver: a customer-side chat SDK.
 *
 * Importing this module touches nothing: no WebAssembly, no globals, no network.
 * `await load()` compiles the core once; `init(config)` makes a connection's {@link Api}.
 */

/** Where the core's `.wasm` comes from. Without one, `load` finds the file beside the package's own module. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/**
 * Compiles the core. Every call returns the promise of the first one; a failed load may be tried again.
 * Rejects with a {@link ChatError} `WASM_UNAVAILABLE` that says what stood in the way (no WebAssembly, a
 * Content-Security-Policy without `'wasm-unsafe-eval'`, a file not found).
 */
export default function load(source?: WasmSource | Promise<Response>): Promise<void>;

/**
 * Makes an api and, unless `autoConnect` is `false`, starts connecting.
 * @throws {ChatError} `NOT_LOADED` before `load()` has resolved, `VALIDATION` naming the option that is wrong.
 */
export function init(config: Config): Api;

// ---------------------------------------------------------------------------------------------- configuration

export interface Config {
  /** Which platform is spoken. Default `"livechat"`. */
  platform?: "livechat";
  /** The organization's UUID. */
  organizationId: string;
  /** The OAuth client id of the application; sent to the token service. */
  clientId: string;
  /** Default `true`. With `false` nothing happens until {@link Api.connect}. It does not govern reconnection. */
  autoConnect?: boolean;
  /** The group the customer belongs to; an integer ≥ 0. */
  groupId?: number;
  /** A separate identity for each group. Needs `groupId`. Default `false`. */
  uniqueGroups?: boolean;
  /** Data centre. Default: the one of the default host. */
  region?: "dal" | "fra";
  page?: { url?: string; title?: string };
  referrer?: string;
  /** The customer uses a mobile device. Default `false`. */
  mobile?: boolean;
  application?: { name?: string; version?: string; channelType?: string };
  /** Identifies the browser tab to the platform; free text. */
  tabId?: string;
  /** Sent with the token request; must be registered for the client id. Default: origin and path of the page. */
  redirectUri?: string;
  /** Called before every login; its result is what agents see of the customer. */
  customerDataProvider?: () => CustomerData;
  /** Replaces the built-in cookie identity. Called once. Each of its promises is given up after 10 s. */
  identityProvider?: () => IdentityProvider;
  /** Prefix of the key under which the token is stored. Default `"@@lc_auth_token:"`. */
  tokenStoragePrefix?: string;
  /** Origins to talk to instead of the platform's own: for the stand-in server, proxies and test rigs. */
  endpoints?: { api?: string; accounts?: string };
  /** Version of the platform's API. Default `"3.6"`. */
  apiVersion?: "3.5" | "3.6";
  /**
   * Where the token is kept between page loads: `"local"` (localStorage, the default; memory when the browser
   * refuses it) or `"memory"`.
   */
  storage?: "local" | "memory";
  /** How long an unsent message may wait for a connection, in milliseconds. Default 3 600 000 (one hour). */
  sendTimeoutMs?: number;
  /** `true` writes what happens on the line to `console.debug`. Tokens and texts are left out. Default `false`. */
  debug?: boolean;
}

export interface CustomerData {
  name?: string;
  email?: string;
  avatar?: string;
  sessionFields?: Record<string, string>;
}

export interface Token {
  accessToken: string;
  /** The customer's id. */
  entityId: string;
  /** Lifetime in milliseconds. */
  expiresIn: number;
  tokenType: "Bearer";
  /** Milliseconds since 1970. */
  creationDate: number;
  organizationId?: string;
}

export interface IdentityProvider {
  /** A token that may come from a cache. */
  getToken(): Promise<Token> | Token;
  /** A token that is new. */
  getFreshToken(): Promise<Token> | Token;
  hasToken(): Promise<boolean> | boolean;
  /** Forgets what is cached. */
  invalidate(): Promise<void> | void;
}

// ------------------------------------------------------------------------------------------------------ the api

/** Frozen; its methods do not need `this`. Every promise settles, with a {@link ChatError} when it rejects. */
export interface Api {
  /**
   * Calls `listener` for every `event`. Returns a function that removes it; calling that twice is harmless.
   * Listeners run after the core has finished with the frame, in the order they were added; one that throws is
   * reported with `reportError` and stops nobody. One added or removed by a listener counts from the next event.
   * @throws {ChatError} `VALIDATION` for a name that is not an event, or a listener that is not a function.
   */
  on<E extends EventName>(event: E, listener: (payload: EventMap[E]) => void): () => void;
  /** As {@link on}, for the next `event` only. */
  once<E extends EventName>(event: E, listener: (payload: EventMap[E]) => void): () => void;
  /** Removes one listener, all of an event, or all. What was never added is no error. */
  off<E extends EventName>(event?: E, listener?: (payload: EventMap[E]) => void): void;

  /** What the connection is doing; see {@link StateChange}. */
  readonly state: State;
  /** Starts connecting, or cuts a waiting time short. Does nothing while connecting or connected. */
  connect(): void;
  /**
   * Closes the connection and stays closed until {@link connect}. Requests in flight reject with
   * `CONNECTION_LOST`; messages that wait stay in the outbox. Fires `disconnected` without a reason.
   */
  disconnect(): void;
  /**
   * Ends the api for good: closes the connection, rejects every open promise with `SDK_DESTROYED`, removes every
   * listener. Nothing fires afterwards; later calls reject with `SDK_DESTROYED`.
   */
  destroy(): void;

  /**
   * The live summary of the known chats, newest first: empty before the first `connected`. Each call returns new
   * objects; no request is made.
   */
  chats(): ChatState[];

  startChat(options?: StartChatOptions): Promise<{ chat: Chat & { thread: Thread } }>;
  resumeChat(options: ResumeChatOptions): Promise<{ chat: Chat & { thread: Thread } }>;
  /** Closes the chat's open thread. Rejects with `CHAT_INACTIVE` when there is none. */
  deactivateChat(options: { id: string }): Promise<Success>;
  /**
   * Sends any event. The promise resolves with the event as the server has it, also when that takes a
   * reconnection: until then it waits, in order with the chat's other sends. It rejects with the server's code, with
   * `CHAT_INACTIVE` for a closed chat unless `attachToLastThread`, or with `REQUEST_TIMEOUT` after `sendTimeoutMs`.
   */
  sendEvent(options: { chatId: string; event: NewEvent; attachToLastThread?: boolean }): Promise<ChatEvent>;
  /**
   * Sends a text, at most 16 384 bytes of UTF-8. As {@link sendEvent}, and a closed chat is resumed for it.
   * `customId` must be unique; without it the SDK makes one. When a send fails, `details.customId` is the id to try
   * again with: then the SDK first looks whether the message had arrived after all.
   */
  sendMessage(options: {
    chatId: string;
    text: string;
    customId?: string;
    properties?: Properties;
  }): Promise<MessageEvent>;
  /** One page of summaries, at most 25 (default 10). `pageId` goes alone. */
  listChats(options?: { limit?: number; sortOrder?: "asc" | "desc" } | { pageId: string }): Promise<ChatsPage>;
  /** A chat with one thread: `threadId`, or the latest. */
  getChat(options: { chatId: string; threadId?: string }): Promise<Chat>;
  /**
   * One page of threads with all their events, newest first by default. `limit` (1…100, default 3) counts threads;
   * `minEventsCount` (1…100) counts events and excludes `limit`; `pageId` goes with `chatId` alone.
   */
  listThreads(
    options:
      | { chatId: string; sortOrder?: "asc" | "desc"; limit?: number }
      | { chatId: string; sortOrder?: "asc" | "desc"; minEventsCount?: number }
      | { chatId: string; pageId: string },
  ): Promise<ThreadsPage>;
  /** The chat's past, newest page first. No request is made before the first `next()`. */
  getChatHistory(options: { chatId: string }): ChatHistory;
  /** `seenUpTo`: the `createdAt` of the last event shown, unchanged (microseconds count). */
  markEventsAsSeen(options: { chatId: string; seenUpTo: string }): Promise<Success>;
  /**
   * Tells agents what the customer is typing. Sent at most every 2 s, always ending with the latest text; nothing is
   * sent while the chat is closed or the line is down.
   */
  setSneakPeek(options: { chatId: string; sneakPeekText: string }): void;
  /** At least one field. */
  updateCustomer(options: CustomerData): Promise<Success>;
}

export interface ChatHistory extends AsyncIterableIterator<HistoryPage> {
  /**
   * The next page back in time; oldest thread first within a page. Concurrent calls queue. After a rejection the same
   * page can be asked for again. After the last page: `{ done: true }`.
   */
  next(): Promise<IteratorResult<HistoryPage, undefined>>;
}
export interface HistoryPage {
  threads: Thread[];
}

export interface Success {
  success: true;
}

export type State = "idle" | "connecting" | "connected" | "closed";

export interface StateChange {
  state: State;
  previous: State;
  /** While connecting: the number of attempts since the last useful connection, from 1. */
  attempt?: number;
  /**
   * Why: `"connect"`, `"reconnect"`, `"disconnect"`, `"connection_lost"`, `"no_answer"`, `"no_token"`, `"online"`,
   * `"awake"`, `"catch_up_failed"`, or the platform's word for it in lower case.
   */
  reason?: string;
  /** While waiting before an attempt. */
  retryInMs?: number;
}

// --------------------------------------------------------------------------------------------------- the errors

/** Every failure: a real `Error` with `name` `"ChatError"`. */
export class ChatError extends Error {
  readonly name: "ChatError";
  readonly code: ErrorCode;
  /** The same call may succeed later, unchanged. */
  readonly retryable: boolean;
  /** What the platform or the SDK adds, e.g. the argument that is wrong. */
  readonly details?: Record<string, unknown>;
}

/** Codes are open: the platform's own error types come through in upper case. */
export type ErrorCode =
  | "AUTHENTICATION" | "AUTHORIZATION" | "CHAT_ALREADY_ACTIVE" | "CHAT_ANONYMIZED" | "CHAT_INACTIVE"
  | "CHAT_LIMIT_REACHED" | "CONNECTION_LOST" | "CUSTOMER_BANNED" | "GROUPS_OFFLINE" | "GROUP_NOT_FOUND"
  | "IDENTITY_CHANGED" | "INTERNAL" | "LICENSE_EXPIRED" | "LIMIT_REACHED" | "NOT_ALLOWED" | "NOT_FOUND" | "NOT_LOADED" | "NO_CONNECTION"
  | "PENDING_REQUESTS_LIMIT_REACHED" | "REQUEST_TIMEOUT" | "SDK_DESTROYED" | "SERVICE_UNAVAILABLE"
  | "TOO_MANY_REQUESTS" | "UNSUPPORTED" | "UNSUPPORTED_VERSION" | "USERS_LIMIT_REACHED" | "VALIDATION" | "WASM_UNAVAILABLE"
  | "WRONG_PRODUCT_VERSION"
  | (string & {});

// ---------------------------------------------------------------------------------------------------- the nouns

/** `{ namespace: { name: value } }`; passed through as the platform has it. */
export type Properties = Record<string, Record<string, unknown>>;
export interface Access {
  groupIds?: number[];
}

export interface Agent {
  id: string;
  type: "agent";
  name: string;
  /** May lack a scheme. */
  avatar?: string;
  jobTitle?: string;
  isBot?: boolean;
}
export interface Customer {
  id: string;
  type: "customer";
  name?: string;
  email?: string;
  avatar?: string;
  sessionFields?: Record<string, string>;
  /** The old name of `sessionFields`. */
  fields?: Record<string, string>;
  statistics?: Record<string, number>;
}
export type User = Agent | Customer;
export type ChatUser = User & {
  /** Is in the chat now. */
  present?: boolean;
  eventsSeenUpTo?: string;
};

export interface Chat {
  id: string;
  access: Access;
  users: ChatUser[];
  properties: Properties;
  /** By user id; `null` when that user has seen nothing. */
  eventsSeenUpToMap: Record<string, string | null>;
  thread: Thread | null;
}
export interface Thread {
  id: string;
  chatId: string;
  active: boolean;
  access: Access;
  /** RFC 3339, UTC, microseconds. */
  createdAt: string;
  userIds: string[];
  /** In order. */
  events: ChatEvent[];
  properties: Properties;
  previousThreadId: string | null;
  nextThreadId: string | null;
  queue: { position: number; waitTime: number; queuedAt: string } | null;
}
export interface ChatSummary {
  id: string;
  active: boolean;
  access: Access;
  users: ChatUser[];
  properties: Properties;
  lastThreadId: string | null;
  lastThreadCreatedAt: string | null;
  eventsSeenUpToMap: Record<string, string | null>;
  lastEventsPerType?: Record<string, ChatEvent>;
  lastEvent?: ChatEvent;
}
export interface ChatsPage {
  chatsSummary: ChatSummary[];
  totalChats: number;
  users: User[];
  previousPageId: string | null;
  nextPageId: string | null;
}
export interface ThreadsPage {
  threads: Thread[];
  previousPageId: string | null;
  nextPageId: string | null;
}

/** One row of {@link Api.chats}. */
export interface ChatState {
  id: string;
  active: boolean;
  lastThreadId: string | null;
  lastEvent: ChatEvent | null;
  /** Events by others that the customer has not marked as seen. */
  unreadCount: number;
  users: ChatUser[];
  eventsSeenUpToMap: Record<string, string | null>;
}

interface EventBase {
  id: string;
  /** `"system"` for what nobody wrote. */
  authorId: string;
  /** RFC 3339, UTC, microseconds. */
  createdAt: string;
  threadId: string;
  customId?: string;
  properties?: Properties;
}
export interface MessageEvent extends EventBase {
  type: "message";
  text: string;
  postback?: { id: string; threadId: string; eventId: string; type?: string; value?: string };
}
export interface FileEvent extends EventBase {
  type: "file";
  url: string;
  name: string;
  contentType: string;
  size?: number;
  width?: number;
  height?: number;
  thumbnailUrl?: string;
  thumbnail2xUrl?: string;
  alternativeText?: string;
}
export interface SystemMessageEvent extends EventBase {
  type: "system_message";
  systemMessageType: string;
  text?: string;
  textVars?: Record<string, string>;
}
export interface OtherEvent extends EventBase {
  type: "custom" | "form" | "filled_form" | "rich_message" | "system";
  [field: string]: unknown;
}
/** Narrow with `switch (event.type)`. Types that are not known yet come through as they are. */
export type ChatEvent = MessageEvent | FileEvent | SystemMessageEvent | OtherEvent;

export type NewEvent = { customId?: string; properties?: Properties } & (
  | { type: "message"; text: string; postback?: MessageEvent["postback"] }
  | { type: "file"; url: string; alternativeText?: string }
  | { type: "filled_form"; formId: string; fields: unknown[] }
  | { type: "system_message"; text: string; systemMessageType: string; recipients?: "all" | "agents" }
  | { type: "custom"; content?: unknown }
);

export interface StartChatOptions {
  chat?: { access?: Access; properties?: Properties; thread?: { events?: NewEvent[]; properties?: Properties } };
  /** Default `true`. */
  active?: boolean;
  continuous?: boolean;
}
export interface ResumeChatOptions {
  chat: StartChatOptions["chat"] & { id: string };
  /** Default `true`. */
  active?: boolean;
  continuous?: boolean;
}

// --------------------------------------------------------------------------------------------------- the events

export interface Connected {
  chatsSummary: ChatSummary[];
  totalChats: number;
  customer: Customer;
  availability: "online" | "offline";
  greeting?: Record<string, unknown>;
}

export interface EventMap {
  /** After the first login. Not after later ones. */
  connected: Connected;
  /** After each later login. What was missed follows as `new_event`, in order. */
  connection_restored: Connected;
  /** The line dropped; the SDK comes back by itself. */
  connection_lost: undefined;
  /** The SDK will not come back by itself: the reason, or nothing when the page asked for it. */
  disconnected: string | undefined;
  /** Once, with the first token. */
  customer_id: string;
  /** Each user met, before the event that mentions it. */
  user_data: User;
  /**
   * Once per event that this api did not send itself, in the chat's order, live or fetched after an outage. Not for
   * what the chat already held at `connected`: that is history.
   */
  new_event: ChatEvent & { chat: string; thread: string };
  incoming_event: { chatId: string; threadId: string; event: ChatEvent };
  /** A chat or thread was opened by another tab, an agent or the server; not by this api. */
  incoming_chat: { chat: Chat & { thread: Thread } };
  thread_closed: { chat: string; thread: string };
  chat_deactivated: { chatId: string; threadId: string; userId?: string };
  /** A thread became known: when one opens, and for each thread that `listThreads` or `getChatHistory` reads. */
  thread_metada: ThreadMetadata;
  thread_metadata: ThreadMetadata;
  thread_summary: ThreadMetadata;
  user_is_typing: { chat: string; user: string };
  /** Also 10 s after the last sign of typing, with a message of the same user, and when the line drops. */
  user_stopped_typing: { chat: string; user: string };
  incoming_typing_indicator: {
    chatId: string;
    threadId: string;
    typingIndicator: { authorId: string; isTyping: boolean };
  };
  /** `timestamp`: milliseconds since 1970. */
  last_seen_timestamp_updated: { chat: string; user: string; timestamp: number };
  events_marked_as_seen: { chatId: string; userId: string; seenUpTo: string };
  chat_properties_updated: { chat: string; chatId: string; properties: Properties };
  chat_thread_properties_updated: {
    chat: string;
    thread: string;
    chatId: string;
    threadId: string;
    properties: Properties;
  };
  /** Only what changed, and `id`. */
  customer_updated: Partial<Customer> & { id: string };
  user_added_to_chat: { chatId: string; threadId?: string; user: ChatUser; present: boolean; reason?: string };
  user_removed_from_chat: { chatId: string; threadId?: string; userId: string; reason?: string };
  state: StateChange;
  /**
   * Something was odd; nothing of the conversation is lost by it. `code`: `FRAME` (a frame made no sense; the chats are
   * read again), `TOKEN` and `LOGIN` (a refusal; `state` or `disconnected` says what follows), `CATCH_UP` (a chat could
   * not be read), `IDENTITY_CHANGED` (the token service knows this browser as another customer now).
   */
  warning: { code: string; message: string; details?: Record<string, unknown> };

  // Passed on as the platform sends them, with camelCase keys.
  availability_updated: { availability: "online" | "offline" };
  chat_properties_deleted: { chatId: string; properties: Record<string, string[]> };
  chat_transferred: Record<string, unknown>;
  customer_disconnected: { reason: string; data?: Record<string, unknown> };
  customer_side_storage_updated: { customerSideStorage: Record<string, string> };
  event_deleted: { chatId: string; threadId: string; eventId: string };
  event_properties_deleted: Record<string, unknown>;
  event_properties_updated: Record<string, unknown>;
  event_updated: { chatId: string; threadId: string; event: ChatEvent };
  greeting_accepted: { uniqueId: string };
  greeting_canceled: { uniqueId: string };
  groups_status_updated: { groups: { id: number; status: string }[] };
  incoming_event_preview: Record<string, unknown>;
  incoming_greeting: Record<string, unknown>;
  incoming_multicast: Record<string, unknown>;
  incoming_rich_message_postback: Record<string, unknown>;
  incoming_thinking_indicator: Record<string, unknown>;
  incoming_welcome_message: Record<string, unknown>;
  queue_position_updated: Record<string, unknown>;
  thread_properties_deleted: Record<string, unknown>;
  thread_properties_updated: { chatId: string; threadId: string; properties: Properties };
  /** A push that this version does not know. */
  unknown_push: { action: string; payload: unknown };
}
export type EventName = keyof EventMap;

/** `totalEvents` counts what the customer may see; `order` is 0 (threads are ordered by their time). */
export interface ThreadMetadata {
  id: string;
  chat: string;
  order: number;
  totalEvents: number;
}
