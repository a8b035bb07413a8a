// A customer whose page runs an SDK: LiveChat's own, or ours under its surface. What it did and saw is told to the test
// in Node. Both run the same tests: what LiveChat's accepts is the protocol, what ours does is LiveChat's surface.

import { expect, test as base } from "@playwright/test";
import { join } from "node:path";
import { root, withStandin } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { CLIENT, ORGANIZATION, redirectPlatform, vendorScript } from "../support/vendor.mjs";

const HEAD = '<!doctype html>\n<meta charset="utf-8">\n<title>A customer</title>';
const STANDIN = 'new URLSearchParams(location.search).get("standin")';

/** What a page loads to have `begin(config)`, by SDK. */
const LOADS = {
  vendor: `<script>${redirectPlatform(STANDIN)}</script>
<script src="/customer-sdk.min.js"></script>
<script>globalThis.makeSdk = (config) => CustomerSDK.init(config);</script>`,
  palaver: `<script type="module">
  import { init } from "/palaver/customer-sdk.js";
  const standin = ${STANDIN};
  globalThis.makeSdk = (config) => init({ endpoints: { api: standin, accounts: standin }, ...config });
</script>`,
};

const BEGIN = `<script type="module">
  // Everything that the SDK emits, in order; and what reached nobody's hands, which no test may leave behind.
  globalThis.seen = [];
  globalThis.errors = [];
  addEventListener("error", (event) => errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => errors.push(String(event.reason?.code ?? event.reason)));
  globalThis.begin = (config) => {
    globalThis.sdk = makeSdk({ organizationId: "${ORGANIZATION}", clientId: "${CLIENT}", groupId: 0, ...config });
    sdk.on("*", (name, payload) => seen.push({ name, payload }));
  };
</script>`;

class Customer {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /** Loads the page and resolves with the payload of `connected`. */
  async open(config) {
    await this.load();
    await this.page.evaluate((config) => begin(config), config);
    return this.event("connected");
  }

  /** Loads the page, and nothing more. */
  async load() {
    await this.page.goto(this.url);
    await this.page.waitForFunction(() => globalThis.begin);
  }

  /** Calls a method of the SDK; a rejection becomes an error with the SDK's code in its message. */
  call(method, argument) {
    return this.page.evaluate(
      ([method, argument]) =>
        sdk[method](argument).catch((error) => Promise.reject(new Error(`${method}: ${error.code} ${error.message}`))),
      [method, argument],
    );
  }

  /** Calls a method that answers nothing. */
  tell(method, argument) {
    return this.page.evaluate(([method, argument]) => void sdk[method](argument), [method, argument]);
  }

  /** The payload of the nth (from 0) event of that name, for which it waits. */
  async event(name, nth = 0) {
    const handle = await this.page.waitForFunction(
      ([name, nth]) => seen.filter((event) => event.name === name)[nth],
      [name, nth],
      { timeout: 20_000 },
    );
    return (await handle.jsonValue()).payload;
  }

  /** The payload of the first event of that name to which every field of `like` applies, at any depth. */
  async eventLike(name, like) {
    const handle = await this.page.waitForFunction(
      ([name, like]) => {
        const has = (value, like) =>
          like !== null && typeof like === "object"
            ? Object.entries(like).every(([key, part]) => has(value?.[key], part))
            : value === like;
        return seen.find((event) => event.name === name && has(event.payload, like));
      },
      [name, like],
      { timeout: 20_000 },
    );
    return (await handle.jsonValue()).payload;
  }

  /** The whole history of a chat as its pages of threads, read as the SDK's documentation does. */
  history(chatId) {
    return this.page.evaluate(async (chatId) => {
      const history = sdk.getChatHistory({ chatId });
      const pages = [];
      for (;;) {
        const { done, value } = await history.next();
        if (value) pages.push(value.threads);
        if (done) return pages;
      }
    }, chatId);
  }

  say(chatId, text) {
    return this.call("sendEvent", { chatId, event: { type: "message", text } });
  }
}

export const test = withStandin(base).extend({
  /** `"vendor"` or `"palaver"`: see playwright.config.mjs. */
  sdk: ["vendor", { option: true }],

  customer: async ({ page, standin, sdk }, use) => {
    const site = await serveStatic({
      "/": { text: [HEAD, LOADS[sdk], BEGIN].join("\n"), type: ".html" },
      "/customer-sdk.min.js": vendorScript,
      "/palaver/": join(root, "pkg/"),
    });
    const customer = new Customer(page, `${site.origin}/?standin=${encodeURIComponent(standin.origin)}`);
    await use(customer);
    expect(await page.evaluate(() => globalThis.errors ?? [])).toEqual([]);
    await site.close();
  },
});
export { expect };

/** A chat that is open, with a message of the customer's. */
export async function begin(customer, config) {
  const { customer: self } = await customer.open(config);
  const { chat } = await customer.call("startChat");
  const event = await customer.say(chat.id, "hello");
  return { self, chat, event, place: { chatId: chat.id, threadId: chat.thread.id } };
}

/** The texts of the messages of threads, in order. */
export const texts = (threads) =>
  threads
    .flatMap((thread) => thread.events)
    .filter((event) => event.type === "message")
    .map((event) => event.text);
