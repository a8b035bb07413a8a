// Chats and threads.

import type { Api } from "./api.js";
import type {
  AnnotationEvent, ChatEvent, CustomEvent, FileEvent, FilledFormEvent, FormEvent, MessageEvent, NewEvent,
  RichMessageEvent, SystemEvent, SystemMessageEvent,
} from "./messages.js";
import type { ChatUser } from "./people.js";
import type { Access, Properties } from "./values.js";

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
  /** In the platform's order, whatever their times and ids say. */
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
