// What an api is made with: options, the customer's record, tokens.

import type { Api } from "./api.js";

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
  /** The address the customer came from, or `""`; sent at login. */
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
  /**
   * A class with the interface of the browser's `WebSocket`, used in its place: where there is none (Node before 22), e.g.
   * that of the package `ws`.
   */
  webSocket?: new (url: string) => object;
  /** Prefix of the key under which the token is stored. Default `"@@lc_auth_token:"`. */
  tokenStoragePrefix?: string;
  /**
   * Origins to talk to instead of the platform's own: for the stand-in server, proxies and test rigs. Scheme (http or
   * https), host and port only, e.g. `"http://localhost:8080"`; paths are the SDK's.
   */
  endpoints?: { api?: string; accounts?: string };
  /** Version of the platform's API. Default `"3.6"`. What 3.5 lacks is refused: see {@link Api.can}. */
  apiVersion?: "3.5" | "3.6";
  /**
   * Where the token (localStorage) and what waits to be sent (IndexedDB) are kept between page loads: `"local"`, the
   * default; memory where the browser refuses it, with one `warning` `STORAGE` for what waits. Or `"memory"`: nothing
   * outlives the page.
   */
  storage?: "local" | "memory";
  /**
   * The tabs of one customer share one connection, and all of them are told everything. Default `true`. Each has its own
   * with `false`, with `storage: "memory"`, and where the browser has no Web Locks or no `BroadcastChannel`.
   */
  sharedConnection?: boolean;
  /**
   * How long an unsent message may wait for a connection, in milliseconds; pages that were closed meanwhile count.
   * Default 3 600 000 (one hour).
   */
  sendTimeoutMs?: number;
  /** `true` writes what happens on the line to `console.debug`. Tokens and texts are left out. Default `false`. */
  debug?: boolean;
  /**
   * Options that do not exist and arguments that a method does not take are refused, since they are mostly misspelt.
   * Default `true`. With `false` they are ignored, as LiveChat's SDK 4 does, and as there what comes within an
   * `incoming_chat` is not told as `incoming_event` as well.
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
