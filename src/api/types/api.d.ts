// The api of one connection, and what its methods take and answer that is nobody else's.

import type {
  Chat, ChatState, ChatWithThread, ChatsPage, ResumeChatOptions, StartChatOptions, Thread, ThreadsPage,
} from "./chats.js";
import type { Auth, Config, CustomerUpdate, SessionFields } from "./config.js";
import type { State, StateChange } from "./connection.js";
import type { ChatError } from "./errors.js";
import type { EventMap, EventName } from "./events.js";
import type { FormState } from "./forms.js";
import type { WelcomeMessage } from "./greetings.js";
import type { ChatEvent, FileEvent, MessageEvent, MessagePostback, NewEvent, RichMessagePostback } from "./messages.js";
import type {
  DynamicConfiguration, GroupConfiguration, GroupStatus, IdentityTransfer, UrlInfo,
} from "./organization.js";
import type { OutboxEntry } from "./outbox.js";
import type { CustomerWithStatistics, PredictedAgent } from "./people.js";
import type { Properties, PropertyNames, Rating } from "./values.js";

/**
 * Frozen; its methods do not need `this`. Every promise settles, with a {@link ChatError} when it rejects.
 *
 * Arguments are plain data: objects by their own fields, arrays, texts, numbers, truth values, `null`. A `Date` becomes its
 * ISO text, what has a `toJSON` of its own (a `URL`, a class) what that returns, a `bigint` a number; functions within are
 * left out. What a page's libraries add to the prototypes of all objects or arrays plays no part.
 *
 * What any method may reject with: `VALIDATION` (an argument, named in `details.argument`), `SDK_DESTROYED`,
 * `UNSUPPORTED` (see {@link can}), `REQUEST_TIMEOUT` (no answer within 16 s; the outcome is unknown),
 * `CONNECTION_LOST` (the line dropped after the request had left and it cannot be repeated safely; the outcome is
 * unknown), `NO_CONNECTION` (no line within 30 s, or the api is closed; `details` say where it was looked for and what
 * was met), the platform's refusal itself once it is final (`disconnected` has fired), `AUTHORIZATION`, `NOT_FOUND`,
 * `CUSTOMER_BANNED`, `LICENSE_EXPIRED`, `TOO_MANY_REQUESTS`, `SERVICE_UNAVAILABLE`, `INTERNAL` (the platform failed, or its
 * answer is none). Codes below come on top of these. A call made while the line is down waits for it.
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
   * `CONNECTION_LOST`; messages that wait stay in the {@link outbox}. Fires `disconnected` without a reason.
   */
  disconnect(): void;
  /**
   * Drops the line, whatever it is doing, and opens a new one at once, also from `closed`. What was missed follows as
   * after any outage.
   */
  reconnect(): void;
  /**
   * Ends the api for good: closes the connection, rejects every open promise with `SDK_DESTROYED`, removes every
   * listener. What waits to be sent is left to a later page. Nothing fires afterwards; later calls reject with `SDK_DESTROYED`.
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
   * `CHAT_LIMIT_REACHED`), whose `details.chatId` names it: {@link sendMessage} and {@link resumeChat} are the ways. Also
   * rejects with `GROUPS_OFFLINE` (every target group is offline and `continuous` is not set) and `GROUP_NOT_FOUND`.
   * `incoming_chat` does not fire for it in this api.
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
   * `customId` must be unique; without it the SDK makes one. When a send fails, `details.customId` is the id to
   * {@link retry}; sending under it again does the same. `postback` says which button of which rich message it answers.
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
   * be uploaded is not tried again, and is not in the {@link outbox}. Rejects before anything is sent with `TOO_BIG_FILE`
   * (over 10 MiB), `VALIDATION` (executables) and `FILE_UNREADABLE` (changed, moved or deleted since it was chosen, or a
   * folder: only choosing it again helps); later with `UPLOAD_FAILED` (also when nothing moved for 60 s) and
   * `UPLOAD_CANCELED` (by `signal`; once the file has arrived it is too late).
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
  /**
   * What was sent and has not arrived, oldest first: queued, under way, failed. Each call returns new objects; no request
   * is made. It outlives the page (see {@link Config.storage}); a later page of the same customer takes up what waits,
   * looks each up in its thread and sends it if it is not there. Where the visitor is another customer by then (the cookie is
   * gone), it has failed with `IDENTITY_CHANGED`; not with an `identityProvider`: there it waits for its customer. Failed ones stay until they are retried or discarded, at
   * most 100 and a week long.
   *
   * Each send belongs to one tab. A tab that was asleep may find that another one has taken its sends over: here they
   * fail with `TAKEN_OVER`, and `new_event` fires when they arrive.
   */
  outbox(): OutboxEntry[];
  /**
   * Tries a failed send again, under its `customId`. It is sent only when the first attempt can no longer arrive (up to 15 s
   * after the platform had it) and its chat does not show it; if it has arrived, this resolves with that. Settles as
   * {@link sendMessage} does. Rejects with `VALIDATION` when no send of that id has failed.
   */
  retry(options: { customId: string }): Promise<ChatEvent>;
  /**
   * Forgets a send that was never handed to the platform, or has failed. The promise of the send rejects with
   * `DISCARDED`. Rejects with `MESSAGE_UNDER_WAY` where it may have reached the platform, with `VALIDATION` where the
   * outbox has no such id.
   */
  discard(options: { customId: string }): Promise<Success>;
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
  | "auth" | "can" | "chats" | "connect" | "destroy" | "discard" | "disconnect" | "off" | "on" | "once" | "outbox"
  | "reconnect" | "retry" | "state"
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
