// Where each own message stands, whatever happens to the line, the page and the server.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../support/standin.mjs";
import { expect, test } from "./shop.mjs";

test.describe.configure({ timeout: 120_000 });

const status = (row) => expect(row).toHaveAttribute("data-status", /^(sent|seen)$/, { timeout: 60_000 });
const kept = (page) => page.evaluate(() => palaverDemo.api.outbox().map(({ event, status }) => [event.text, status]));

test("a message says that it waits, is under way, and is sent", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  await page.evaluate(() => {
    globalThis.seen = [];
    const note = ({ target }) => target.textContent.includes("on paper") && globalThis.seen.push(target.dataset.status);
    const options = { subtree: true, attributeFilter: ["data-status"] };
    new MutationObserver((changes) => changes.forEach(note)).observe(document.querySelector(".chat-log"), options);
  });
  await standin.kill();
  await expect(shop.line).toHaveText("Connection lost");
  await shop.say("on paper");
  const row = shop.row("on paper");
  await expect(row).toHaveAttribute("data-status", "queued");
  await expect(row.locator(".row-mark")).toHaveText("Waiting for connection");
  await expect(row.locator(".row-mark svg")).toBeVisible();
  expect(await kept(page)).toEqual([["on paper", "queued"]]);
  await standin.start();
  await status(row);
  const seen = await page.evaluate(() => globalThis.seen);
  expect(seen.filter((one, index) => one !== seen[index - 1])).toEqual(["queued", "sending", "sent"]);
  expect(await kept(page)).toEqual([]);
  expect(await shop.served()).toEqual([
    ["own", "hello"],
    ["own", "on paper"],
  ]);
});

test("what waits can be taken back, what is under way cannot", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  await standin.kill();
  await expect(shop.line).toHaveText("Connection lost");
  await shop.say("better not");
  await shop.row("better not").getByRole("button", { name: "Discard" }).click();
  await expect(shop.row("better not")).toHaveCount(0);
  expect(await kept(page)).toEqual([]);

  await standin.start();
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 60_000 }).toBe("connected");
  await standin.control("half_open", { on: true });
  await shop.say("gone already");
  await expect(shop.row("gone already")).toHaveAttribute("data-status", "sending");
  await standin.kill();
  await expect(shop.row("gone already")).toHaveAttribute("data-status", "queued");
  await shop.row("gone already").getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("alert")).toContainText("too late to take it back");
  await standin.start();
  await status(shop.row("gone already"));
  expect((await shop.served()).filter(([, text]) => text === "gone already")).toHaveLength(1);
});

test("what failed is tried again under its own id", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("fail", { type: "not_allowed", action: "send_event" });
  await shop.say("please");
  const row = shop.row("please");
  await expect(row).toContainText("Not sent. This is not allowed in this chat.");
  expect(await kept(page)).toEqual([["please", "failed"]]);
  const [{ customId }] = await page.evaluate(() => palaverDemo.api.outbox());
  await row.getByRole("button", { name: "Try again" }).click();
  await status(row);
  expect(await kept(page)).toEqual([]);
  const served = (await shop.servedEvents()).filter(({ text }) => text === "please");
  expect(served).toMatchObject([{ custom_id: customId }]);
});

test("after a reload what waited is there, and goes out", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  // The page comes from the server: it stays up, and takes no lines.
  await standin.control("refuse", { on: true });
  await standin.control("drop");
  await expect(shop.line).toHaveText("Connection lost");
  for (const text of ["one", "two", "three"]) await shop.say(text);
  await expect(shop.row("three")).toHaveAttribute("data-status", "queued");
  await page.reload();
  for (const text of ["one", "two", "three"])
    await expect(shop.row(text)).toHaveAttribute("data-status", "queued", { timeout: 30_000 });
  expect(await kept(page)).toEqual([
    ["one", "queued"],
    ["two", "queued"],
    ["three", "queued"],
  ]);
  await standin.control("refuse", { on: false });
  await status(shop.row("three"));
  const said = [
    ["own", "hello"],
    ["own", "one"],
    ["own", "two"],
    ["own", "three"],
  ];
  expect(await shop.served()).toEqual(said);
  await expect.poll(() => shop.shown()).toEqual(said);
});

test("where the browser stores nothing the page says what a reload would lose", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await page.addInitScript(() => Object.defineProperty(globalThis, "indexedDB", { value: undefined }));
  const notice = page.locator(".chat-notice");
  await shop.open();
  await shop.said("hello");
  await expect(notice).toHaveText("");
  await standin.kill();
  await expect(shop.line).toHaveText("Connection lost");
  await shop.say("on water");
  await expect(notice).toContainText("Keep this page open");
  await standin.start();
  await status(shop.row("on water"));
  await expect(notice).toHaveText("");
});

test("after a reload what failed is there still, and can be tried again or discarded", async ({
  page,
  shop,
  standin,
}) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("fail", { type: "not_allowed", action: "send_event", count: 2 });
  for (const text of ["once more", "forget it"]) {
    await shop.say(text);
    await expect(shop.row(text)).toHaveAttribute("data-status", "failed");
  }
  await page.reload();
  await shop.connected();
  await expect(shop.row("once more")).toContainText("Not sent. This is not allowed in this chat.");
  await shop.row("forget it").getByRole("button", { name: "Discard" }).click();
  await shop.row("once more").getByRole("button", { name: "Try again" }).click();
  await status(shop.row("once more"));
  await expect(shop.row("forget it")).toHaveCount(0);
  await page.reload();
  await shop.connected();
  await expect(shop.row("once more")).toHaveCount(1);
  await expect(shop.row("forget it")).toHaveCount(0);
  expect(await kept(page)).toEqual([]);
});

test("the first words outlive a reload too, before there is a chat to send them to", async ({
  page,
  shop,
  standin,
}) => {
  shop.expectOutages();
  await standin.control("refuse", { on: true });
  await shop.visit();
  await shop.openPanel();
  await shop.say("is anybody there?");
  await expect(shop.row("is anybody there?")).toHaveAttribute("data-status", "queued");
  await page.reload();
  await expect(shop.row("is anybody there?")).toHaveAttribute("data-status", "queued");
  await standin.control("refuse", { on: false });
  await status(shop.row("is anybody there?"));
  expect(await shop.served()).toEqual([["own", "is anybody there?"]]);
});

test("edits and deletions of the time away are seen", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  for (const text of ["at noon", "oops", "bye"]) await shop.agent(text);
  await expect(shop.row("bye")).toBeVisible();
  const events = await shop.servedEvents();
  const idOf = (text) => events.find((event) => event.text === text).id;
  await shop.restartUnnoticed();
  await standin.control("edit", { event_id: idOf("at noon"), text: "at one" });
  await standin.control("delete", { event_id: idOf("oops") });
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 60_000 }).toBe("connected");
  await expect(shop.row("at one")).toContainText("Edited");
  await expect(shop.row("at noon")).toHaveCount(0);
  await expect(shop.row("oops")).toHaveCount(0);
  expect((await shop.shown()).map(([, text]) => text)).toEqual(["hello", "at one", "bye"]);
});

test("where something may be missing a quiet line says so, and reads it again", async ({ page, shop, standin }) => {
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  await shop.restartUnnoticed();
  await standin.control("fail", { type: "authorization", action: "list_threads" });
  await shop.agent("unseen");
  const row = page.locator(".row-gap");
  await expect(row).toContainText("Some messages may be missing", { timeout: 60_000 });
  await shop.agent("seen");
  await expect(shop.row("seen").last()).toBeVisible();
  await standin.control("fail", { type: "authorization", action: "list_threads" });
  await row.getByRole("button", { name: "Load again" }).click();
  await expect(row).toContainText("Missing messages did not come");
  await row.getByRole("button", { name: "Try again" }).click();
  await expect(row).toHaveCount(0);
  await expect.poll(() => shop.shown()).toEqual(await shop.served());
});

test("several tabs show the same: words of both sides, edits, deletions, the end", async ({
  page,
  shop,
  standin,
  context,
}) => {
  await shop.open();
  await shop.said("hello");
  const other = await context.newPage();
  const errors = [];
  other.on("pageerror", (error) => errors.push(String(error)));
  await other.goto(standin.origin);
  await other
    .getByRole("button", { name: /^Open chat/ })
    .last()
    .click();
  const rows = (page) =>
    page
      .locator(".row-event, .row-ended")
      .evaluateAll((all) =>
        all.map((row) => [row.classList.contains("own"), row.querySelector(".bubble")?.lastChild.textContent]),
      );
  await expect(other.locator(".row-event")).toHaveCount(1);
  await shop.agent("welcome");
  await shop.said("from the first");
  await expect(other.locator(".row-event.own").filter({ hasText: "from the first" })).toBeVisible();
  const field = other.getByRole("textbox", { name: "Your message" });
  await field.fill("from the second");
  await field.press("Enter");
  await expect(shop.row("from the second")).toBeVisible();
  await expect(shop.row("from the second")).toHaveClass(/own/);
  const events = await shop.servedEvents();
  const idOf = (text) => events.find((event) => event.text === text).id;
  await standin.control("edit", { event_id: idOf("welcome"), text: "welcome!" });
  await standin.control("delete", { event_id: idOf("from the first") });
  await standin.control("close");
  for (const one of [page, other]) await expect(one.locator(".row-ended")).toBeVisible();
  await expect.poll(() => rows(other)).toEqual(await rows(page));
  expect((await shop.shown()).map(([, text]) => text)).toEqual(["hello", "welcome!", "from the second"]);
  expect(errors).toEqual([]);
});

test("a core that breaks is told of, and nothing is lost by it", async ({ page, shop, standin }) => {
  const breaking = readFileSync(join(root, "e2e/proof/breaking.js"), "utf8").replaceAll("export const", "const");
  await page.addInitScript({ content: `{${breaking}; globalThis.breaking = { arm, seen };}` });
  await shop.open();
  await shop.said("hello");
  await shop.agent("welcome");
  await expect(shop.row("welcome")).toBeVisible();
  await page.evaluate(() => breaking.arm({ side: "exports", at: 1 }));
  await shop.agent("heard by a broken core");
  await expect(shop.line).toHaveText("Something broke; the chat has started again", { timeout: 30_000 });
  await expect(shop.line).toHaveRole("status");
  expect(await page.evaluate(() => breaking.seen.broken)).toBe(1);
  await expect(shop.row("heard by a broken core")).toBeVisible();
  await shop.said("and on we go");
  await expect(shop.line).toBeEmpty();
  expect(await shop.shown()).toEqual(await shop.served());
  // The browser reports what broke; nothing else is wrong.
  shop.problems = shop.problems.filter((problem) => !/unreachable/.test(problem));
});
