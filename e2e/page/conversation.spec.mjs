// A person and an agent talk through the demo page.

import { expect, test, until } from "./shop.mjs";

test("a conversation: sent, answered, typing, seen", async ({ shop, standin }) => {
  await shop.open();
  await expect(shop.line).toBeEmpty();

  // The server is slow for a moment, so that it can be seen waiting for its chat.
  await standin.control("delay", { ms: 1500 });
  await shop.say("Hello, is my fern on its way?");
  await expect(shop.row("my fern")).toHaveAttribute("data-status", "queued");
  await expect(shop.field).toHaveValue("");
  await standin.control("delay", { ms: 0 });
  await expect(shop.row("my fern")).toHaveAttribute("data-status", "sent");
  expect(await shop.served()).toEqual([["own", "Hello, is my fern on its way?"]]);

  await expect(shop.row("my fern").getByText("Seen")).toBeHidden();
  await standin.control("seen", {});
  await expect(shop.row("my fern")).toHaveAttribute("data-status", "seen");
  await expect(shop.row("my fern").getByText("Seen")).toBeVisible();

  await standin.control("typing", { is_typing: true });
  await expect(shop.typing).toBeVisible();
  await expect(shop.typing).toContainText("is typing");
  await standin.control("typing", { is_typing: false });
  await expect(shop.typing).toBeHidden();

  await standin.control("typing", { is_typing: true });
  await expect(shop.typing).toBeVisible();
  await shop.agent("It left this morning 🌿");
  await expect(shop.row("It left this morning 🌿")).toBeVisible();
  await expect(shop.typing).toBeHidden();
  await expect(shop.log).toContainText("It left this morning");

  expect(await shop.shown()).toEqual(await shop.served());
});

test("Enter sends, Shift+Enter makes a line, blanks are not sent", async ({ shop }) => {
  await shop.open();
  await shop.say("   \n ");
  await shop.field.fill("");
  await shop.field.pressSequentially("two");
  await shop.field.press("Shift+Enter");
  const low = (await shop.field.boundingBox()).height;
  await shop.field.pressSequentially("lines");
  expect(low).toBeGreaterThan(44);
  await shop.field.press("Enter");
  await expect(shop.row("two")).toHaveAttribute("data-status", "sent");
  expect((await shop.field.boundingBox()).height).toBeLessThan(low);
  expect(await shop.served()).toEqual([["own", "two\nlines"]]);
});

test("what is typed can be seen by the agent before it is sent", async ({ shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await shop.field.fill("I am still think");
  await until(async () => JSON.stringify(await standin.look("state")).includes("I am still think"), {
    what: "the sneak peek",
  });
});

test("a closed window counts what is unread, an open one marks it as seen", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await page.keyboard.press("Escape");
  await expect(shop.panel).toBeHidden();
  await expect(shop.badge).toBeHidden();

  await shop.agent("one");
  await shop.agent("two");
  await expect(shop.badge).toHaveText("2");
  await expect(page).toHaveTitle(/^\(2\) /);
  await expect(shop.launcher).toHaveAccessibleName("Open chat, 2 unread messages");

  await shop.openPanel();
  await expect(shop.badge).toBeHidden();
  await expect(page).not.toHaveTitle(/^\(/);
  await expect.poll(() => page.evaluate(() => palaverDemo.api.chats()[0].unreadCount)).toBe(0);

  // The server knows: another visit has nothing unread.
  await page.keyboard.press("Escape");
  await page.reload();
  await shop.connected();
  await expect.poll(() => page.evaluate(() => palaverDemo.api.chats()[0].unreadCount)).toBe(0);
  await expect(shop.badge).toBeHidden();
  expect(standin.running).toBe(true);
});

test("a text beyond the server's limit is refused before it is sent, with its size", async ({ page, shop }) => {
  await shop.open();
  // 16 384 bytes are allowed; these are 6 000 characters of three.
  const long = "€".repeat(6_000);
  await shop.say(long);
  await expect(page.getByRole("alert")).toContainText("17.6 KB (18,000 bytes)");
  await expect(shop.field).toHaveValue(long);
  expect(await shop.shown()).toEqual([]);
  await shop.said("€".repeat(5_461));
  await expect(page.getByRole("alert")).toBeHidden();
});

test("a refused message says why, and can be tried again or discarded", async ({ shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  for (const text of ["first try", "never mind"]) {
    await standin.control("fail", { type: "not_allowed", action: "send_event" });
    await shop.say(text);
    await expect(shop.row(text)).toHaveAttribute("data-status", "failed");
  }
  const failed = shop.row("first try");
  await expect(failed).toContainText("This is not allowed in this chat.");
  await shop.row("never mind").getByRole("button", { name: "Discard" }).click();
  await expect(shop.row("never mind")).toHaveCount(0);
  await failed.getByRole("button", { name: "Try again" }).click();
  await expect(failed).toHaveAttribute("data-status", "sent");
  expect(await shop.served()).toEqual([
    ["own", "hello"],
    ["own", "first try"],
  ]);
});

test("a reload keeps who the customer is and what was said", async ({ page, shop }) => {
  await shop.open();
  await shop.said("remember me");
  await shop.agent("of course");
  await expect(shop.row("of course")).toBeVisible();
  await shop.field.fill("half a thought");
  const before = await page.evaluate(() => palaverDemo.chat.customerId);

  await page.reload();
  await shop.connected();
  // The window was open, so it is again, with the draft in it.
  await expect(shop.panel).toBeVisible();
  await expect(shop.row("of course")).toBeVisible();
  await expect(shop.field).toHaveValue("half a thought");
  expect(await page.evaluate(() => palaverDemo.chat.customerId)).toBe(before);
  expect(await shop.shown()).toEqual([
    ["own", "remember me"],
    ["agent", "of course"],
  ]);
  // What was said before is history: no screen reader reads it out again.
  await expect(shop.log).not.toContainText("remember me");
  await shop.agent("something new");
  await expect(shop.log).toContainText("something new");
});

test("history comes page by page, in order, without a jump and outside the live region", async ({
  page,
  shop,
  standin,
}) => {
  await shop.open();
  const written = [];
  for (let thread = 0; thread < 6; thread += 1) {
    for (let n = 0; n < 10; n += 1) {
      const text = `thread ${thread}, message ${n}`;
      if (n === 0) await shop.said(text);
      else await shop.agent(text);
      written.push([n === 0 ? "own" : "agent", text]);
    }
    await standin.control("close");
    await expect.poll(() => page.evaluate(() => palaverDemo.chat.active)).toBe(false);
  }
  await page.reload();
  await shop.connected();
  await expect(shop.row("thread 5, message 9")).toBeVisible();
  const first = await shop.shown();
  expect(first.length).toBeLessThan(written.length);
  expect(first).toEqual(written.slice(-first.length));
  await expect(page.locator(".chat-scroller")).toBeInViewport();

  // Scrolling to the top fetches the page before; what was in view stays where it was.
  const top = shop.row(first[0][1]);
  await top.scrollIntoViewIfNeeded();
  await page.locator(".chat-scroller").evaluate((scroller) => (scroller.scrollTop = 0));
  const y = (await top.boundingBox()).y;
  await expect.poll(async () => (await shop.shown()).length).toBeGreaterThan(first.length);
  expect(Math.abs((await top.boundingBox()).y - y)).toBeLessThan(3);

  const earlier = page.getByRole("button", { name: "Load earlier messages" });
  while ((await shop.shown()).length < written.length) {
    const count = (await shop.shown()).length;
    await earlier.click();
    await expect.poll(async () => (await shop.shown()).length).toBeGreaterThan(count);
  }
  expect(await shop.shown()).toEqual(written);
  expect((await shop.stored()).map(([who, text]) => [who, text])).toEqual(written);
  await expect(earlier).toBeHidden();
  await expect(shop.log.locator(".row-event")).toHaveCount(0);
  await expect(page.locator(".row-separator", { hasText: "New conversation" })).toHaveCount(5);
});

test("closed by the agent, opened again by the next message", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("first thread");
  await standin.control("close");
  await expect(page.getByText("This conversation has ended.")).toBeVisible();
  await expect(page.locator(".row-system")).toContainText("ended the conversation");

  await shop.said("one more thing");
  await expect(page.getByText("This conversation has ended.")).toHaveCount(0);
  await expect(page.locator(".row-separator", { hasText: "New conversation" })).toBeVisible();
  await shop.agent("go ahead");
  await expect(shop.row("go ahead")).toBeVisible();
  expect(await shop.shown()).toEqual([
    ["own", "first thread"],
    ["own", "one more thing"],
    ["agent", "go ahead"],
  ]);
  const [chat] = await shop.serverChats();
  expect(chat.threads).toHaveLength(2);
});

test("the customer ends the chat from the menu", async ({ page, shop }) => {
  await shop.open();
  await page.getByRole("button", { name: "More" }).click();
  await expect(page.getByRole("button", { name: "End chat" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await shop.said("that was all");

  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "End chat" }).click();
  await expect(page.getByText("This conversation has ended.")).toBeVisible();
  await expect(page.getByRole("button", { name: "End chat" })).toBeHidden();
  const [chat] = await shop.serverChats();
  expect(chat.threads.at(-1).active).toBe(false);
});

test("a question of the welcome starts the chat", async ({ page, shop }) => {
  await shop.open();
  await page.getByRole("button", { name: "My plant looks sad" }).click();
  await expect(shop.row("My plant looks sad")).toHaveAttribute("data-status", "sent");
  await expect(page.getByRole("button", { name: "My plant looks sad" })).toBeHidden();
  expect(await shop.served()).toEqual([["own", "My plant looks sad"]]);
});

test("two windows of one customer show the same", async ({ context, page, shop }) => {
  await shop.open();
  await shop.said("from the first window");
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: /^Open chat/ }).click();
  await expect(other.locator(".row-event", { hasText: "from the first window" })).toBeVisible();
  await other.getByRole("textbox", { name: "Your message" }).fill("from the second window");
  await other.keyboard.press("Enter");
  await expect(shop.row("from the second window")).toHaveClass(/own/);
  await shop.said("and back");
  await expect(other.locator(".row-event.own", { hasText: "and back" })).toBeVisible();
  expect(await shop.shown()).toEqual(await shop.served());
});

test("edited and deleted messages change on the page", async ({ shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const { event_id: edited } = await shop.agent("a tpyo");
  const { event_id: deleted } = await shop.agent("to the wrong person");
  await expect(shop.row("wrong person")).toBeVisible();
  await standin.control("edit", { event_id: edited, text: "a typo" });
  await standin.control("delete", { event_id: deleted });
  await expect(shop.row("a typo")).toBeVisible();
  await expect(shop.row("wrong person")).toHaveCount(0);
});
