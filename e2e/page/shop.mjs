// The demo page with a stand-in of its own, as a person uses it. Every test also fails on an error in the console or a
// violation of the page's Content-Security-Policy.

import { test as base, expect } from "@playwright/test";

import { until, withStandin } from "../support/standin.mjs";

export { expect, until };

// What a browser writes when a server is away; an outage that a test makes is no error of the page.
const OUTAGE =
  /net::ERR_|WebSocket connection to .* failed|a status of 5\d\d|can.t establish a connection|was interrupted while/;
// And when it says no over HTTP.
const REFUSAL = /a status of 4\d\d/;

export class Shop {
  outages = false;
  refusals = false;
  problems = [];

  constructor(page, standin) {
    this.page = page;
    this.standin = standin;
    this.launcher = page.getByRole("button", { name: /^(Open|Close) chat/ }).last();
    this.panel = page.getByRole("dialog", { name: "Moss & Mortar" });
    this.field = page.getByRole("textbox", { name: "Your message" });
    this.log = page.getByRole("log");
    this.line = page.locator("#chat-line-text");
    this.lineBar = page.locator(".chat-line");
    this.badge = page.locator(".chat-badge");
    this.typing = page.locator(".chat-typing");
    this.notice = page.locator("#chat-notice-text");
    this.sheet = page.locator(".chat-sheet");
    this.rows = page.locator(".row-event");
    const note = (text) => {
      const isExpected = (this.outages && OUTAGE.test(text)) || (this.refusals && REFUSAL.test(text));
      if (!isExpected) this.problems.push(text);
    };
    page.on("console", (message) => message.type() === "error" && note(message.text()));
    // Where Firefox tells of sockets too.
    page.on("pageerror", (error) => note(error.stack ?? String(error)));
  }

  /** From here on the server may be away. */
  expectOutages() {
    this.outages = true;
  }

  /** From here on the server may refuse something over HTTP. */
  expectRefusals() {
    this.refusals = true;
  }

  async visit(path = "/") {
    await this.page.goto(this.standin.origin + path);
  }

  /** Visits, opens the window, and waits for a login. */
  async open(path) {
    await this.visit(path);
    await this.openPanel();
    await this.connected();
  }

  async openPanel() {
    await this.launcher.click();
    await expect(this.panel).toBeVisible();
  }

  connected() {
    return expect.poll(() => this.page.evaluate(() => globalThis.palaverDemo?.chat.line.state)).toBe("connected");
  }

  /** Types into the field and presses Enter. */
  async say(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /**
   * Kills the server and starts it again while the page is away. The page comes back at a moment of its own choosing;
   * if it chose this very one, once more.
   */
  async restartUnnoticed() {
    do {
      await this.standin.kill();
      await expect(this.line).toHaveText("Connection lost");
      await this.standin.start();
    } while (await this.page.evaluate(() => palaverDemo.chat.connected));
  }

  row(text) {
    return this.rows.filter({ hasText: text });
  }

  /** Says something and waits until the server has it. */
  async said(text) {
    await this.say(text);
    await expect(this.row(text)).toHaveAttribute("data-status", /^(sent|seen)$/);
  }

  /** An agent writes. */
  agent(text) {
    return this.standin.control("message", { text });
  }

  /** The messages on the screen, top to bottom: `["own", "hello"]`. */
  shown() {
    return this.rows.evaluateAll((rows) =>
      rows.map((row) => {
        const bubble = row.querySelector(".bubble").cloneNode(true);
        bubble.querySelector(".visually-hidden")?.remove();
        return [row.classList.contains("own") ? "own" : "agent", bubble.textContent];
      }),
    );
  }

  /** The messages in the page's store. */
  stored() {
    return this.page.evaluate(() =>
      palaverDemo.store
        .items()
        .filter(({ event }) => event.type === "message")
        .map(({ event, status }) => [
          event.authorId === palaverDemo.chat.customerId ? "own" : "agent",
          event.text,
          status,
        ]),
    );
  }

  /** The messages that the server has of its only chat, oldest first. */
  async served() {
    const [chat] = await this.serverChats();
    return messagesOf(chat);
  }

  /** The events of the server's only chat, oldest first. */
  async servedEvents() {
    const [chat] = await this.serverChats();
    return chat.threads.flatMap((thread) => thread.events);
  }

  async serverChats() {
    return chatsOf(await this.standin.look("state"));
  }
}

function chatsOf(state) {
  return Object.values(state.chats);
}

function messagesOf(chat) {
  return chat.threads
    .flatMap((thread) => thread.events)
    .filter((event) => event.type === "message")
    .map((event) => [event.author_id === chat.customer_id ? "own" : "agent", event.text]);
}

export const test = withStandin(base).extend({
  shop: async ({ page, standin }, use) => {
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`CSP: ${violatedDirective} ${blockedURI}`);
      });
    });
    // A chat that begins with what the customer says; tests of the welcome set one.
    await standin.control("welcome_message", { text: "" });
    const shop = new Shop(page, standin);
    await use(shop);
    expect(shop.problems, "errors in the console").toEqual([]);
  },
});
