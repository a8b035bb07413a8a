// The events of a thread: what is said, in all its forms.

import type { FilledField, FormField } from "./forms.js";
import type { JsonObject, Properties, UnknownWord } from "./values.js";

/** What every event has. */
export interface EventBase {
  /** Unique, of any form. The order of events is that in which they are emitted or listed. */
  id: string;
  /** `"system"` for what nobody wrote. */
  authorId: string;
  /** RFC 3339, UTC, microseconds. The platform's clock may go back: times are to be shown, not to be sorted by. */
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

// Without this line everything above would be exported, helpers included.
export {};
