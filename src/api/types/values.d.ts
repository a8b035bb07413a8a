// What all the other structures are made of.

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

// Without this line everything above would be exported, helpers included.
export {};
