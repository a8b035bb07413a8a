// What the customer thinks of a chat, and a transcript of it.

import { expect, test, until } from "./shop.mjs";

const rating = async (shop) => (await shop.serverChats())[0].threads.at(-1).properties?.rating;

test("a chat that ended is rated, commented on, and the rating taken back", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("close");
  const sheet = page.getByRole("region", { name: "Your opinion" });
  await expect(sheet).toContainText("How was this chat?");
  // The text field is there still: whoever has more to say need not give an opinion first.
  await expect(shop.field).toBeVisible();
  await sheet.getByRole("button", { name: "Good", exact: true }).click();
  await expect(sheet.getByRole("button", { name: "Good", exact: true })).toHaveAttribute("aria-pressed", "true");
  expect(await rating(shop)).toMatchObject({ score: 1 });

  await sheet.getByRole("textbox", { name: "Comment on the chat" }).fill("Quick & kind <3");
  await sheet.getByRole("button", { name: "Send the comment" }).click();
  await until(async () => (await rating(shop))?.comment === "Quick & kind <3", { what: "the comment" });

  await sheet.getByRole("button", { name: "Bad", exact: true }).click();
  await until(async () => (await rating(shop))?.score === 0, { what: "the other score" });
  await sheet.getByRole("button", { name: "Take it back" }).click();
  await expect(sheet.getByRole("button", { name: "Bad", exact: true })).toHaveAttribute("aria-pressed", "false");
  await until(async () => (await rating(shop))?.score === undefined, { what: "the rating taken back" });

  await sheet.getByRole("button", { name: "Close this" }).click();
  await expect(sheet).toBeHidden();
  await expect(shop.field).toBeFocused();
});

test("a running chat is rated from the menu, and the next conversation starts without an opinion", async ({
  page,
  shop,
  standin,
}) => {
  await shop.open();
  await shop.said("hello");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Rate this chat" }).click();
  const sheet = page.getByRole("region", { name: "Your opinion" });
  await sheet.getByRole("button", { name: "Bad", exact: true }).click();
  await until(async () => (await rating(shop))?.score === 0, { what: "the rating" });
  await sheet.getByRole("button", { name: "Close this" }).click();

  await page.reload();
  await shop.connected();
  await expect(shop.row("hello")).toBeVisible();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Rate this chat" }).click();
  await expect(sheet.getByRole("button", { name: "Bad", exact: true })).toHaveAttribute("aria-pressed", "true");

  await standin.control("close");
  await expect(page.getByText("This conversation has ended.")).toBeVisible();
  await shop.said("one more thing");
  await expect(sheet).toBeHidden();
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Rate this chat" }).click();
  await expect(sheet.getByRole("button", { name: "Bad", exact: true })).toHaveAttribute("aria-pressed", "false");
});

test("a rating among the shop's own questions goes where ratings go", async ({ page, shop, standin }) => {
  const fields = [
    { id: "1", type: "rating", label: "Rate us", comment_label: "Why?" },
    { id: "2", type: "question", label: "Anything else?" },
  ];
  await standin.control("form", { group_id: 0, type: "postchat", enabled: true, form: { id: "last", fields } });
  await shop.open();
  await shop.said("hello");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "End chat" }).click();
  const sheet = page.getByRole("region", { name: "Your opinion" });
  await sheet.getByRole("group", { name: "Rate us" }).getByLabel("Good").check();
  await sheet.getByLabel("Why?").fill("Fast");
  await sheet.getByRole("button", { name: "Send answers" }).click();
  await until(async () => (await rating(shop))?.comment === "Fast", { what: "the rating" });
  expect(await rating(shop)).toMatchObject({ score: 1, comment: "Fast" });
  expect((await shop.servedEvents()).filter((event) => event.type === "filled_form")).toEqual([]);
});

test("a transcript is ordered by mail", async ({ page, shop }) => {
  await shop.open();
  await page.getByRole("button", { name: "More" }).click();
  await expect(page.getByRole("button", { name: "Send transcript" })).toBeDisabled();
  await page.keyboard.press("Escape");
  await shop.said("hello");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Send transcript" }).click();
  const sheet = page.getByRole("region", { name: "A transcript of this chat" });
  const field = sheet.getByLabel("Your e-mail address");
  await expect(field).toBeFocused();
  await field.fill("zoe@example.com");
  await field.press("Enter");
  await expect(sheet.getByRole("status")).toHaveText("A transcript of this chat will be sent to zoe@example.com.");
  await sheet.getByRole("button", { name: "Close this" }).click();
  await expect(sheet).toBeHidden();
  const [chat] = await shop.serverChats();
  expect(chat.threads.at(-1).properties.routing).toMatchObject({ transcript_email: "zoe@example.com" });
});
