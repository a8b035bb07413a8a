// What agents write is text. Nothing of it runs, loads or breaks the layout.

import { expect, test } from "./shop.mjs";

test("markup, script addresses, direction marks and endless words are shown as text", async ({ page, shop }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.addInitScript(() => (globalThis.alert = () => console.error("alert() ran")));
  await shop.open();
  await shop.said("hello");
  const texts = [
    "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "javascript:alert(3) [click](javascript:alert(4)) data:text/html,<script>alert(5)</script>",
    "https://real.example/path and https://аpple.com/login",
    "report \u202egpj.exe and more",
    "w".repeat(10_000),
    "last",
  ];
  for (const text of texts) await shop.agent(text);
  await expect(shop.row("last")).toBeVisible();
  const shown = (await shop.shown()).slice(1).map(([, text]) => text);
  expect(shown.toSpliced(2, 1)).toEqual(texts.toSpliced(2, 1));

  await expect(page.locator(".bubble img, .bubble script, .bubble iframe")).toHaveCount(0);
  const links = page.locator(".bubble a");
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute("href", "https://real.example/path");
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute("rel", "noopener noreferrer ugc");
    await expect(link).toHaveAttribute("target", "_blank");
  }
  // A look-alike says where it leads.
  await expect(shop.row("real.example")).toContainText("(leads to xn--pple-43d.com)");

  // Nothing is wider than the window, and the endless word is broken.
  const scroller = page.locator(".chat-scroller");
  expect(await scroller.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  // The mark that turns the direction stays inside its bubble.
  expect(
    await shop
      .row("gpj.exe")
      .locator(".bubble")
      .evaluate((bubble) => getComputedStyle(bubble).unicodeBidi),
  ).toMatch(/isolate|plaintext/);
  expect(requests.filter((url) => !url.startsWith(shop.standin.origin) && !url.startsWith("data:"))).toEqual([]);
});

test("files and pictures of other hosts are links, unknown events are quiet", async ({ page, shop, standin }) => {
  const requests = [];
  await page.route(/^https:/, (route) => {
    requests.push(route.request());
    return route.fulfill({
      contentType: "image/svg+xml",
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
    });
  });
  await shop.open();
  await shop.said("hello");
  const event = (event) => standin.control("event", { event });
  await event({
    type: "file",
    name: "roots\u202egpj.png",
    url: "https://files.example/roots.png",
    content_type: "image/png",
    size: 123_444,
    alternative_text: "Roots",
  });
  await event({ type: "file", name: "care.pdf", url: "javascript:alert(1)", content_type: "application/pdf" });
  await event({ type: "hologram", depth: 3 });
  await event({ type: "rich_message", template_id: "cards", elements: [] });
  await event({
    type: "system_message",
    system_message_type: "transcript_sent",
    text: "%customer% got <b>it</b>",
    text_vars: { customer: "Zoë" },
  });

  const file = shop.rows.filter({ has: page.locator(".file") }).first();
  await expect(file.getByRole("link")).toHaveAttribute("href", "https://files.example/roots.png");
  await expect(file).toContainText("120.6 KB");
  await expect(file.getByRole("link")).toHaveText("roots gpj.png");
  await expect(shop.row("care.pdf")).toBeVisible();
  await expect(shop.row("care.pdf").getByRole("link")).toHaveCount(0);
  await expect(page.getByText("Something that this window cannot show")).toBeVisible();
  await expect(page.getByText("A card that this window cannot show")).toBeVisible();
  await expect(page.locator(".row-system").last()).toHaveText("Zoë got <b>it</b>");

  await expect(file).toContainText("(leads to files.example)");
  await expect(page.getByRole("img", { name: "Roots" })).toHaveCount(0);
  expect(requests).toEqual([]);
});

test("odd users and pushes do not stop the page", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const [{ id: chatId }] = await page.evaluate(() => palaverDemo.api.chats());
  const user = {
    id: "odd",
    type: "agent",
    name: "<b>Odd\u202e\n</b>".repeat(40),
    avatar: "javascript:alert(1)",
    present: true,
  };
  await standin.control("push", { action: "user_added_to_chat", payload: { chat_id: chatId, user, reason: "manual" } });
  await standin.control("push", { action: "never_heard_of", payload: { a: [1, null, { b: "c" }] } });
  const event = { id: "odd_1", type: "message", text: "from an odd user", author_id: "odd", created_at: "not a time" };
  const threadId = await page.evaluate(() => palaverDemo.api.chats()[0].lastThreadId);
  await standin.control("push", { action: "incoming_event", payload: { chat_id: chatId, thread_id: threadId, event } });
  await shop.agent("from a usual one");
  await expect(shop.row("from a usual one")).toBeVisible();
  await expect(shop.row("from an odd user").locator(".avatar")).toHaveText("BB");
  // The stand-in's agents have pictures, on its own host.
  const pictures = await page.locator("img").evaluateAll((images) => images.map((image) => new URL(image.src).origin));
  expect(pictures.filter((origin) => origin !== standin.origin)).toEqual([]);
  expect(await page.locator(".chat-head").evaluate((head) => head.scrollWidth <= head.clientWidth)).toBe(true);
});
