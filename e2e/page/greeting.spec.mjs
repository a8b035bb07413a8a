// Greetings: shown beside the button, answered, dismissed, taken back. And the word of welcome in the window.

import { expect, test, until } from "./shop.mjs";

const teaser = (page) => page.locator(".teaser");

async function arrive(shop) {
  await shop.visit();
  await shop.connected();
}

test("a greeting is shown, seen when the window opens, and gone when the chat begins", async ({
  page,
  shop,
  standin,
}) => {
  await arrive(shop);
  await standin.control("greeting", { text: "Need <b>a hand</b>?" });
  await expect(teaser(page)).toContainText("Need <b>a hand</b>?");
  await expect(teaser(page)).toContainText("Ada");
  await page.evaluate(() => palaverDemo.api.on("greeting_accepted", () => (globalThis.accepted = true)));
  await teaser(page).getByRole("button", { name: "Reply" }).click();
  await expect(shop.panel).toBeVisible();
  await expect(teaser(page)).toBeHidden();
  await expect(shop.panel.locator(".greeting")).toContainText("Need <b>a hand</b>?");
  await expect.poll(() => page.evaluate(() => globalThis.accepted)).toBe(true);
  const { uniqueId } = await page.evaluate(() => palaverDemo.chat.greetings.current);

  await shop.said("Yes, please");
  await expect(shop.panel.locator(".greeting")).toBeHidden();
  const [chat] = await shop.serverChats();
  expect(chat.threads[0].properties.lc2).toMatchObject({ greeting_unique_id: uniqueId });
});

test("a greeting that comes while the window is open stands in it, and is seen", async ({ page, shop, standin }) => {
  await shop.open();
  await standin.control("greeting", { text: "While you are here" });
  await expect(shop.panel.locator(".greeting")).toContainText("While you are here");
  await expect(teaser(page)).toBeHidden();
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.greetings.current?.accepted)).toBe(true);
  await expect
    .poll(async () => (await standin.look("state")).greetings.map((greeting) => greeting.is_accepted))
    .toEqual([true]);
  await shop.panel.getByRole("button", { name: "Dismiss the greeting" }).click();
  await expect(shop.panel.locator(".greeting")).toBeHidden();
});

test("a greeting that was open comes with the login, and can be dismissed", async ({ page, shop, standin }) => {
  await arrive(shop);
  await standin.control("greeting", { text: "Still there?" });
  await expect(teaser(page)).toBeVisible();
  await page.reload();
  await expect(teaser(page)).toContainText("Still there?");
  await teaser(page).getByRole("button", { name: "Dismiss the greeting" }).click();
  await expect(teaser(page)).toBeHidden();
  await page.reload();
  await shop.connected();
  await expect(teaser(page)).toBeHidden();
});

test("a greeting that is taken back or replaced goes", async ({ page, shop, standin }) => {
  await arrive(shop);
  await standin.control("greeting", { text: "First" });
  await expect(teaser(page)).toContainText("First");
  await standin.control("greeting", { text: "Second", subtype: "announcement" });
  await expect(teaser(page)).toContainText("Second");
  await expect(teaser(page)).toContainText("announcement");
  await standin.control("cancel_greeting", {});
  await expect(teaser(page)).toBeHidden();
});

test("the buttons of a greeting: an answer starts the chat, cancel dismisses it", async ({ page, shop, standin }) => {
  const card = {
    type: "rich_message",
    template_id: "cards",
    elements: [
      {
        title: "New ferns",
        buttons: [
          { type: "message", text: "Tell me more", postback_id: "more", value: "more", user_ids: [] },
          { type: "url", text: "See them", postback_id: "see", value: "https://example.com/", user_ids: [] },
          { type: "cancel", text: "Not now", postback_id: "no", user_ids: [] },
        ],
      },
    ],
  };
  await arrive(shop);
  await standin.control("greeting", { event: card });
  await expect(teaser(page).getByRole("link", { name: "See them" })).toHaveAttribute("rel", /noopener/);
  await teaser(page).getByRole("button", { name: "Not now" }).click();
  await expect(teaser(page)).toBeHidden();

  await standin.control("greeting", { event: card });
  await teaser(page).getByRole("button", { name: "Tell me more" }).click();
  await expect(page.locator(".row-event.own")).toContainText("Tell me more");
  await expect(page.locator(".row-event.own")).toHaveAttribute("data-status", "sent");
  expect(await shop.served()).toEqual([["own", "Tell me more"]]);
  // What was greeted with stands in the chat, before the answer to it.
  expect((await shop.servedEvents())[0]).toMatchObject({ type: "rich_message" });
  const clicks = async () => (await standin.look("state")).greetings.flatMap((greeting) => greeting.clicks);
  await until(async () => (await clicks()).includes("more"), { what: "the click at the server" });
});

test("an empty window says welcome in the shop's words, and the chat keeps them", async ({ page, shop, standin }) => {
  await standin.control("welcome_message", { text: "Welcome! What grows at your place?" });
  await shop.open();
  await expect(page.locator(".welcome-message")).toContainText("What grows at your place?");
  await expect(page.locator(".chat-who")).toContainText("will answer");
  await shop.said("A fern");
  await expect(shop.row("What grows at your place?")).toBeVisible();
  expect((await shop.served())[0]).toEqual(["agent", "Welcome! What grows at your place?"]);
});

test("with nobody there the window says so, and messages are taken all the same", async ({ page, shop, standin }) => {
  await standin.control("group_status", { group_id: 0, status: "offline" });
  await shop.open();
  await expect(shop.notice).toContainText("Nobody is here right now");
  await standin.control("group_status", { group_id: 0, status: "online" });
  await expect(shop.notice).toBeEmpty();
  await standin.control("group_status", { group_id: 0, status: "offline" });
  await expect(shop.notice).toContainText("Nobody is here right now");
  await shop.said("Write me when you are back");
});
