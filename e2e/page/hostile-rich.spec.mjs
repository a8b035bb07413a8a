// Everything else that others write is text too: cards, forms, names of files, records of the shop.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "../support/standin.mjs";
import { expect, test } from "./shop.mjs";

const EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>";
const SCRIPT = "javascript:alert(3)";

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => (globalThis.alert = () => console.error("alert() ran")));
});

/** Nothing foreign became an element, an address or a request; nothing is wider than the window. */
async function expectHarmless(page, shop, requests) {
  await expect(page.locator(".chat script, .chat iframe, .chat img[src='x'], .chat object")).toHaveCount(0);
  const addresses = await page
    .locator(".chat a")
    .evaluateAll((links) => links.map((link) => new URL(link.href).protocol));
  expect(addresses.filter((scheme) => !["https:", "http:", "mailto:", "tel:"].includes(scheme))).toEqual([]);
  expect(await page.locator(".chat-scroller").evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(
    true,
  );
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  expect(requests.filter((url) => !url.startsWith(shop.standin.origin) && !/^(data|blob):/.test(url))).toEqual([]);
}

test("rich messages with markup, script addresses, and far too much of everything", async ({ page, shop, standin }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await shop.open();
  await shop.said("hello");
  const rich = (event) => standin.control("event", { event: { type: "rich_message", template_id: "cards", ...event } });
  await rich({
    elements: [
      {
        title: EVIL,
        subtitle: `${EVIL} ${"w".repeat(3000)}`,
        image: { url: SCRIPT, alternative_text: EVIL },
        buttons: [
          { type: "url", text: EVIL, value: SCRIPT, postback_id: "1", user_ids: [] },
          {
            type: "webview",
            text: "webview",
            value: "data:text/html,<script>alert(4)</script>",
            postback_id: "2",
            user_ids: [],
          },
          { type: "phone", text: "phone", value: SCRIPT, postback_id: "3", user_ids: [] },
          {
            type: "url",
            text: "user name",
            value: "https://good.example@evil.example/",
            postback_id: "4",
            user_ids: [],
          },
          { type: "hologram", text: "\u202eegnahc", value: SCRIPT, postback_id: "5", user_ids: [] },
          { text: "nothing behind it" },
        ],
      },
    ],
  });
  const card = page.locator(".rich-card");
  await expect(card).toContainText(EVIL);
  await expect(card.getByRole("link")).toHaveCount(1);
  await expect(card.getByRole("link", { name: "phone" })).toHaveAttribute("href", /^tel:[\d+]+$/);
  await expect(card.getByRole("button", { name: "webview" })).toBeDisabled();
  await expect(card.getByRole("button", { name: "user name" })).toBeDisabled();
  await expect(card.getByRole("button", { name: "egnahc", exact: true })).toBeEnabled();

  const many = Array.from({ length: 500 }, (_, n) => ({
    title: `Card ${n}`,
    buttons: Array.from({ length: 100 }, (_, m) => ({ text: `${n}/${m}`, postback_id: `${m}`, user_ids: [] })),
  }));
  await rich({ elements: many });
  // Some megabytes, on a machine that may be busy.
  await expect(page.getByRole("group", { name: "10 cards" })).toBeVisible({ timeout: 45_000 });
  await expect(page.locator(".carousel .choice")).toHaveCount(130);
  for (const elements of [
    null,
    "text",
    { a: 1 },
    [null, 7, "x", []],
    [{ buttons: "no", image: 3, ecommerce: { options: [null, 4], label: {} } }],
  ])
    await rich({ elements });
  await rich({ template_id: "hologram", elements: [{ title: "from the future" }] });
  await expect(page.getByText("from the future")).toBeVisible();
  await expect(page.getByText("A card that this window cannot show")).not.toHaveCount(0);
  await expectHarmless(page, shop, requests);
});

test("forms, answers, system messages and records with markup", async ({ page, shop, standin }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await shop.open();
  await shop.said("hello");
  const event = (event) => standin.control("event", { event });
  await event({
    type: "form",
    form_id: EVIL,
    form_type: EVIL,
    fields: [
      { type: "header", label: EVIL },
      { id: EVIL, type: "question", label: EVIL },
      { id: "2", type: "select", label: "s", options: [{ id: "0", label: EVIL }, "odd"] },
      { id: "3", type: "checkbox", label: "c", options: "odd" },
    ],
  });
  await event({
    type: "filled_form",
    form_id: "other",
    fields: [
      { id: "1", type: "question", label: EVIL, answer: EVIL },
      { id: "2", type: "checkbox", label: "c", answers: [{ label: EVIL }, null, 3] },
      5,
    ],
  });
  await event({ type: "system_message", system_message_type: "agent_joined", text_vars: { agent: EVIL } });
  await event({ type: "system_message", system_message_type: "constructor", text: EVIL });
  await event({
    type: "system",
    source: "cdp",
    subtype: "store_order_was_created",
    version: 2,
    details: JSON.stringify({ order: { order_number: EVIL, total_price: {}, currency: EVIL } }),
  });
  await event({
    type: "system",
    source: "cdp",
    subtype: "store_product_added_to_cart",
    version: 1,
    details: "not json",
  });
  const text = `**${EVIL}** [click](${SCRIPT}) [bank](https://evil.example/x)\n- ${EVIL}\n\`\`\`\n${EVIL}\n\`\`\``;
  await event({ type: "message", text, properties: { chats: { formatting: "commonmark" } } });
  const markdown = page.locator(".bubble-markdown");
  await expect(markdown.locator("strong")).toHaveText(EVIL);
  await expect(markdown.locator("li")).toHaveText(EVIL);
  await expect(markdown.locator("pre")).toHaveText(EVIL);
  await expect(markdown.getByRole("link")).toHaveCount(1);
  await expect(markdown).toContainText("bank (leads to evil.example)");
  await event({ type: "custom", content: { html: EVIL } });
  await event({
    type: "file",
    name: EVIL,
    url: "data:text/html,<script>alert(5)</script>",
    content_type: "text/html",
    size: -1,
  });
  await shop.agent("last");
  await expect(shop.row("last")).toBeVisible();
  await expect(page.locator(".row-system").filter({ hasText: "onerror" })).toHaveCount(3);
  await expect(page.locator(".answers dd").first()).toHaveText(EVIL);
  await expect(page.locator(".bubble-form .form-head")).toHaveText(EVIL);
  await expectHarmless(page, shop, requests);
});

test("a picture that does not come leaves a word, and the conversation in its place", async ({
  page,
  shop,
  standin,
}) => {
  shop.expectRefusals();
  await shop.open();
  await shop.said("hello");
  await standin.control("event", {
    event: {
      type: "rich_message",
      template_id: "cards",
      elements: [{ title: "No picture", image: { url: `${standin.origin}/agent/nothing.png` } }],
    },
  });
  await expect(page.locator(".rich-card")).toContainText("The picture could not be loaded");
  await page.route("https://cdn.livechat-files.com/**", (route) =>
    route.fulfill({ contentType: "image/png", body: "no picture at all" }),
  );
  await standin.control("event", {
    event: { type: "file", name: "x.png", url: "https://cdn.livechat-files.com/x.png", content_type: "image/png" },
  });
  await expect(shop.row("x.png")).toContainText("The picture could not be loaded");
});

test("greetings and drafts with markup", async ({ page, shop, standin }) => {
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await shop.visit();
  await shop.connected();
  const greeting = {
    id: 1,
    unique_id: "g1",
    displayed_first_time: true,
    is_exit_intent: false,
    event: { type: "message", text: `${EVIL} https://a.example/` },
    agent: { id: "a", name: EVIL, avatar: SCRIPT, is_bot: false, job_title: "x" },
  };
  await standin.control("push", { action: "incoming_greeting", payload: greeting });
  await expect(page.locator(".teaser")).toContainText(EVIL);
  for (const odd of [
    { ...greeting, unique_id: "g2", event: null },
    { ...greeting, unique_id: "g3", agent: null },
    { ...greeting, unique_id: "g4", event: { type: "rich_message", template_id: "cards", elements: "odd" } },
  ]) {
    await standin.control("push", { action: "incoming_greeting", payload: odd });
  }
  await shop.openPanel();
  await expectHarmless(page, shop, requests);
});

test("pushes of any shape do not stop the page", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const button = { text: "Remember", postback_id: "r", user_ids: "odd" };
  const elements = [null, { title: "Odd", buttons: [null, button, { text: {}, type: "message", postback_id: 7 }] }];
  await standin.control("event", { event: { type: "rich_message", template_id: "cards", elements } });
  await expect(page.getByRole("button", { name: "Remember" })).toBeVisible();
  const [{ id: chat_id, threads }] = await shop.serverChats();
  const { id: thread_id, events } = threads.at(-1);
  const event_id = events.at(-1).id;
  const odd = [null, 7, "text", [], {}, [null], { a: { b: null } }];
  for (const value of odd) {
    for (const [action, payload] of [
      ["chat_transferred", { transferred_to: value, queue: value }],
      ["chat_transferred", { transferred_to: { agent_ids: value, group_ids: value } }],
      ["queue_position_updated", { queue: value }],
      ["incoming_thinking_indicator", { author_id: value, title: value, description: value, custom_id: value }],
      ["incoming_event_preview", { event: value }],
      ["incoming_event_preview", { event: { type: "message", author_id: "x", text: value, custom_id: value } }],
      ["incoming_rich_message_postback", { event_id, user_id: value, postback: value }],
      ["incoming_rich_message_postback", { event_id, user_id: "x", postback: { id: "r", toggled: value } }],
      ["thread_properties_updated", { properties: { rating: value } }],
      ["thread_properties_deleted", { properties: { rating: value } }],
      ["incoming_welcome_message", { id: value, event: value }],
      ["incoming_greeting", { id: value, unique_id: value, event: value, agent: value }],
      ["event_updated", { event: value }],
      ["user_added_to_chat", { user: value }],
    ]) {
      await standin.control("push", { action, payload: { chat_id, thread_id, ...payload } });
    }
  }
  await shop.agent("still here");
  await expect(shop.row("still here")).toBeVisible();
  await page.getByRole("button", { name: "Remember" }).click();
  await shop.said("here too");
});

test("every event of the platform's samples is shown, and none of them breaks the page", async ({
  page,
  shop,
  standin,
}) => {
  await page.route(/^https:/, (route) => route.abort());
  shop.expectOutages();
  await shop.open();
  await shop.said("hello");
  const folder = join(root, "tests/fixtures/livechat");
  const names = readdirSync(folder).filter((name) => /-event-|system-activity/.test(name));
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const { id, author_id, created_at, ...event } = JSON.parse(readFileSync(join(folder, name), "utf8"));
    if (event.type === undefined) continue;
    const before = await page.locator(".row-event, .row-system").count();
    await standin.control("event", { event: { ...event, recipients: "all", visibility: "all" } });
    await expect(page.locator(".row-event, .row-system"), name).toHaveCount(before + 1);
  }
});
