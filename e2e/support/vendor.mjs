// LiveChat's own SDK, unmodified, pointed at a stand-in server.

import { join } from "node:path";
import { root } from "./standin.mjs";

/** The file that LiveChat publishes for `<script src>`; it makes a global `CustomerSDK`. */
export const vendorScript = join(root, "node_modules/@livechat/customer-sdk/dist/customer-sdk.min.js");

/**
 * The SDK has no option for another host, so the page's globals are what is changed, before it is loaded: every URL
 * of the platform leads to `origin` (an expression of the page, e.g. `"http://127.0.0.1:8080"` in quotes).
 * The log image that its `startChat` requests goes nowhere.
 */
export const redirectPlatform = (origin) => `{
  const origin = ${origin};
  const to = (url) =>
    String(url)
      .replace(/^wss:\\/\\/api[^/]*\\.livechatinc\\.com/, origin.replace(/^http/, "ws"))
      .replace(/^https:\\/\\/(api|accounts)[^/]*\\.livechatinc\\.com/, origin);
  const Native = globalThis.WebSocket;
  globalThis.WebSocket = class WebSocket extends Native {
    constructor(url, protocols) {
      super(to(url), protocols ?? []);
    }
  };
  const open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    return open.call(this, method, to(url), ...rest);
  };
  globalThis.Image = class Image {};
}`;

export const ORGANIZATION = "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01";
export const CLIENT = "e2e-client";
