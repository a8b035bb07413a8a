// Who takes part.

import type { Address, CustomerUpdate, SessionFields } from "./config.js";

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
