// A customer whose page runs the vendor's SDK: what it did and saw, told to the test in Node.

import { expect, test as base } from "@playwright/test";
import { withStandin } from "../support/standin.mjs";
import { serveStatic } from "../support/static.mjs";
import { CLIENT, ORGANIZATION, redirectPlatform, vendorScript } from "../support/vendor.mjs";

const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>The vendor's SDK</title>
<script>${redirectPlatform('new URLSearchParams(location.search).get("standin")')}</script>
<script src="/customer-sdk.min.js"></script>
<script>
  // Everything that the SDK emits, in order; and what reached nobody's hands, which no test may leave behind.
  globalThis.seen = [];
  globalThis.errors = [];
  addEventListener("error", (event) => errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => errors.push(String(event.reason?.code ?? event.reason)));
  globalThis.sdk = CustomerSDK.init({ organizationId: "${ORGANIZATION}", clientId: "${CLIENT}", groupId: 0 });
  sdk.on("*", (name, payload) => seen.push({ name, payload }));
</script>`;

class Customer {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /** Loads the page and resolves with the payload of `connected`. */
  async open() {
    await this.page.goto(this.url);
    return this.event("connected");
  }

  /** Calls a method of the SDK; a rejection becomes an error with the SDK's code in its message. */
  call(method, argument) {
    return this.page.evaluate(
      ([method, argument]) =>
        sdk[method](argument).catch((error) => Promise.reject(new Error(`${method}: ${error.code} ${error.message}`))),
      [method, argument],
    );
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
  customer: async ({ page, standin }, use) => {
    const site = await serveStatic({
      "/": { text: PAGE, type: ".html" },
      "/customer-sdk.min.js": vendorScript,
    });
    const customer = new Customer(page, `${site.origin}/?standin=${encodeURIComponent(standin.origin)}`);
    await use(customer);
    expect(await page.evaluate(() => globalThis.errors ?? [])).toEqual([]);
    await site.close();
  },
});
export { expect };

/** The texts of the messages of threads, in order. */
export const texts = (threads) =>
  threads.flatMap((thread) => thread.events).filter((event) => event.type === "message").map((event) => event.text);
