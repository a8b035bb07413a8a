// A person at the agent's console and a customer on the demo page.

import { expect, test } from "./shop.mjs";

async function agentOf(page, shop) {
  const agent = await page.context().newPage();
  agent.on("pageerror", (error) => shop.problems.push(`console: ${error.stack ?? error}`));
  agent.on("console", (message) => message.type() === "error" && shop.problems.push(`console: ${message.text()}`));
  await agent.goto(`${shop.standin.origin}/agent`);
  await expect(agent.locator("#link")).toHaveText("connected");
  await page.bringToFront();
  return agent;
}

async function openChat(page, shop) {
  await shop.open();
  await shop.said("hello");
  const agent = await agentOf(page, shop);
  await agent.locator("[data-chat]").click();
  await expect(agent.getByRole("log")).toContainText("hello");
  return agent;
}

/** Chooses from a menu, and sends what the dialog offers after `change` has changed it. */
async function act(agent, menu, entry, change) {
  await agent.getByRole("button", { name: menu, exact: true }).click();
  await agent.getByRole("button", { name: entry, exact: true }).click();
  if (change === undefined) return;
  const dialog = agent.getByRole("dialog");
  await change(dialog);
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toBeHidden();
}
const asIs = () => {};

test("both talk; the agent sees what is being typed, and says what the customer sees", async ({ page, shop }) => {
  const agent = await openChat(page, shop);
  await shop.field.fill("I am still think");
  await expect(agent.locator("#peek")).toContainText("I am still think");
  await agent.getByRole("textbox", { name: "Answer" }).fill("Take your time");
  await expect(shop.typing).toContainText("is typing");
  await agent.getByRole("textbox", { name: "Answer" }).press("Enter");
  await expect(shop.row("Take your time")).toBeVisible();
  await expect(agent.getByRole("log")).toContainText("seen");

  await agent.locator(".message.mine", { hasText: "Take your time" }).hover();
  await agent.locator(".message.mine", { hasText: "Take your time" }).getByRole("button", { name: "Edit" }).click();
  await agent.getByRole("dialog").getByLabel("Text").fill("Take all the time you need");
  await agent.getByRole("dialog").getByRole("button", { name: "Change" }).click();
  await expect(shop.row("Take all the time you need")).toContainText("Edited");
  await agent.locator(".message.mine").getByRole("button", { name: "Delete" }).click();
  await expect(shop.row("Take all the time you need")).toHaveCount(0);
});

test("every type of event is sent from the menu and arrives", async ({ page, shop }) => {
  const agent = await openChat(page, shop);
  for (const [entry, arrives] of [
    ["Cards…", page.getByRole("group", { name: "3 cards" })],
    ["Quick replies…", page.getByRole("group", { name: "Suggested answers" })],
    ["Sticker…", page.getByRole("img", { name: "A happy cactus" })],
    ["Product…", page.locator(".product")],
    ["Form…", page.locator(".bubble-form form")],
    ["Filled form…", page.locator(".answers", { hasText: "Comes by on Tuesday" })],
    ["System message…", page.locator(".row-system", { hasText: "Quiet for 5 minutes" })],
    ["System record…", page.locator(".row-system", { hasText: "Order 1042 was placed: €34.00" })],
    ["Custom…", page.getByText("Something that this window cannot show").first()],
    ["Markdown…", shop.row("Water")],
    ["Unknown type…", page.getByText("Something that this window cannot show").nth(1)],
  ]) {
    await act(agent, "More", entry, asIs);
    await expect(arrives, entry).toBeVisible();
  }
  await act(agent, "More", "For agents only…", asIs);
  await expect(agent.locator(".message.hidden")).toContainText("likes cacti");
  await shop.agent("done");
  await expect(shop.row("done")).toBeVisible();
  await expect(shop.row("likes cacti")).toHaveCount(0);
  // What the customer answers comes back in full.
  const form = page.locator(".bubble-form form");
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("Your e-mail address").fill("zoe@example.com");
  await form.getByLabel("Evenings").check();
  await form.getByRole("button", { name: "Send answers" }).click();
  await expect(agent.locator(".message:not(.mine) dl")).toContainText("zoe@example.com");
  await page.getByRole("button", { name: "Remember it" }).click();
  await expect(agent.locator(".chip", { hasText: "Remember it" })).toContainText("✓");
});

test("files go both ways", async ({ page, shop }) => {
  const agent = await openChat(page, shop);
  await agent
    .locator("#files")
    .setInputFiles({ name: "care.txt", mimeType: "text/plain", buffer: Buffer.from("Water it.") });
  await expect(shop.row("care.txt").getByRole("link")).toHaveAttribute("href", /^http/);
  await page
    .locator(".chat-composer input[type=file]")
    .setInputFiles({ name: "leaf.txt", mimeType: "text/plain", buffer: Buffer.from("brown") });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(agent.getByRole("log").getByRole("link", { name: "leaf.txt" })).toBeVisible();
});

test("thinking, drafts, the queue and handing over", async ({ page, shop, standin }) => {
  await standin.control("group_status", { group_id: 0, status: "online_for_queue" });
  const agent = await openChat(page, shop);
  await act(agent, "More", "Queue position…", asIs);
  await expect(shop.notice).toContainText("number 2 in the queue");
  await act(agent, "More", "Take out of the queue");
  await expect(shop.notice).not.toContainText("queue");
  await act(agent, "More", "Thinking…", asIs);
  await expect(shop.typing).toContainText("Looking at your order");
  await act(agent, "More", "Answer in drafts…", (dialog) => dialog.getByLabel("Text").fill("One two three"));
  await expect(page.locator(".bubble-draft")).toBeVisible();
  await expect(shop.row("One two three")).toHaveAttribute("data-status", "received");
  await expect(page.locator(".bubble-draft")).toHaveCount(0);
  await act(agent, "More", "Transfer to an agent…", (dialog) => dialog.getByLabel("Agent").selectOption("Grace Agent"));
  await expect(shop.notice).toContainText("You are being connected to");
  await agent.getByLabel("You are").selectOption("Grace Agent");
  await agent.getByRole("textbox", { name: "Answer" }).fill("Grace here");
  await agent.getByRole("button", { name: "Send", exact: true }).click();
  await expect(shop.row("Grace here")).toBeVisible();
  await expect(page.locator(".chat-who")).toContainText("Grace");
});

test("what is known about the customer: name, page, rating; closing and banning", async ({ page, shop, standin }) => {
  const agent = await openChat(page, shop);
  const about = agent.getByRole("complementary", { name: "Customer" });
  await page.evaluate(() => palaverDemo.api.updateCustomer({ name: "Zoë", sessionFields: { plan: "pro" } }));
  await expect(about).toContainText("Zoë");
  await expect(about).toContainText("plan");
  await expect(about.getByRole("link", { name: /Moss/ })).toBeVisible();
  await page.evaluate(() => palaverDemo.api.checkGoals({ pageUrl: "https://shop.example/thank-you" }));
  await expect(about).toContainText("https://shop.example/thank-you");
  await agent.getByRole("button", { name: "Close chat" }).click();
  await page.getByRole("region", { name: "Your opinion" }).getByRole("button", { name: "Good", exact: true }).click();
  await expect(about).toContainText("good");
  await agent.getByRole("button", { name: "Reopen chat" }).click();
  await expect(page.locator(".row-separator", { hasText: "New conversation" })).toHaveCount(0);
  await act(agent, "More", "Ban…", asIs);
  await expect(shop.line).toHaveText("Chatting from this browser is blocked at the moment.");
  expect(standin.running).toBe(true);
});

test("visitors are greeted, and the office is set up", async ({ page, shop }) => {
  await shop.visit();
  await shop.connected();
  const agent = await agentOf(page, shop);
  await act(agent, "Greet", "With words…", (dialog) => dialog.getByLabel("Text").fill("May I help?"));
  await expect(page.locator(".teaser")).toContainText("May I help?");
  await expect(agent.locator(".visitor")).toContainText("greeted");
  await act(agent, "Greet", "Take it back");
  await expect(page.locator(".teaser")).toBeHidden();

  await act(agent, "Office", "Ask the prechat form…", asIs);
  await shop.openPanel();
  await expect(page.getByRole("region", { name: "Before we begin" })).toBeVisible();
  await act(agent, "Office", "Group 0: online…", (dialog) => dialog.getByLabel("Status").selectOption("offline"));
  await expect(shop.notice).toContainText("Nobody is here right now");
});

test("what customers write is text to the agent", async ({ page, shop }) => {
  const agent = await openChat(page, shop);
  const evil = "<img src=x onerror=alert(1)> javascript:alert(2)";
  await shop.said(evil);
  await page.evaluate((name) => palaverDemo.api.updateCustomer({ name, email: "a@b.example" }), evil);
  await expect(agent.getByRole("log")).toContainText(evil);
  await expect(agent.locator("#name")).toHaveText(evil);
  await expect(agent.locator("img[src='x']")).toHaveCount(0);
  expect(await agent.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test("pictures of other hosts are links to the agent, and its own are shown", async ({ page, shop, standin }) => {
  const agent = await openChat(page, shop);
  const requests = [];
  agent.on("request", (request) => requests.push(new URL(request.url()).origin));
  for (const url of ["https://pictures.example/a.png", `${standin.origin}/agent/fern.svg`])
    await standin.control("event", {
      event: { type: "rich_message", template_id: "cards", elements: [{ title: "Look", image: { url } }] },
    });
  const link = agent.getByRole("link", { name: "Picture at pictures.example" });
  await expect(link).toHaveAttribute("href", "https://pictures.example/a.png");
  await expect(agent.locator("img[src$='/agent/fern.svg']")).toHaveCount(1);
  expect(requests.filter((origin) => origin !== standin.origin)).toEqual([]);
});

test("a page of another origin can neither read the console's socket nor answer", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("a secret");
  const other = await page.context().newPage();
  // The same server under another name is another origin.
  const foreign = standin.origin.replace("127.0.0.1", "localhost");
  expect(foreign).not.toBe(standin.origin);
  await other.route("http://foreign.example/", (route) => route.fulfill({ contentType: "text/html", body: "foreign" }));
  for (const address of ["http://foreign.example/", `${foreign}/files/none/none`]) {
    await other.goto(address);
    const heard = await other.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url);
          socket.addEventListener("message", ({ data }) => resolve(data));
          socket.addEventListener("close", () => resolve("closed"));
        }),
      `${standin.origin.replace("http", "ws")}/agent/ws`,
    );
    expect(heard).toBe("closed");
  }
  // Its own page can.
  await agentOf(page, shop);
});
