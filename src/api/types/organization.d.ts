// The organization: its groups, and how it is set up.

import type { Api } from "./api.js";
import type { Form } from "./forms.js";
import type { JsonObject, Properties } from "./values.js";

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
