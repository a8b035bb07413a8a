// What listeners get.

import type { Api } from "./api.js";
import type { ChatWithThread, Queue, QueuePosition, Targets } from "./chats.js";
import type { Connected, ConnectionLost, DisconnectReason, StateChange } from "./connection.js";
import type { ErrorDetails } from "./errors.js";
import type { Greeting, GreetingEvent } from "./greetings.js";
import type { ChatEvent, Recipients, RichMessagePostback } from "./messages.js";
import type { Availability, GroupStatus } from "./organization.js";
import type { MessageStatus } from "./outbox.js";
import type { ChatUser, Customer, Presence, User } from "./people.js";
import type { Json, JsonObject, Properties, PropertyNames } from "./values.js";

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
  /** The line dropped. Not before the first `connected`, and not when the page asked for it. */
  connection_lost: ConnectionLost;
  /** The browser says that it is offline while the line looks open. Sends still go into it and wait. */
  connection_unstable: undefined;
  /** The line that was unstable answers after all. If it does not, `connection_lost` fires instead. */
  connection_recovered: undefined;
  /**
   * The SDK will not come back by itself: the reason, or nothing when the page asked for it. {@link Api.connect}
   * may be called again. Not after `destroy()`.
   */
  disconnected: DisconnectReason | undefined;
  /**
   * What the connection is doing has changed. Before the first `connected` this alone tells that it fails, and why
   * (`error`). Not after `destroy()`.
   */
  state: StateChange;
  /**
   * Something was odd; nothing of the conversation is lost by it. `code`: `FRAME` (a frame made no sense, or lacked what
   * its event promises; the chats are read again), `TOKEN` and `LOGIN` (a refusal; `state` or `disconnected` says what
   * follows), `CATCH_UP` (a chat or the list of them could not be read; unless it never can be, it is tried again),
   * `STORAGE` (the browser keeps nothing, or not everything: what waits may be lost with the page; once), `OUTBOX` (something that
   * was kept could not be read).
   */
  warning: { code: string; message: string; details?: ErrorDetails };
  /**
   * The core broke and was replaced by a new one, which connects anew and goes on with what waits to be sent. Calls that
   * were under way reject with `INTERNAL`.
   */
  error: { code: "INTERNAL"; message: string };
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
  /**
   * `present: false`: they wrote into the chat without joining. `requesterId`: the agent that did it. A user whose `id` the
   * platform left out is not in {@link Api.chats}.
   */
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
  /**
   * Where each send stands: {@link Api.sendMessage}, {@link Api.sendEvent}, and {@link Api.sendFile} once its file is up.
   * Also for what an earlier page left, when it is taken up again. Each ends with exactly one `sent` or `failed`, a
   * discarded one with `failed` and the code `DISCARDED`. Not while a status stays what it was.
   */
  message_status: MessageStatus;
  /**
   * It could not be proved that everything between two times (RFC 3339; `null` is open) was told: read the history of that
   * range again. Not for an outage after which everything was found. Where a chat cannot be read, live events wait for at
   * most ten seconds: then this is told before the first of them, once for a range. The read is tried again on and on, and what
   * it shows of edits and deletions is told late; of the missed events themselves only what nothing newer was told after.
   */
  history_gap: { chatId: string; from: string | null; to: string | null };
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
