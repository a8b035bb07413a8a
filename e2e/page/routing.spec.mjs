// The queue, being handed over, being shut out.

import { expect, test } from "./shop.mjs";

const GRACE = "97ace0ff1ce54d2c8b6a1f0e3d5c7b92";

test("a customer in the queue sees the place in it, until somebody comes", async ({ shop, standin }) => {
  await standin.control("group_status", { group_id: 0, status: "online_for_queue" });
  await shop.open();
  await shop.said("hello");
  await expect(shop.notice).toContainText(/You are (next|number \d+ in the queue)/);
  await standin.control("queue_position", { position: 3, wait_time: 130 });
  await expect(shop.notice).toHaveText("You are number 3 in the queue, about 2 minutes.");
  await expect(shop.notice).toHaveRole("status");
  await standin.control("queue_position", { position: 1, wait_time: 20 });
  await expect(shop.notice).toHaveText("You are next, about a minute.");
  await standin.control("assign", {});
  await expect(shop.notice).not.toContainText("You are next");
  await shop.agent("Sorry for the wait");
  await expect(shop.row("Sorry for the wait")).toBeVisible();
  await expect(shop.notice).not.toContainText("queue");
});

test("a reload while waiting shows the place again", async ({ page, shop, standin }) => {
  await standin.control("group_status", { group_id: 0, status: "online_for_queue" });
  await shop.open();
  await shop.said("hello");
  await expect(shop.notice).toContainText("You are");
  await page.reload();
  await shop.connected();
  await expect(shop.notice).toContainText(/You are (next|number \d+ in the queue)/);
});

test("a chat that is handed over says to whom", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("transfer", { to_agent_id: GRACE });
  await expect(shop.notice).toContainText("You are being connected to");
  await expect(page.locator(".row-system").last()).toContainText("handed the conversation over");
  await expect(page.locator(".chat-who")).toContainText("Grace");
  // It is news for a moment only.
  await expect(shop.notice).toBeEmpty({ timeout: 15_000 });
});

test("a banned customer is told so and cannot write", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("ban", { days: 1 });
  await expect(shop.line).toHaveText("Chatting from this browser is blocked at the moment.");
  await expect(shop.field).toBeDisabled();
  await expect(shop.field).toHaveAttribute("placeholder", "You cannot write now");
  await expect(shop.sheet).toBeHidden();
  await expect(page.getByText("Write a message to open it again.")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Attach files" })).toBeDisabled();

  const [{ customer_id: id }] = await shop.serverChats();
  await standin.control("unban", { customer_id: id });
  await page.getByRole("button", { name: "Connect" }).click();
  await shop.connected();
  await expect(shop.field).toBeEnabled();
  await shop.said("here again");
});

test("the router closes a quiet chat, and says why", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("archive", { system_message_type: "routing.archived_inactive", text_vars: { duration: "30" } });
  await expect(page.locator(".row-system").last()).toHaveText("The conversation ended after 30 quiet minutes");
  await expect(page.getByText("This conversation has ended.")).toBeVisible();
});

test("agents see which part of the page the customer looks at", async ({ page, shop, standin }) => {
  await shop.visit();
  await shop.connected();
  await page.getByRole("link", { name: "Help" }).click();
  await expect.poll(async () => JSON.stringify(await standin.look("state"))).toContain("/#help");
});
