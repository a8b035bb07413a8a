// Who the customer is: another device becomes them, and nobody's conversation is shown to somebody else.

import { expect, test, until } from "./shop.mjs";

test("a second device takes the conversation over, and forgets its own", async ({ browser, page, shop }) => {
  await shop.open();
  await shop.said("from the first device");
  const context = await browser.newContext();
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByRole("button", { name: /^Open chat/ }).click();
  await second.getByRole("textbox", { name: "Your message" }).fill("somebody else's words");
  await second.keyboard.press("Enter");
  const rows = second.locator(".row-event");
  await expect(rows.filter({ hasText: "somebody else's words" })).toHaveAttribute("data-status", "sent");

  const { identityTransferToken: code, expiresIn } = await page.evaluate(() =>
    palaverDemo.api.requestIdentityTransfer(),
  );
  expect(expiresIn).toBeGreaterThan(60_000);
  await second.evaluate((code) => palaverDemo.api.acceptIdentityTransfer({ code }), code);
  await expect(rows.filter({ hasText: "from the first device" })).toBeVisible();
  await expect(rows.filter({ hasText: "somebody else's words" })).toHaveCount(0);
  await expect(rows).toHaveCount(1);

  // It is the same customer now: what one says, the other shows as their own.
  await second.getByRole("textbox", { name: "Your message" }).fill("from the second device");
  await second.keyboard.press("Enter");
  await expect(shop.row("from the second device")).toHaveClass(/own/);
  await context.close();
});

test("after a logout nothing of the conversation is left for the next customer", async ({ page, shop }) => {
  await shop.open();
  await shop.said("private matters");
  await page.evaluate(() => palaverDemo.api.logout());
  await expect(page.getByRole("button", { name: "Connect" })).toBeVisible();
  // The token service knows the browser by its cookies; without them somebody else sits here.
  await page.context().clearCookies();
  await page.getByRole("button", { name: "Connect" }).click();
  await shop.connected();
  await expect(shop.row("private matters")).toHaveCount(0);
  await shop.said("a fresh start");
  const chats = await until(async () => (await shop.serverChats()).length === 2 && shop.serverChats(), {
    what: "the second chat",
  });
  expect(chats[0].customer_id).not.toBe(chats[1].customer_id);
});
