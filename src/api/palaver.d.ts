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
  /** The page the customer is on; sent at login. {@link Api.updateCustomerPage} changes it. */
  page?: { url?: string; title?: string };
  /** The address the customer came from; sent at login. */
  referrer?: string;
  /** The customer uses a mobile device. Default `false`. */
  mobile?: boolean;
  /** What the platform is told about the application; free text. */
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
  /** Version of the platform's API. Default `"3.6"`. What 3.5 lacks is refused: see {@link Api.can}. */
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
  /**
   * Arguments that a method does not take are refused, since they are mostly misspelt. Default `true`. With `false` they
   * are ignored, as LiveChat's SDK 4 does, and as there what comes within an `incoming_chat` is not told as
   * `incoming_event` as well.
   */
  strict?: boolean;
}

/** What the customer's record takes at login. */
export interface CustomerData {
  name?: string;
  email?: string;
  /** A URL. */
  avatar?: string;
  /** Kept for the session only, in this order; at most 100 keys. */
  sessionFields?: SessionFields;
  /** 3.6. */
  address?: Address;
}
/** What {@link Api.updateCustomer} takes. */
export interface CustomerUpdate extends CustomerData {
  /** 3.6. The customer's accounts elsewhere. */
  omnichannel?: {
    fbmessenger?: {
      id: string;
      name?: string;
      firstName?: string;
      lastName?: string;
      profilePic?: string;
      gender?: string;
      locale?: string;
      isVerifiedUser?: boolean;
    };
    twilio?: { phoneNumber: string };
  };
}
export type SessionFields = Record<string, string>;
export interface Address {
  address?: string;
  city?: string;
  country?: string;
  state?: string;
  postalCode?: string;
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

/** What an application that identifies its customers itself gives as `identityProvider`. */
export interface IdentityProvider {
  /** A token that may come from a cache. */
  getToken(): Promise<Token> | Token;
  /** A token that is new. */
  getFreshToken(): Promise<Token> | Token;
  hasToken(): Promise<boolean> | boolean;
  /** Forgets what is cached. */
  invalidate(): Promise<void> | void;
}

/**
 * The customer's token. With an `identityProvider` every question goes to it. Rejects with `NO_TOKEN` when none can be
 * had for now, and with the token service's word in upper case (e.g. `UNAUTHORIZED_CLIENT`) when it refuses for good.
 */
export interface Auth {
  /** The token in use while it is valid, else a new one. Calls that coincide share one request. */
  getToken(): Promise<Token>;
  /** A new token; the connection uses it from the next login on. */
  getFreshToken(): Promise<Token>;
  /** Whether a token is held, in memory or in storage; it may have expired. */
  hasToken(): Promise<boolean>;
  /** Forgets the token, in memory and in storage. The open connection stays. */
  invalidate(): Promise<void>;
}

// ------------------------------------------------------------------------------------------------------ the api

/**
 * Frozen; its methods do not need `this`. Every promise settles, with a {@link ChatError} when it rejects.
 *
 * What any method may reject with: `VALIDATION` (an argument, named in `details.argument`), `SDK_DESTROYED`,
 * `UNSUPPORTED` (see {@link can}), `REQUEST_TIMEOUT` (no answer within 16 s; the outcome is unknown),
 * `CONNECTION_LOST` (the line dropped after the request had left and it cannot be repeated safely; the outcome is
 * unknown), `NO_CONNECTION` (no line within 30 s, or the api is closed), `AUTHORIZATION`, `NOT_FOUND`,
 * `CUSTOMER_BANNED`, `LICENSE_EXPIRED`, `TOO_MANY_REQUESTS`, `SERVICE_UNAVAILABLE`, `INTERNAL`. Codes below come on
 * top of these. A call made while the line is down waits for it.
 */
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

  // ---- the connection

  /** What the connection is doing; see {@link StateChange}. */
  readonly state: State;
  /** The customer's token: see {@link Auth}. */
  readonly auth: Auth;
  /** Whether the platform has a method in this `apiVersion`. Calls of one that it lacks reject with `UNSUPPORTED`. */
  can(feature: Feature): boolean;
  /** Starts connecting, or cuts a waiting time short. Does nothing while connecting or connected. */
  connect(): void;
  /**
   * Closes the connection and stays closed until {@link connect}. Requests in flight reject with
   * `CONNECTION_LOST`; messages that wait stay in the outbox. Fires `disconnected` without a reason.
   */
  disconnect(): void;
  /**
   * Drops the line, whatever it is doing, and opens a new one at once, also from `closed`. What was missed follows as
   * after any outage.
   */
  reconnect(): void;
  /**
   * Ends the api for good: closes the connection, rejects every open promise with `SDK_DESTROYED`, removes every
   * listener. Nothing fires afterwards; later calls reject with `SDK_DESTROYED`.
   */
  destroy(): void;

  // ---- chats

  /**
   * The live summary of the known chats, newest first: empty before the first `connected`. Each call returns new
   * objects; no request is made.
   */
  chats(): ChatState[];
  /**
   * Starts a chat with its first thread. A customer has one chat: when it exists, rejects with `LIMIT_REACHED` (3.5:
   * `CHAT_LIMIT_REACHED`) and {@link resumeChat} is the way. Also rejects with `GROUPS_OFFLINE` (every target group is
   * offline and `continuous` is not set) and `GROUP_NOT_FOUND`. `incoming_chat` does not fire for it in this api.
   */
  startChat(options?: StartChatOptions): Promise<{ chat: ChatWithThread }>;
  /**
   * Opens a new thread in a chat that is closed. Rejects with `CHAT_ALREADY_ACTIVE` when one is open, `GROUPS_OFFLINE`
   * and `GROUP_NOT_FOUND` as {@link startChat}. `incoming_chat` does not fire for it in this api.
   */
  resumeChat(options: ResumeChatOptions): Promise<{ chat: ChatWithThread }>;
  /** Closes the chat's open thread. Rejects with `CHAT_INACTIVE` when there is none. `chat_deactivated` fires too. */
  deactivateChat(options: { id: string }): Promise<Success>;
  /** One page of summaries, at most 25 (default 10). `pageId` goes alone and lives one month. */
  listChats(
    options?:
      | { limit?: number; sortOrder?: SortOrder; pageId?: undefined }
      | { pageId: string; limit?: undefined; sortOrder?: undefined },
  ): Promise<ChatsPage>;
  /** A chat with one thread: `threadId`, or the latest; `thread` is `null` when the chat has none. */
  getChat(options: { chatId: string; threadId?: string }): Promise<Chat>;
  /**
   * One page of threads with all their events, newest first by default. `limit` (1…100, default 3) counts threads;
   * `minEventsCount` (1…100) counts events and excludes `limit`; `pageId` goes with `chatId` alone.
   */
  listThreads(
    options:
      | { chatId: string; sortOrder?: SortOrder; limit?: number; minEventsCount?: undefined; pageId?: undefined }
      | { chatId: string; sortOrder?: SortOrder; minEventsCount?: number; limit?: undefined; pageId?: undefined }
      | { chatId: string; pageId: string; sortOrder?: undefined; limit?: undefined; minEventsCount?: undefined },
  ): Promise<ThreadsPage>;
  /** The chat's past, newest page first. No request is made before the first `next()`. */
  getChatHistory(options: { chatId: string }): ChatHistory;
  /** `seenUpTo`: the `createdAt` of the last event shown, unchanged (microseconds count). */
  markEventsAsSeen(options: { chatId: string; seenUpTo: string }): Promise<Success>;
  /**
   * Sets one or both marks of the chat's newest thread: `score` 1 is good, 0 is bad. Needs no open thread. Rejects
   * with `MISSING_CHAT_THREAD` for a chat without a thread.
   */
  rateChat(options: { chatId: string; rating: Rating }): Promise<Success>;
  /** Takes marks of the newest thread back: `["score"]` unless told otherwise. Rejects as {@link rateChat}. */
  cancelRate(options: { chatId: string; properties?: (keyof Rating)[] }): Promise<Success>;
  /**
   * Has the newest thread's transcript sent by e-mail once it is closed. Rejects with `MISSING_CHAT_THREAD` for a chat
   * without a thread.
   */
  requestTranscript(options: { chatId: string; email: string }): Promise<Success>;

  // ---- events

  /**
   * Sends an event. The promise resolves with the event as the server has it, also when that takes a
   * reconnection: until then it waits, in order with the chat's other sends. It rejects with the server's code, with
   * `CHAT_INACTIVE` for a closed chat unless `attachToLastThread`, or with `REQUEST_TIMEOUT` after `sendTimeoutMs`.
   * `new_event` and `incoming_event` do not fire for it in this api.
   */
  sendEvent<T extends NewEvent["type"]>(options: {
    chatId: string;
    event: NewEvent & { type: T };
    attachToLastThread?: boolean;
  }): Promise<Extract<ChatEvent, { type: T }>>;
  /**
   * Sends a text, at most 16 384 bytes of UTF-8. As {@link sendEvent}, and a closed chat is resumed for it.
   * `customId` must be unique; without it the SDK makes one. When a send fails, `details.customId` is the id to try
   * again with: then the SDK first looks whether the message had arrived after all. `postback` says which button of
   * which rich message it answers.
   */
  sendMessage(options: {
    chatId: string;
    text: string;
    customId?: string;
    properties?: Properties;
    postback?: MessagePostback;
  }): Promise<MessageEvent>;
  /**
   * Uploads a file and sends it. The upload goes at once, the event as {@link sendMessage} does; a file that could not
   * be uploaded is not tried again. Rejects with `TOO_BIG_FILE` (over 10 MiB, before anything is sent),
   * `UPLOAD_FAILED` (also when nothing moved for 60 s), `UPLOAD_CANCELED` (by `signal`; once the file has arrived it is
   * too late), `VALIDATION` (executables).
   */
  sendFile(options: {
    chatId: string;
    file: Blob;
    /** Called with 0…1 while the bytes go; never after the promise has settled. */
    onProgress?: (progress: number) => void;
    signal?: AbortSignal;
    customId?: string;
    /** Says in words what an image shows. */
    alternativeText?: string;
    properties?: Properties;
  }): Promise<FileEvent>;
  /**
   * Uploads a file for a `file` event. Its address lives 24 hours unless {@link sendEvent} uses it. Needs no line,
   * only a token. `promise` rejects as {@link sendFile} does; `cancel()` makes it reject with `UPLOAD_CANCELED`, and
   * does nothing once it has settled.
   */
  uploadFile(options: { file: Blob; onProgress?: (progress: number) => void }): Upload;
  /** Deletes an event; `event_deleted` fires too. 3.6: see {@link can}. */
  deleteEvent(options: { chatId: string; threadId: string; eventId: string }): Promise<Success>;
  /**
   * Says that a button was pressed (`toggled`) or released: the platform notes it in the `userIds` of every button with
   * that id in the message. A `message` button's text is sent with {@link sendMessage} and `postback` besides.
   */
  sendRichMessagePostback(options: {
    chatId: string;
    threadId: string;
    eventId: string;
    postback: RichMessagePostback;
  }): Promise<Success>;
  /**
   * Tells agents what the customer is typing. Sent at most every 2 s, always ending with the latest text; nothing is
   * sent while the chat is closed or the line is down. Wrong arguments are reported with `reportError`.
   */
  setSneakPeek(options: { chatId: string; sneakPeekText: string }): void;

  // ---- properties: a customer may write some namespaces only; others reject with `AUTHORIZATION`

  /** Sets properties of a chat; those not named stay. `chat_properties_updated` fires too. */
  updateChatProperties(options: { id: string; properties: Properties }): Promise<Success>;
  /** Deletes properties of a chat. `chat_properties_deleted` fires too. */
  deleteChatProperties(options: { id: string; properties: PropertyNames }): Promise<Success>;
  /** Sets properties of a thread; those not named stay. `thread_properties_updated` fires too. */
  updateThreadProperties(options: { chatId: string; threadId: string; properties: Properties }): Promise<Success>;
  /** Deletes properties of a thread. `thread_properties_deleted` fires too. */
  deleteThreadProperties(options: { chatId: string; threadId: string; properties: PropertyNames }): Promise<Success>;
  /** Sets properties of an event; those not named stay. `event_properties_updated` fires too. */
  updateEventProperties(options: {
    chatId: string;
    threadId: string;
    eventId: string;
    properties: Properties;
  }): Promise<Success>;
  /** Deletes properties of an event. `event_properties_deleted` fires too. */
  deleteEventProperties(options: {
    chatId: string;
    threadId: string;
    eventId: string;
    properties: PropertyNames;
  }): Promise<Success>;
  /** The organization's properties that customers may read, all or by namespace and name. Needs no line. */
  listLicenseProperties(options?: { namespace?: string; name?: string }): Promise<Properties>;
  /** A group's properties that customers may read, all or by namespace and name. Needs no line. */
  listGroupProperties(options: { id: number; namespace?: string; name?: string }): Promise<Properties>;

  // ---- the customer

  /** The customer as the platform has them, with `statistics`. */
  getCustomer(): Promise<CustomerWithStatistics>;
  /**
   * Changes what is given; at least one field. Where the platform counts over 100 session fields it rejects with
   * `LIMIT_REACHED` (3.5: `CUSTOMER_SESSION_FIELDS_LIMIT_REACHED`). `customer_updated` fires too.
   */
  updateCustomer(options: CustomerUpdate): Promise<Success>;
  /** Sets session fields, in this order, at most 100; rejects as {@link updateCustomer}. */
  setCustomerSessionFields(options: { sessionFields: SessionFields }): Promise<Success>;
  /**
   * Tells agents which page the customer is on; what is not given stays. Without a line it goes out with the next
   * login. Wrong arguments are reported with `reportError`, other failures are not told.
   */
  updateCustomerPage(options: { url?: string; title?: string }): void;
  /**
   * Has the customer's e-mail address verified. The platform sends the verified address to `callbackUri` itself, and to
   * the last 10 such addresses only; nothing fires here. Needs no line, only a token.
   */
  requestEmailVerification(options: { callbackUri: string }): Promise<Success>;
  /** Reports a visit for the organization's goals while the customer is not connected. Needs no line, only a token. */
  checkGoals(options: { pageUrl: string; groupId?: number; sessionFields?: SessionFields }): Promise<Success>;
  /**
   * Asks for a code that makes another device this customer. With `codeChallenge` (PKCE, S256) the code is worth
   * nothing without its verifier. Rejects as {@link Auth} does.
   */
  requestIdentityTransfer(options?: { codeChallenge?: string }): Promise<IdentityTransfer>;
  /**
   * Becomes the customer that gave the code: the api goes on with their chats, and `identity_changed` fires. Rejects
   * with the token service's word in upper case (e.g. `INVALID_GRANT`), or with `UNSUPPORTED` where the identity comes
   * from an `identityProvider`.
   */
  acceptIdentityTransfer(options: { code: string; codeVerifier?: string }): Promise<Success>;
  /**
   * Ends the customer's session on this device: closes the connection, forgets token, chats and what was stored,
   * revokes the token. Whatever waits rejects with `LOGGED_OUT`. Resolves also when the platform cannot be told. The
   * api is `closed` then; {@link connect} starts with a new token.
   */
  logout(): Promise<Success>;

  // ---- greetings and the welcome message

  /** Says that a greeting was seen. Rejects with `GREETING_NOT_FOUND`. `greeting_accepted` fires too. */
  acceptGreeting(options: { greetingId: number; uniqueId: string }): Promise<Success>;
  /** Says that a greeting was closed. Rejects with `GREETING_NOT_FOUND`. `greeting_canceled` fires too. */
  cancelGreeting(options: { uniqueId: string }): Promise<Success>;
  /** Says which button (its `postbackId`) was pressed. Rejects with `GREETING_NOT_FOUND`. 3.6: see {@link can}. */
  sendGreetingButtonClicked(options: { greetingUniqueId: string; buttonId: string }): Promise<Success>;
  /**
   * Asks who would answer and for their first words, which follow as `incoming_welcome_message` with the same `id`.
   * Give the `id` to {@link startChat} as `welcomeMessageId` to have them in the chat. Rejects with `GROUP_OFFLINE`,
   * `GROUP_UNAVAILABLE`. 3.6: see {@link can}.
   */
  requestWelcomeMessage(options?: { id?: string; groupId?: number }): Promise<WelcomeMessage>;

  // ---- the organization

  /**
   * A group's form, if it has one. Rejects with `GROUP_NOT_FOUND`. Fields of ticket forms have no ids of their own;
   * they are numbered.
   */
  getForm(options: { groupId: number; type: "prechat" | "postchat" | "ticket" }): Promise<FormState>;
  /** Who would answer. Rejects with `GROUP_OFFLINE`, and `GROUP_UNAVAILABLE` when nobody is free. */
  getPredictedAgent(options?: { groupId?: number }): Promise<{ agent: PredictedAgent; queue: boolean }>;
  /** The status of the groups named, or of all. Groups that do not exist are left out. */
  listGroupStatuses(options?: { groupIds?: number[] }): Promise<Record<string, GroupStatus>>;
  /** What stands behind a link, for a preview. */
  getUrlInfo(options: { url: string }): Promise<UrlInfo>;
  /** What the organization's widget is to be like for this page and group. Needs neither a line nor a token. */
  getDynamicConfiguration(options?: {
    groupId?: number;
    url?: string;
    channelType?: string;
    test?: boolean;
  }): Promise<DynamicConfiguration>;
  /** A group's buttons, forms and integrations; `version` is the dynamic configuration's `configVersion`. */
  getConfiguration(options: { groupId: number; version: string }): Promise<GroupConfiguration>;
  /** A group's phrases by key; `version` is the dynamic configuration's `localizationVersion`. */
  getLocalization(options: { groupId: number; language: string; version: string }): Promise<Record<string, string>>;
}

/** What {@link Api.can} can be asked about: every method that needs the platform. */
export type Feature = Exclude<
  keyof Api,
  "auth" | "can" | "chats" | "connect" | "destroy" | "disconnect" | "off" | "on" | "once" | "reconnect" | "state"
>;

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
export interface Upload {
  promise: Promise<{ url: string }>;
  cancel(): void;
}

export interface Success {
  success: true;
}
export type SortOrder = "asc" | "desc";

export type State = "idle" | "connecting" | "connected" | "closed";

export interface StateChange {
  state: State;
  previous: State;
  /** While connecting: the number of attempts since the last useful connection, from 1. */
  attempt?: number;
  /**
   * Why: `"connect"`, `"reconnect"`, `"disconnect"`, `"connection_lost"`, `"no_answer"`, `"no_token"`, `"online"`,
   * `"awake"`, `"catch_up_failed"`, `"identity_transfer"`, or the platform's word for it in lower case.
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
  /** What the platform or the SDK adds. */
  readonly details?: ErrorDetails;
}

export interface ErrorDetails {
  /** `VALIDATION`: the argument that is wrong, and what it must be. */
  argument?: string;
  expected?: string;
  /** A send that failed: the id to try again with. */
  customId?: string;
  /** What was too much, and how much there was. */
  limit?: number;
  size?: number;
  /** Without a token: the token service's word for it, in lower case. */
  reason?: string;
  /** Where that word stood. */
  exception?: "identity_exception" | "oauth_exception";
  /** The HTTP status of an answer that had no error of the platform's own. */
  status?: number;
  [name: string]: Json | undefined;
}

/** Codes are open: the platform's own error types come through in upper case. The last ones are the token service's. */
export type ErrorCode =
  | "AUTHENTICATION" | "AUTHORIZATION" | "CHAT_ALREADY_ACTIVE" | "CHAT_ANONYMIZED" | "CHAT_INACTIVE"
  | "CHAT_LIMIT_REACHED" | "CONNECTION_LOST" | "CUSTOMER_BANNED" | "CUSTOMER_SESSION_FIELDS_LIMIT_REACHED"
  | "ENTITY_TOO_LARGE" | "GREETING_NOT_FOUND" | "GROUPS_OFFLINE" | "GROUP_NOT_FOUND" | "GROUP_OFFLINE"
  | "GROUP_UNAVAILABLE" | "IDENTITY_CHANGED" | "INTERNAL" | "LICENSE_EXPIRED" | "LICENSE_NOT_FOUND" | "LIMIT_REACHED"
  | "LOGGED_OUT" | "MISDIRECTED_REQUEST" | "MISSING_CHAT_THREAD" | "NOT_ALLOWED" | "NOT_FOUND" | "NOT_LOADED"
  | "NO_CONNECTION" | "NO_TOKEN" | "PENDING_REQUESTS_LIMIT_REACHED" | "REQUEST_TIMEOUT" | "SDK_DESTROYED"
  | "SERVICE_UNAVAILABLE" | "TOO_BIG_FILE" | "TOO_MANY_REQUESTS" | "UNSUPPORTED" | "UNSUPPORTED_VERSION"
  | "UPLOAD_CANCELED" | "UPLOAD_FAILED" | "USERS_LIMIT_REACHED" | "VALIDATION" | "WASM_UNAVAILABLE"
  | "WRONG_PRODUCT_VERSION"
  | "ACCESS_DENIED" | "BAD_REQUEST" | "CONFLICT" | "FORBIDDEN" | "INVALID_CLIENT" | "INVALID_GRANT"
  | "INVALID_REQUEST" | "RESOURCE_NOT_FOUND" | "SERVER_ERROR" | "TEMPORARILY_UNAVAILABLE" | "UNAUTHORIZED_CLIENT"
  | "UNSUPPORTED_GRANT_TYPE"
  | (string & {});

// ---------------------------------------------------------------------------------------------------- the nouns

/** JSON whose shape is an application's own affair. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
export interface JsonObject {
  [name: string]: Json;
}

declare enum NotKnownYet {
  word = "",
}
/**
 * A word that this version does not know, in a place where the known ones are told apart. To the compiler it is a
 * string that equals none of them, so that in a `switch` it comes out at `default`.
 */
export type UnknownWord = NotKnownYet;

export type PropertyValue = string | number | boolean;
type PropertyGroup<Known> = Known & { [name: string]: PropertyValue | undefined };

/**
 * `{ namespace: { name: value } }`, as the platform has it; names are not converted. An application's own namespace is
 * its client id. The platform's namespaces that customers meet are spelled out; "read only" ones refuse a write.
 */
export interface Properties {
  rating?: PropertyGroup<Rating>;
  routing?: PropertyGroup<{
    /** Chats, threads. Read only. */
    continuous?: boolean;
    /** Threads. */
    transcript_email?: string;
    offline_message?: boolean;
    /** Chats. */
    email_follow_up?: boolean;
    ignore_agents_routing?: boolean;
    /** Threads. Write only. */
    ignore_bots?: boolean;
    /** Threads. Read only. */
    start_url?: string;
  }>;
  lc2?: PropertyGroup<{
    /** Events. */
    form_type?: string;
    /** Threads; on events read only. */
    greeting_id?: number;
    greeting_unique_id?: string;
    /** Events. Read only. */
    welcome_message?: boolean;
  }>;
  chats?: PropertyGroup<{
    /** Events: `"commonmark"` says that the text is Markdown. */
    formatting?: "commonmark" | (string & {});
    /** Events. Read only. */
    welcome_message_source?: string;
  }>;
  source?: PropertyGroup<{
    /** Read only. */
    client_id?: string;
    customer_client_id?: string;
  }>;
  status?: PropertyGroup<{
    /** Events. */
    delivered?: boolean;
  }>;
  [namespace: string]: PropertyGroup<{}> | undefined;
}
/** `{ namespace: [name, …] }`. */
export type PropertyNames = Record<string, string[]>;
export type Rating = {
  /** 1 good, 0 bad. */
  score?: 0 | 1;
  comment?: string;
};

export interface Access {
  /** Group 0 means all agents. */
  groupIds?: number[];
}

// ---- people

export interface Agent {
  id: string;
  /** Bots are agents too. */
  type: "agent";
  name: string;
  /** May lack a scheme. */
  avatar: string;
  jobTitle?: string;
  isBot?: boolean;
}
export interface Customer {
  id: string;
  type: "customer";
  name?: string;
  email?: string;
  avatar?: string;
  sessionFields: SessionFields;
  /** The old name of `sessionFields`; in `user_data` only. */
  fields?: SessionFields;
  statistics?: CustomerStatistics;
  emailVerified?: boolean;
  /** 3.6, as are the two below. */
  phoneNumber?: string;
  address?: Address;
  omnichannel?: Omnichannel;
}
export interface CustomerStatistics {
  chatsCount: number;
  threadsCount: number;
  visitsCount: number;
  pageViewsCount: number;
  greetingsShownCount: number;
  greetingsAcceptedCount: number;
}
export interface CustomerWithStatistics extends Customer {
  statistics: CustomerStatistics;
}
/** As it is read; {@link CustomerUpdate} has the form in which it is written. */
export interface Omnichannel {
  fbMessenger?: {
    ID: string;
    Name?: string;
    FirstName?: string;
    LastName?: string;
    ProfilePicURL?: string;
    Gender?: string;
    Locale?: string;
    IsVerifiedUser?: boolean;
  }[];
  /** By phone number. */
  twilio?: Record<string, { phoneNumber: string }>[];
}
export type User = Agent | Customer;
export interface Presence {
  /** Is in the chat now. */
  present: boolean;
  /** RFC 3339; absent when they have seen nothing. */
  eventsSeenUpTo?: string;
}
export type ChatUser = User & Presence;
/** The agent that a question about the future names. */
export interface PredictedAgent extends Agent {
  isBot: boolean;
  botType?: "chatbot" | "ai_agent" | (string & {});
}

// ---- chats

export interface Chat {
  id: string;
  access: Access;
  users: ChatUser[];
  properties: Properties;
  /** By user id; `null` when that user has seen nothing. */
  eventsSeenUpToMap: Record<string, string | null>;
  thread: Thread | null;
  /** In `incoming_chat`, after a transfer. */
  transferredFrom?: Targets;
}
export interface ChatWithThread extends Chat {
  thread: Thread;
}
export interface Targets {
  agentIds?: string[];
  groupIds?: number[];
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
  /** `null` when nobody is waited for. */
  queue: Queue | null;
}
export interface QueuePosition {
  /** From 1. */
  position: number;
  /** About how long, in seconds. */
  waitTime: number;
}
export interface Queue extends QueuePosition {
  /** RFC 3339. */
  queuedAt: string;
}
export interface ChatSummary {
  id: string;
  /** Its last thread is open. */
  active: boolean;
  access: Access;
  users: ChatUser[];
  properties: Properties;
  lastThreadId: string | null;
  /** RFC 3339. */
  lastThreadCreatedAt: string | null;
  eventsSeenUpToMap: Record<string, string | null>;
  /** The newest event of each type, over the whole chat. */
  lastEventsPerType?: EventPerType;
  /** The newest of them. */
  lastEvent?: ChatEvent;
  /** As the platform sends it. */
  lastEventPerType?: Record<string, { threadId: string; threadCreatedAt: string; event: ChatEvent }>;
}
export interface EventPerType {
  message?: MessageEvent;
  file?: FileEvent;
  rich_message?: RichMessageEvent;
  form?: FormEvent;
  filled_form?: FilledFormEvent;
  custom?: CustomEvent;
  system_message?: SystemMessageEvent;
  system?: SystemEvent;
  annotation?: AnnotationEvent;
  [type: string]: ChatEvent | undefined;
}
export interface ChatsPage {
  chatsSummary: ChatSummary[];
  /** An estimate. */
  totalChats: number;
  /** Of all the chats, each once. */
  users: ChatUser[];
  previousPageId: string | null;
  nextPageId: string | null;
}
export interface ThreadsPage {
  threads: Thread[];
  previousPageId: string | null;
  nextPageId: string | null;
  /** How many threads there are. */
  foundThreads?: number;
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

export interface StartChatOptions {
  chat?: NewChat;
  /** `false` makes the thread closed from the start. Default `true`. */
  active?: boolean;
  /** `true` needs no group to be online. */
  continuous?: boolean;
  /** 3.6: the `id` of {@link Api.requestWelcomeMessage}. */
  welcomeMessageId?: string;
}
export interface ResumeChatOptions extends StartChatOptions {
  chat: NewChat & { id: string };
}
export interface NewChat {
  /** Default: all agents. */
  access?: Access;
  properties?: Properties;
  thread?: { events?: NewEvent[]; properties?: Properties };
}

// ---- events

/** What every event has. */
export interface EventBase {
  id: string;
  /** `"system"` for what nobody wrote. */
  authorId: string;
  /** RFC 3339, UTC, microseconds. */
  createdAt: string;
  threadId: string;
  properties: Properties;
  /** The sender's own id for it. */
  customId?: string;
  /** Whom it is for; customers get `"all"` only. */
  recipients?: Recipients;
  /** The newer name of `recipients`. */
  visibility?: Recipients;
  /** Before 3.1: its place in the thread, and seconds since 1970. */
  order?: number;
  timestamp?: number;
}
export type Recipients = "all" | "agents" | (string & {});

export interface MessageEvent extends EventBase {
  type: "message";
  /** Plain, unless `properties.chats.formatting` says otherwise. Never HTML. */
  text: string;
  /** The button that it answers. */
  postback?: MessagePostback;
}
export interface MessagePostback {
  /** The button's `postbackId`. */
  id: string;
  /** Where the rich message is. */
  threadId: string;
  eventId: string;
  /** The button's; both or none. */
  type?: string;
  value?: string;
  /** 3.6. */
  ecommerce?: EcommerceChoice;
}

export interface FileEvent extends EventBase {
  type: "file";
  /** Does not expire. */
  url: string;
  name: string;
  /** A MIME type. */
  contentType: string;
  /** In bytes. */
  size?: number;
  /** In pixels; this and what follows for images only. */
  width?: number;
  height?: number;
  thumbnails?: { default: Thumbnail; high: Thumbnail };
  alternativeText?: string;
  /** The addresses in `thumbnails`, as the platform sends them. */
  thumbnailUrl?: string;
  thumbnail2xUrl?: string;
}
/** The longer side is at most 300 pixels, of `high` ones 600. */
export interface Thumbnail {
  url: string;
  width: number;
  height: number;
}

export interface RichMessageEvent extends EventBase {
  type: "rich_message";
  /** How to show it: several cards are a carousel. `ecommerce` since 3.6. Others come through as they are. */
  template: RichMessageTemplate;
  templateId?: RichMessageTemplate;
  /** At most 10. */
  elements: RichMessageElement[];
}
export type RichMessageTemplate = "cards" | "quick_replies" | "sticker" | "ecommerce" | (string & {});
export interface RichMessageElement {
  title?: string;
  subtitle?: string;
  image?: RichMessageImage;
  /** At most 13. */
  buttons?: Button[];
  ecommerce?: EcommerceElement;
}
export interface RichMessageImage {
  url: string;
  name?: string;
  alternativeText?: string;
  contentType?: string;
  size?: number;
  width?: number;
  height?: number;
}
interface ButtonBase {
  text: string;
  postbackId: string;
  /** Who has pressed it. */
  userIds: string[];
  /** How much it matters. */
  role: "default" | "primary" | "danger" | (string & {});
}
/** What is done when it is pressed, besides the postback. */
export type Button =
  /** Sends `text` as a message with `postback`. */
  | (ButtonBase & { type: "message"; value: string })
  /** Calls a number. */
  | (ButtonBase & { type: "phone"; value: string })
  /** Opens an address. Show http and https only. */
  | (ButtonBase & { type: "url"; value: string; target?: "current" | "new" | (string & {}) })
  /** Opens an address within the chat's window. */
  | (ButtonBase & { type: "webview"; value: string; webviewHeight?: "full" | "tall" | "compact" | (string & {}) })
  /** Closes the message, e.g. a greeting. */
  | (ButtonBase & { type: "cancel"; value?: string })
  /** Nothing else. */
  | (ButtonBase & { type?: undefined; value?: string })
  | (ButtonBase & { type: UnknownWord; value?: string });
export interface EcommerceElement {
  viewType?: "tags" | "swatch" | "images" | "select" | (string & {});
  productId?: string;
  label?: string;
  options?: {
    optionId: string;
    label: string;
    price?: number;
    regularPrice?: number;
    currency?: string;
    color?: string;
    imageUrl?: string;
    imageThumbnailUrl?: string;
    available?: boolean;
    selected?: boolean;
  }[];
  addons?: { addonType: string; rangeFrom?: number; rangeTo?: number; currency?: string }[];
}
export interface EcommerceChoice {
  productId: string;
  optionId?: string;
  quantity?: number;
}
export interface RichMessagePostback {
  /** The button's `postbackId`. */
  id: string;
  /** Pressed or released. */
  toggled: boolean;
  /** 3.6, as are the two below. */
  buttonType?: string;
  buttonValue?: string;
  ecommerce?: EcommerceChoice;
}

export interface FormEvent extends EventBase {
  type: "form";
  formId: string;
  formType?: FormType;
  fields: FormField[];
}
export interface FilledFormEvent extends EventBase {
  type: "filled_form";
  formId: string;
  formType?: FormType;
  fields: FilledField[];
}
export type FormType = "prechat" | "postchat" | "ask_for_email" | (string & {});

export interface CustomEvent extends EventBase {
  type: "custom";
  /** The application's own; keys are not converted. */
  content?: JsonObject;
}

export interface SystemMessageEvent extends EventBase {
  type: "system_message";
  systemMessageType: SystemMessageType;
  /** English; the fallback for a type that the page has no words for. */
  text?: string;
  /** What stands in the text: `agent`, `initiator`, `targets`, `duration` and so on; keys are not converted. */
  textVars?: Record<string, string>;
}
/** Applications may invent their own. */
export type SystemMessageType =
  | "agent_added" | "agent_joined" | "agent_left" | "agent_removed" | "archived_customer_disconnected"
  | "chat_transferred" | "customer_added" | "customer_banned" | "customer_removed" | "customer_updated"
  | "manual_archived" | "manual_archived_agent" | "manual_archived_customer" | "rating.chat_commented"
  | "rating.chat_rated" | "rating.chat_rating_canceled" | "routing.archived_deleted" | "routing.archived_disconnected"
  | "routing.archived_inactive" | "routing.archived_offline" | "routing.archived_other"
  | "routing.archived_remotely_signed_out" | "routing.archived_signed_out" | "routing.assigned"
  | "routing.assigned_deleted" | "routing.assigned_disconnected" | "routing.assigned_inactive"
  | "routing.assigned_other" | "routing.assigned_remotely_signed_out" | "routing.assigned_signed_out" | "routing.idle"
  | "routing.unassigned_deleted" | "routing.unassigned_disconnected" | "routing.unassigned_other"
  | "routing.unassigned_remotely_signed_out" | "routing.unassigned_signed_out" | "system_archived"
  | "transcript_requested" | "transcript_sent"
  | (string & {});

/** 3.6. What a system has to say in a structured way. */
export interface SystemEvent extends EventBase {
  type: "system";
  source: "cdp" | "messaging" | "ai_agents" | (string & {});
  subtype: SystemEventSubtype;
  version: number;
  /** JSON as a text; its shape depends on source, subtype and version. */
  details: string;
}
export type SystemEventSubtype =
  | "store_order_was_created" | "store_product_added_to_cart" | "store_product_removed_from_cart" | "summary"
  | "custom_skill_started" | "custom_skill_completed" | "custom_skill_failed" | "custom_skill_rejected"
  | "custom_skill_awaiting_feedback"
  | (string & {});

/** From the time before 3.1; today a rating is a property of the thread. */
export interface AnnotationEvent extends EventBase {
  type: "annotation";
  annotationType: "rating" | (string & {});
  text?: string;
}

/** An event of a type that this version does not know, with all its fields. */
export interface UnknownEvent extends EventBase {
  type: UnknownWord;
  [field: string]: unknown;
}

/** Narrow with `switch (event.type)`; what arrives at `default` is of a type that is not known yet. */
export type ChatEvent =
  | MessageEvent
  | FileEvent
  | RichMessageEvent
  | FormEvent
  | FilledFormEvent
  | CustomEvent
  | SystemMessageEvent
  | SystemEvent
  | AnnotationEvent
  | UnknownEvent;

/** What can be sent. */
export type NewEvent = { customId?: string; properties?: Properties } & (
  | { type: "message"; text: string; postback?: MessagePostback; recipients?: "all" }
  | { type: "file"; url: string; alternativeText?: string }
  | { type: "filled_form"; formId: string; fields: FilledField[] }
  | { type: "rich_message"; templateId: RichMessageTemplate; elements?: NewRichMessageElement[] }
  | {
      type: "system_message";
      systemMessageType: string;
      text?: string;
      textVars?: Record<string, string>;
      recipients?: "all" | "agents";
    }
  | { type: "custom"; content?: object }
);
export interface NewRichMessageElement extends Omit<RichMessageElement, "buttons"> {
  buttons?: {
    type?: string;
    text: string;
    value?: string;
    postbackId?: string;
    webviewHeight?: string;
    target?: string;
  }[];
}

// ---- forms

export type FormState = { enabled: false; form?: undefined } | { enabled: true; form: Form };
export interface Form {
  id?: string;
  fields: FormField[];
}
interface FieldBase {
  id: string;
  label: string;
}
interface RequiredField extends FieldBase {
  required: boolean;
}
export type FormField =
  /** Not a question. */
  | (FieldBase & { type: "header"; required?: boolean })
  | (RequiredField & { type: "name" | "email" | "question" | "textarea" | "subject" })
  | (RequiredField & { type: "radio" | "select" | "checkbox"; options: FieldOption[] })
  | (RequiredField & { type: "checkbox_for_email"; checked?: boolean })
  | (RequiredField & { type: "group_chooser"; options: GroupOption[] })
  | (RequiredField & { type: "rating"; commentLabel?: string })
  | (FieldBase & { type: UnknownWord; required?: boolean; options?: FieldOption[] });
export interface FieldOption {
  id: string;
  label: string;
  /** Ticked from the start. */
  checked?: boolean;
}
export interface GroupOption extends FieldOption {
  groupId: number;
}
/** Without `answer` or `answers` the question was left open. */
export type FilledField =
  | (FieldBase & { type: "name" | "email" | "question" | "textarea" | "subject"; answer?: string })
  | (FieldBase & { type: "radio" | "select"; answer?: FieldAnswer })
  | (FieldBase & { type: "checkbox"; answers?: FieldAnswer[] })
  | (FieldBase & { type: "checkbox_for_email"; answer?: boolean })
  | (FieldBase & { type: "group_chooser"; answer?: { id?: string; label: string; groupId: number } })
  | (FieldBase & { type: UnknownWord; answer?: Json; answers?: Json[] })
  | LegacyField;
export interface FieldAnswer {
  id: string;
  label: string;
}
/** Forms of the time before 3.0. */
export interface LegacyField {
  type: "text" | "title" | "information";
  name: string;
  label: string;
  required?: boolean;
  value?: string;
}

// ---- greetings

export interface Greeting {
  /** Which one was configured. */
  id: number;
  /** This showing of it. */
  uniqueId: string;
  displayedFirstTime: boolean;
  accepted: boolean;
  addon: string | null;
  subtype: "greeting" | "announcement" | (string & {});
  /** To be shown when the customer is about to leave. */
  isExitIntent?: boolean;
  event: GreetingEvent;
  agent: GreetingAgent;
}
/** An event outside of any thread; it may lack what threads give. */
type Loose<E extends EventBase> = Omit<E, keyof EventBase> &
  Partial<Omit<EventBase, "threadId">> & { threadId?: string | null };
export type GreetingEvent = Loose<MessageEvent> | Loose<RichMessageEvent>;
export interface GreetingAgent {
  id: string;
  name: string;
  avatar: string;
  jobTitle?: string;
  isBot: boolean;
  type?: "agent";
}
export interface WelcomeMessage {
  id: string;
  predictedAgent: PredictedAgent;
  /** Whether the customer would have to wait. */
  queue: boolean;
}

// ---- the organization

/** `online_for_queue`: agents are there and none is free. */
export type GroupStatus = "online" | "online_for_queue" | "offline";
export type Availability = "online" | "offline";

export interface UrlInfo {
  url: string;
  title?: string;
  description?: string;
  /** Always https. */
  imageUrl?: string;
  imageOriginalUrl?: string;
  /** In pixels. */
  imageWidth?: number;
  imageHeight?: number;
}

export interface WidgetConfiguration {
  groupId: number;
  clientLimitExceeded: boolean;
  domainAllowed: boolean;
  /** Absent when no group is online. */
  onlineGroupIds?: number[];
  configVersion: string;
  localizationVersion: string;
  language: string;
}
/** 3.6 has the widget's part in `livechat`, while that is active; 3.5 has it here. */
export interface DynamicConfiguration extends Partial<WidgetConfiguration> {
  organizationId: string;
  defaultWidget?: "livechat" | "openwidget" | "chatbot" | (string & {});
  livechatActive?: boolean;
  livechat?: WidgetConfiguration;
}
export interface GroupConfiguration {
  buttons: { id: string; type: "image" | "text" | (string & {}); onlineValue: string; offlineValue: string }[];
  ticketForm?: Form;
  prechatForm?: Form;
  integrations: JsonObject;
  properties: { group: Properties; license: Properties };
}

export interface IdentityTransfer {
  /** The `code` for the other device's {@link Api.acceptIdentityTransfer}. */
  identityTransferToken: string;
  /** Lifetime in milliseconds. */
  expiresIn: number;
}

// --------------------------------------------------------------------------------------------------- the events

export interface Connected {
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

/**
 * Every event and what its listeners get. One happening may have several names, the vendor's of today and those of
 * yesterday; all of them fire.
 */
export interface EventMap {
  // ---- the connection

  /** After the first login, and after the first as another customer. Not after other ones. */
  connected: Connected;
  /** After each later login. What was missed follows as `new_event`, in order. */
  connection_restored: Connected;
  /** The line dropped; the SDK comes back by itself. Not before the first `connected`. */
  connection_lost: undefined;
  /** The browser says that it is offline while the line looks open. Sends still go into it and wait. */
  connection_unstable: undefined;
  /** The line that was unstable answers after all. If it does not, `connection_lost` fires instead. */
  connection_recovered: undefined;
  /**
   * The SDK will not come back by itself: the reason, or nothing when the page asked for it. {@link Api.connect}
   * may be called again. Not after `destroy()`.
   */
  disconnected: DisconnectReason | undefined;
  /** What the connection is doing has changed. Not after `destroy()`. */
  state: StateChange;
  /**
   * Something was odd; nothing of the conversation is lost by it. `code`: `FRAME` (a frame made no sense; the chats are
   * read again), `TOKEN` and `LOGIN` (a refusal; `state` or `disconnected` says what follows), `CATCH_UP` (a chat could
   * not be read).
   */
  warning: { code: string; message: string; details?: ErrorDetails };
  /** The platform's farewell, before it closes the line; `state` or `disconnected` says what follows. */
  customer_disconnected: {
    reason: DisconnectReason;
    /** `region`: the right one of a misdirected connection. `timeout`: how long the customer is blocked, in seconds. */
    data?: { region?: string; timeout?: number; [name: string]: Json | undefined };
  };

  // ---- people

  /** With the first token; again only when it is another customer's, or after {@link Api.logout}. */
  customer_id: string;
  /**
   * The token belongs to another customer than before, whose chats are gone from {@link Api.chats}. Sends that waited
   * reject with `IDENTITY_CHANGED`; `connected` follows. Not after {@link Api.logout}.
   */
  identity_changed: { previousId: string; newId: string };
  /** Each user met, before the event that mentions it, and again when something about them is new. */
  user_data: User & Partial<Presence>;
  /** Only what changed, and `id`. Also after this api's own {@link Api.updateCustomer}. */
  customer_updated: Partial<Customer> & { id: string };
  /** 3.5. Another tab of the customer is on another page. `openedAt`: RFC 3339. */
  customer_page_updated: { url: string; title?: string; openedAt: string };
  /** The platform keeps something for itself on this device; the SDK stores it. */
  customer_side_storage_updated: { customerSideStorage: Record<string, string> };
  /** `present: false`: they wrote into the chat without joining. `requesterId`: the agent that did it. */
  user_added_to_chat: {
    chatId: string;
    threadId?: string;
    user: ChatUser;
    present: boolean;
    reason?: string;
    requesterId?: string;
  };
  /** Somebody is not in the chat any more; what they wrote stays. `requesterId`: the agent that did it. */
  user_removed_from_chat: {
    chatId: string;
    threadId?: string;
    userId: string;
    reason?: UserRemovalReason;
    requesterId?: string;
  };
  /** Agents came or went. `online_for_queue` counts as online. */
  availability_updated: { availability: Availability };
  /** As `availability_updated`, group by group: those that changed. */
  groups_status_updated: { groups: { id: number; status: GroupStatus }[] };

  // ---- the conversation

  /**
   * Once per event that this api did not send itself, in the chat's order, live or fetched after an outage. Not for
   * what the chat already held at `connected`: that is history.
   */
  new_event: ChatEvent & { chat: string; thread: string };
  /** As `new_event`, in the vendor's form of today; without `strict` not for what comes with an `incoming_chat`. */
  incoming_event: { chatId: string; threadId: string; event: ChatEvent };
  /** An event that is known was changed; `event` is the whole of it and replaces the one with its id. */
  event_updated: { chatId: string; threadId: string; event: ChatEvent };
  /** 3.6. An event is gone; nothing of it is to be shown any more. */
  event_deleted: { chatId: string; threadId: string; eventId: string };
  /**
   * 3.6. A message as it is being written, usually by a bot: show it as provisional. The event with the same `customId`
   * replaces it.
   */
  incoming_event_preview: { chatId: string; threadId: string; event: PreviewEvent };
  /** 3.6. An AI agent is thinking. Nothing says that it stopped: its event does, or some seconds of silence. */
  incoming_thinking_indicator: {
    chatId: string;
    threadId: string;
    authorId: string;
    /** RFC 3339. */
    sentAt: string;
    customId?: string;
    title?: string;
    description?: string;
  };
  /** 3.6. The answer to {@link Api.requestWelcomeMessage}, by `id`. It is not an event of a chat. */
  incoming_welcome_message: { id: string; event: GreetingEvent };
  /** A user, the customer in another tab among them, pressed or released a button. Not for closed threads. */
  incoming_rich_message_postback: {
    userId: string;
    chatId: string;
    threadId: string;
    eventId: string;
    postback: RichMessagePostback;
  };
  /** Something for many customers at once; what it is, is the sender's affair. `authorId`: who asked for it. */
  incoming_multicast: { content: JsonObject; type?: string; authorId?: string };
  /** Somebody is writing; again with each sign of it. */
  user_is_typing: { chat: string; user: string };
  /** Also 10 s after the last sign of typing, with a message of the same user, and when the line drops. */
  user_stopped_typing: { chat: string; user: string };
  /** As `user_is_typing` and `user_stopped_typing`. `timestamp`: seconds since 1970. */
  incoming_typing_indicator: {
    chatId: string;
    threadId?: string;
    typingIndicator: { authorId: string; isTyping: boolean; recipients?: Recipients; timestamp?: number };
  };
  /** Somebody, the customer in another tab among them, has seen the chat up to a time (RFC 3339). */
  events_marked_as_seen: { chatId: string; userId: string; seenUpTo: string };
  /** As `events_marked_as_seen`. `timestamp`: milliseconds since 1970. */
  last_seen_timestamp_updated: { chat: string; user: string; timestamp: number | null };

  // ---- chats and threads

  /** A chat or thread was opened by another tab, an agent or the server; not by this api. */
  incoming_chat: { chat: ChatWithThread; requesterId?: string };
  /** A thread was closed, also by this api. Without `userId` nobody did it: the platform's routing. */
  chat_deactivated: { chatId: string; threadId: string; userId?: string };
  /** As `chat_deactivated`. */
  thread_closed: { chat: string; thread: string };
  /** Somebody else is responsible now. `queue`: the customer waits for them. `requesterId`: when by hand. */
  chat_transferred: {
    chatId: string;
    threadId?: string;
    reason?: TransferReason;
    requesterId?: string;
    transferredTo: Targets;
    queue: Queue | null;
  };
  /** The customer's place in the queue. Not when the waiting ends: `chat_transferred` says that. */
  queue_position_updated: { chatId: string; threadId: string; queue: QueuePosition };
  /** A thread became known: when one opens, and for each thread that `listThreads` or `getChatHistory` reads. */
  thread_summary: ThreadMetadata;
  /** As `thread_summary`, under its first name. */
  thread_metadata: ThreadMetadata;
  /** As `thread_summary`, as the first documents spell it. */
  thread_metada: ThreadMetadata;

  // ---- properties: also after this api's own calls

  /** Properties of a chat: only those that changed. */
  chat_properties_updated: { chatId: string; properties: Properties; chat: string };
  /** Properties of a chat are gone. */
  chat_properties_deleted: { chatId: string; properties: PropertyNames; chat: string };
  /** Properties of a thread, a rating among them: only those that changed. */
  thread_properties_updated: ThreadPlace & { properties: Properties };
  /** As `thread_properties_updated`. */
  chat_thread_properties_updated: ThreadPlace & { properties: Properties };
  /** Properties of a thread are gone. */
  thread_properties_deleted: ThreadPlace & { properties: PropertyNames };
  /** Properties of an event: only those that changed. */
  event_properties_updated: ThreadPlace & { eventId: string; properties: Properties };
  /** Properties of an event are gone. */
  event_properties_deleted: ThreadPlace & { eventId: string; properties: PropertyNames };

  // ---- greetings

  /** To be shown to the customer. One that was open is `greeting_canceled` first. */
  incoming_greeting: Greeting;
  /** The greeting was seen, here or in another tab. */
  greeting_accepted: { uniqueId: string };
  /** The greeting is to be shown no more: closed, withdrawn, or a new one takes its place. */
  greeting_canceled: { uniqueId: string };

  /** A push that this version does not know, as the platform sent it. */
  unknown_push: { action: string; payload: Json };
}
export type EventName = keyof EventMap;

/** Where something is; `chat` and `thread` are the old names. */
export interface ThreadPlace {
  chatId: string;
  threadId: string;
  chat: string;
  thread: string;
}
/** `totalEvents` counts what the customer may see; `order` is 0 (threads are ordered by their time). */
export interface ThreadMetadata {
  id: string;
  chat: string;
  order: number;
  totalEvents: number;
}
export interface PreviewEvent {
  type: "message";
  text: string;
  authorId: string;
  createdAt: string;
  customId?: string;
}
export type UserRemovalReason =
  | "chat_deactivated" | "deleted" | "disconnected" | "inactive" | "manual" | "other" | "remotely_signed_out"
  | "signed_out"
  | (string & {});
export type TransferReason =
  | "assigned" | "inactive" | "manual" | "other" | "routing.assigned" | "routing.inactive" | "unassigned"
  | (string & {});

// Without this line everything above would be exported, helpers included.
export {};
