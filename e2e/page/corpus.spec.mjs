// A corpus of hostile texts, in every place where a text of somebody else is shown.

import { ADDRESSES, ALL, DIRECTIONS, MARKUP, NESTINGS } from "./corpus.mjs";
import { expect, test } from "./shop.mjs";
import { watchSinks } from "./sinks.mjs";

const SHORT = [...ADDRESSES, ...MARKUP, ...DIRECTIONS];

test.describe.configure({ timeout: 240_000 });

test.beforeEach(async ({ page, shop }) => {
  page.leaks = [];
  const own = (url) => url.startsWith(shop.standin.origin) || url.startsWith(`blob:${shop.standin.origin}`);
  page.on("request", (request) => own(request.url()) || page.leaks.push(request.url()));
  page.on("popup", (popup) => page.leaks.push(`popup ${popup.url()}`));
  page.on("dialog", (dialog) => page.leaks.push(`dialog ${dialog.message()}`) && dialog.dismiss());
  page.on("download", (download) => page.leaks.push(`download ${download.url()}`));
  await page.addInitScript(watchSinks);
  await shop.open();
  await shop.said("hello");
  page.on("framenavigated", (frame) => page.leaks.push(`navigated to ${frame.url()}`));
});

/** Presses everything that others brought into the conversation; what is opened by that is noted, links stay where they are. */
function pressEverything(page) {
  return page.evaluate(() => {
    addEventListener("click", (event) => event.target.closest("a") && event.preventDefault(), true);
    const inner = ".bubble, .rich-card, .row-system";
    for (const control of document.querySelectorAll(`:is(${inner}) :is(a, button:not(:disabled))`)) control.click();
  });
}

async function expectHarmless(page, shop) {
  await pressEverything(page);
  await shop.agent("and after all that");
  await expect(shop.row("and after all that")).toBeVisible({ timeout: 60_000 });
  const found = await page.evaluate(() => {
    const links = [...document.querySelectorAll(".chat a")];
    const wild = links.filter(
      ({ protocol, rel, target }) =>
        !/^(?:https?|mailto|tel):$/.test(protocol) ||
        rel !== "noopener noreferrer ugc" ||
        (/^https?:$/.test(protocol) && target !== "_blank"),
    );
    // What a link says, without the words of its author, must not name another host than its own.
    const lying = links
      .filter(({ protocol }) => /^http/.test(protocol))
      .filter((link) => {
        const named = /^https?:\/\/([^/?#]*)/i.exec(link.textContent.trim())?.[1].toLowerCase();
        return named && named !== link.host && !link.parentElement.textContent.includes(`(leads to ${link.host})`);
      });
    const foreign =
      "script, iframe, frame, object, embed, base, link, meta, style, template, math, video, audio, marquee";
    return {
      sunk: globalThis.sunk,
      opened: globalThis.opened.filter((address) => !/^https?:\/\//.test(address)),
      wild: wild.map((link) => link.outerHTML),
      lying: lying.map((link) => link.parentElement.outerHTML),
      elements: [...document.querySelectorAll(foreign)].filter((element) => element.closest(".chat")).map(String),
      handlers: [...document.querySelectorAll(".chat *")].flatMap((element) =>
        element
          .getAttributeNames()
          .filter((name) => name.startsWith("on") || name === "srcdoc" || name === "formaction"),
      ),
      isWide: document.documentElement.scrollWidth > innerWidth,
    };
  });
  expect(found).toEqual({ sunk: [], opened: [], wild: [], lying: [], elements: [], handlers: [], isWide: false });
  expect(page.leaks).toEqual([]);
}

test("as messages they are shown letter by letter", async ({ page, shop }) => {
  for (const text of ALL) await shop.agent(text);
  await expect(shop.rows).toHaveCount(ALL.length + 1, { timeout: 90_000 });
  const shown = await page.evaluate(() =>
    [...document.querySelectorAll(".row-event:not(.own) .bubble")].map((bubble) => {
      const copy = bubble.cloneNode(true);
      for (const extra of copy.querySelectorAll(".visually-hidden, small.quiet")) extra.remove();
      return copy.textContent.trim();
    }),
  );
  // A note of where a link leads stands behind a space.
  const bare = (text) => text.replace(/\s+/g, "");
  expect(shown.map(bare)).toEqual(ALL.map(bare));
  await expectHarmless(page, shop);
});

test("as Markdown, and as the addresses of its links", async ({ page, shop, standin }) => {
  const texts = [...ALL, ...ADDRESSES.map((address) => `[https://good.example](${address})`)];
  for (const text of [...texts, ...ADDRESSES.map((address) => `![x](<${address}>) <${address}> [x]: ${address}`)])
    await standin.control("event", {
      event: { type: "message", text, properties: { chats: { formatting: "commonmark" } } },
    });
  await expect(page.locator(".bubble-markdown")).toHaveCount(texts.length + ADDRESSES.length, { timeout: 90_000 });
  await expectHarmless(page, shop);
});

test("in cards, on their buttons, behind them, and as pictures", async ({ page, shop, standin }) => {
  shop.expectRefusals();
  const types = ["url", "webview", "phone", "message", "cancel", "hologram"];
  for (const [index, text] of SHORT.entries()) {
    const buttons = types.map((type) => ({
      type,
      text,
      value: text,
      postback_id: `${index}`,
      user_ids: [text],
      target: text,
      role: text,
      webview_height: text,
    }));
    const image = { url: text, name: text, alternative_text: text, content_type: text };
    const option = { option_id: text, label: text, color: text, currency: text, price: text, image_url: text };
    const ecommerce = {
      product_id: text,
      label: text,
      view_type: text,
      options: [option],
      addons: [{ addon_type: text }],
    };
    const element = { title: text, subtitle: text, image, buttons, ecommerce };
    await standin.control("event", {
      event: { type: "rich_message", template_id: index % 2 ? "cards" : "quick_replies", elements: [element, element] },
    });
  }
  await expect(shop.rows).toHaveCount(SHORT.length + 1, { timeout: 90_000 });
  await expectHarmless(page, shop);
});

test("in files, forms, answers, system messages and records", async ({ page, shop, standin }) => {
  shop.expectRefusals();
  const event = (event) => standin.control("event", { event });
  for (const text of SHORT) {
    await event({
      type: "file",
      name: text,
      url: text,
      content_type: "image/png",
      alternative_text: text,
      thumbnail_url: text,
      width: text,
      height: 1e9,
    });
    const options = [{ id: text, label: text }];
    await event({
      type: "form",
      form_id: text,
      form_type: text,
      fields: ["header", "question", "email", "select", "radio", "checkbox", text].map((type) => ({
        type,
        id: text,
        label: text,
        options,
      })),
    });
    await event({
      type: "filled_form",
      form_id: `of ${text}`,
      fields: [{ type: "question", id: text, label: text, answer: text }],
    });
    await event({ type: "system_message", system_message_type: "agent_joined", text, text_vars: { agent: text } });
    await event({
      type: "system",
      source: text,
      subtype: "summary",
      version: 1,
      details: JSON.stringify({ summary: { text } }),
    });
  }
  await expect(page.locator(".row-system")).toHaveCount(SHORT.length * 2, { timeout: 90_000 });
  await expectHarmless(page, shop);
});

test("as names, and in everything that is told beside the conversation", async ({ page, shop, standin }) => {
  shop.expectRefusals();
  const [{ id: chat_id, lastThreadId: thread_id }] = await page.evaluate(() => palaverDemo.api.chats());
  for (const [index, text] of SHORT.entries()) {
    const user = { id: `agent-${index}`, type: "agent", name: text, avatar: text, job_title: text, present: true };
    const event = {
      id: `${thread_id}_9${index}`,
      type: "message",
      text: `by ${index}`,
      author_id: user.id,
      created_at: new Date().toISOString(),
    };
    const greeting = {
      id: 1,
      unique_id: `g${index}`,
      displayed_first_time: true,
      accepted: false,
      subtype: text,
      event: { type: "message", text },
      agent: { ...user, is_bot: false },
    };
    for (const [action, payload] of [
      ["user_added_to_chat", { user, reason: text }],
      ["incoming_event", { event }],
      [
        "incoming_typing_indicator",
        { typing_indicator: { author_id: user.id, is_typing: true, recipients: "all", timestamp: 1 } },
      ],
      [
        "incoming_thinking_indicator",
        { author_id: user.id, title: text, description: text, sent_at: event.created_at },
      ],
      ["incoming_event_preview", { event: { ...event, id: undefined, text, custom_id: text } }],
      ["chat_transferred", { reason: text, transferred_to: { agent_ids: [user.id] } }],
      ["incoming_greeting", greeting],
      ["incoming_welcome_message", { id: text, event: { type: "message", text } }],
      ["customer_updated", { name: text, email: text }],
    ])
      await standin.control("push", {
        action,
        payload: action.includes("greeting") ? payload : { chat_id, thread_id, ...payload },
      });
  }
  await expect(shop.row(`by ${SHORT.length - 1}`)).toBeVisible({ timeout: 60_000 });
  await expectHarmless(page, shop);
});

test("no mark of direction reaches what stands beside it", async ({ page, shop, standin }) => {
  const evil = "\u202e\u2067evil";
  const formatting = { properties: { chats: { formatting: "commonmark" } } };
  const event = (event) => standin.control("event", { event });
  await event({ type: "message", text: `[${evil}](https://good.example/) behind`, ...formatting });
  await event({ type: "message", text: `https://good.example/${evil}` });
  await event({ type: "file", name: `${evil}gpj.exe`, url: "https://files.example/x" });
  const button = { type: "url", text: evil, value: "https://good.example/", postback_id: "1", user_ids: [] };
  await event({
    type: "rich_message",
    template_id: "cards",
    elements: [{ title: evil, subtitle: evil, buttons: [button, { text: "beside" }] }],
  });
  await event({ type: "system_message", system_message_type: "x", text: `${evil} joined` });
  await expect(page.locator(".row-system").last()).toContainText("joined");
  // Every one of them stands in a box of its own: isolated, or the last of its paragraph.
  const loose = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector(".chat-scroller"), NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      if (!/[\u202a-\u202e\u2066-\u2069]/.test(walker.currentNode.data)) continue;
      let box = walker.currentNode.parentElement;
      while (/^inline$/.test(getComputedStyle(box).display) && getComputedStyle(box).unicodeBidi === "normal")
        box = box.parentElement;
      const rest = box.cloneNode(true);
      for (const part of rest.querySelectorAll("bdi, [dir], .visually-hidden")) part.remove();
      const beside = rest.textContent.replace(walker.currentNode.data, "").trim();
      if (beside) found.push([box.className || box.localName, beside]);
    }
    return found;
  });
  expect(loose).toEqual([]);
});

test("pictures come from the platform's hosts only, tell them nothing, and keep within their bounds", async ({
  page,
  shop,
  standin,
}) => {
  const referrers = [];
  const hosts = new Set();
  await page.route(/^https:/, async (route) => {
    hosts.add(new URL(route.request().url()).host);
    referrers.push(await route.request().headerValue("referer"));
    await route.fulfill({
      contentType: "image/svg+xml",
      body: '<svg xmlns="http://www.w3.org/2000/svg" width="9000" height="9000"/>',
    });
  });
  const sizes = [
    [1, 1_000_000],
    [1_000_000, 1],
    [1_000_000, 1_000_000],
    [-5, 0],
    ["9", {}],
  ];
  for (const [index, [width, height]] of sizes.entries()) {
    const url = `https://cdn.livechat-files.com/${index}.svg`;
    await standin.control("event", {
      event: { type: "file", name: `${index}.svg`, url, content_type: "image/svg+xml", width, height },
    });
    const image = { url, width, height, alternative_text: `card ${index}` };
    for (const template_id of ["cards", "sticker"])
      await standin.control("event", {
        event: { type: "rich_message", template_id, elements: [{ title: "x", image }] },
      });
  }
  const foreign = [
    "https://pictures.example/a.svg",
    "https://livechat-files.com.evil.example/a.svg",
    "https://evil-livechat-files.com/a.svg",
    "https://livechat-files.com:8443/a.svg",
  ];
  for (const url of foreign) {
    const image = { url, alternative_text: "from elsewhere" };
    await standin.control("event", {
      event: { type: "rich_message", template_id: "sticker", elements: [{ image }] },
    });
  }
  const links = page.getByRole("link", { name: "Open picture" });
  await expect(links).toHaveCount(foreign.length);
  for (const [index, url] of foreign.entries()) {
    await expect(links.nth(index)).toHaveAttribute("href", url);
    await expect(links.nth(index)).toHaveAttribute("rel", /noreferrer/);
  }
  await expect(shop.rows).toHaveCount(1 + sizes.length * 3 + foreign.length);
  await expect.poll(() => referrers.length).toBeGreaterThanOrEqual(sizes.length);
  expect(referrers.every((referrer) => referrer === null)).toBe(true);
  expect([...hosts]).toEqual(["cdn.livechat-files.com"]);
  await expect(page.locator("img.picture")).toHaveCount(sizes.length * 3);
  const boxes = await page.locator("img.picture").evaluateAll((images) =>
    images.map((image) => ({
      box: image.getBoundingClientRect().toJSON(),
      room: image.closest(".row").getBoundingClientRect().width,
      policy: image.referrerPolicy,
    })),
  );
  for (const { box, room, policy } of boxes) {
    expect(policy).toBe("no-referrer");
    expect(box.width).toBeLessThanOrEqual(room + 1);
    expect(box.height).toBeLessThanOrEqual(260);
  }
  page.leaks = [];
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
});

test("the deepest of them stay shallow in the page", async ({ page, shop, standin }) => {
  for (const text of NESTINGS)
    await standin.control("event", {
      event: { type: "message", text, properties: { chats: { formatting: "commonmark" } } },
    });
  await expect(page.locator(".bubble-markdown")).toHaveCount(NESTINGS.length, { timeout: 60_000 });
  const depth = await page.evaluate(() => {
    const depthOf = (element) => 1 + Math.max(0, ...[...element.children].map(depthOf));
    return Math.max(...[...document.querySelectorAll(".bubble-markdown")].map(depthOf));
  });
  expect(depth).toBeLessThanOrEqual(7);
  await expectHarmless(page, shop);
});
