// What is said before there is a chat.

import type { EventBase, MessageEvent, RichMessageEvent } from "./messages.js";
import type { PredictedAgent } from "./people.js";

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

// Without this line everything above would be exported, helpers included.
export {};
