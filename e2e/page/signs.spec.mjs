// Passing signs: thinking, drafts. They go by themselves, and what is said takes their place.

import { expect, test } from "./shop.mjs";

test("thinking is shown with what it is about, until something is said", async ({ shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("thinking", { title: "Looking at your order", description: "This takes a moment" });
  await expect(shop.typing).toContainText("Looking at your order");
  await expect(shop.typing).toContainText("This takes a moment");
  await shop.agent("Found it");
  await expect(shop.row("Found it")).toBeVisible();
  await expect(shop.typing).toBeHidden();
});

test.describe("with a clock of our own", () => {
  test("thinking and drafts that lead to nothing go by themselves", async ({ page, shop, standin }) => {
    await page.clock.install();
    await shop.open();
    await shop.said("hello");
    await standin.control("thinking", { title: "Thinking hard" });
    await expect(shop.typing).toBeVisible();
    await standin.control("preview", { text: "I was about to say", custom_id: "d-1" });
    await expect(page.locator(".bubble-draft")).toHaveText("I was about to say");
    await page.clock.runFor(31_000);
    await expect(shop.typing).toBeHidden();
    await expect(page.locator(".bubble-draft")).toHaveCount(0);
  });
});

test("a draft grows and becomes the message, which is read out once", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const draft = page.locator(".bubble-draft");
  await standin.control("preview", { text: "Ferns like", custom_id: "d-1" });
  await expect(draft).toHaveText("Ferns like");
  await standin.control("preview", { text: "Ferns like it <i>humid</i>", custom_id: "d-1" });
  await expect(draft).toHaveText("Ferns like it <i>humid</i>");
  await expect(draft).toHaveCount(1);
  await expect(shop.log).not.toContainText("Ferns like");
  await standin.control("message", { text: "Ferns like it humid.", custom_id: "d-1" });
  await expect(shop.row("Ferns like it humid.")).toHaveCount(1);
  await expect(draft).toHaveCount(0);
  await expect(shop.log).toContainText("Ferns like it humid.");
  expect(await shop.shown()).toEqual(await shop.served());
});

test("an edited message says so, a deleted one goes", async ({ shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const { event_id: id } = await shop.agent("It costs 18 euro");
  await expect(shop.row("18 euro")).not.toContainText("Edited");
  await standin.control("edit", { event_id: id, text: "It costs 16 euro" });
  await expect(shop.row("16 euro")).toContainText("Edited");
  await standin.control("delete", { event_id: id });
  await expect(shop.row("16 euro")).toHaveCount(0);
});
