// The page without a mouse, with a screen reader, on small and dark screens.

import { expect, test } from "./shop.mjs";

test("the whole way by keyboard", async ({ page, shop }) => {
  await shop.visit();
  await shop.connected();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");

  await shop.launcher.focus();
  await page.keyboard.press("Enter");
  await expect(shop.field).toBeFocused();
  await page.keyboard.type("typed and sent without a mouse");
  await page.keyboard.press("Enter");
  await expect(shop.row("without a mouse")).toHaveAttribute("data-status", "sent");
  await expect(shop.field).toBeFocused();

  // Backwards: files, the conversation, close, menu; all of them visible when focused.
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Attach files" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("group", { name: "Conversation" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Close chat" }).first()).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  const menu = page.getByRole("button", { name: "More" });
  await expect(menu).toBeFocused();
  expect(await menu.evaluate((element) => getComputedStyle(element).outlineStyle)).toBe("solid");
  await page.keyboard.press("Enter");
  await expect(menu).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByRole("button", { name: "Send transcript" })).toBeFocused();

  // Escape closes the menu first, then the window; focus goes back to where it came from.
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
  await expect(shop.panel).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(shop.panel).toBeHidden();
  await expect(shop.launcher).toBeFocused();
  await expect(shop.launcher).toHaveAttribute("aria-expanded", "false");
});

test("roles, names and live regions are there before there is anything to say", async ({ page, shop }) => {
  await shop.open();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en");
  await expect(shop.log).toHaveAttribute("aria-live", "polite");
  await expect(shop.log).toHaveAttribute("aria-relevant", "additions");
  await expect(shop.line).toHaveRole("status");
  await expect(shop.line).toBeEmpty();
  await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);

  await shop.said("hello");
  await shop.agent("good morning");
  const bubble = shop.row("good morning").locator(".bubble");
  await expect(bubble).toHaveText(/^.+, Today \d\d:\d\d: good morning$/);
  await expect(shop.row("hello").locator(".bubble")).toHaveText(/^You, Today \d\d:\d\d: hello$/);

  const nameless = await page.evaluate(() => {
    const named = (element) => element.ariaLabel || element.textContent.trim() || element.labels?.length;
    return [...document.querySelectorAll("button, a, textarea, input")]
      .filter((element) => element.checkVisibility() && !named(element))
      .map((element) => element.outerHTML);
  });
  expect(nameless).toEqual([]);
  const doubled = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, index) => ids.indexOf(id) !== index);
  });
  expect(doubled).toEqual([]);
});

test("a message keeps its element from pending to seen, so that it is read out once", async ({
  page,
  shop,
  standin,
}) => {
  await shop.open();
  await shop.said("hello");
  await page.evaluate(() => {
    globalThis.added = [];
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes)
        for (const node of addedNodes) if (node.nodeName === "LI") added.push(node.dataset.key);
    }).observe(document.querySelector("[role=log]"), { childList: true, subtree: true });
  });
  await shop.said("second");
  await standin.control("seen", {});
  await expect(shop.row("second")).toHaveAttribute("data-status", "seen");
  await shop.agent("third");
  await expect(shop.row("third")).toBeVisible();
  const added = await page.evaluate(() => globalThis.added);
  expect(added).toHaveLength(2);
  expect(new Set(added).size).toBe(2);
});

for (const scheme of ["light", "dark"]) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    test("text has enough contrast", async ({ page, shop, standin }) => {
      await shop.open();
      await shop.said("hello https://a.example/");
      await shop.agent("good morning https://b.example/");
      await standin.control("event", { event: { type: "hologram" } });
      await standin.control("event", { event: { type: "system_message", system_message_type: "x", text: "a note" } });
      await page.evaluate(() => {
        const { chat } = palaverDemo;
        chat.store.addPending({ customId: "a", text: "refused" });
        chat.store.fail("a", Object.assign(new Error(), { code: "VALIDATION" }));
        chat.store.addPending({ customId: "b", text: "pending" });
      });
      await expect(shop.row("pending")).toBeVisible();
      await expect(page.locator(".row-system")).toBeVisible();
      await everything(page, shop, standin);
      const poor = await page.evaluate(contrastProblems);
      expect(poor).toEqual([]);
    });
  });
}

for (const [name, viewport] of [
  ["a phone of 320 px", { width: 320, height: 568 }],
  ["a low window, as at 200 % zoom", { width: 640, height: 400 }],
]) {
  test.describe(name, () => {
    test.use({ viewport });
    test("everything fits and can be reached", async ({ page, shop, standin }) => {
      await shop.open();
      await shop.said("hello from a small place");
      await everything(page, shop, standin);
      await page.getByRole("button", { name: "Close this" }).click();
      await shop.agent(
        "a somewhat longer answer, with https://a.example/a/rather/long/address/that/has/no/blank in it",
      );
      await expect(shop.row("longer answer")).toBeInViewport();
      await expect(shop.field).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole("button", { name: "Send", exact: true })).toBeInViewport({ ratio: 1 });
      await expect(page.getByRole("button", { name: "Close chat" }).first()).toBeInViewport({ ratio: 1 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      expect(
        await page.locator(".chat-scroller").evaluate((element) => element.scrollWidth <= element.clientWidth),
      ).toBe(true);
      if (viewport.width <= 520) {
        // The window covers the page: the keyboard stays in it.
        await expect(shop.panel).toHaveAttribute("aria-modal", "true");
        expect(await page.locator("#page").evaluate((element) => element.inert)).toBe(true);
      }
      await page.keyboard.press("Escape");
      expect(await page.locator("#page").evaluate((element) => element.inert)).toBe(false);
      await expect(shop.launcher).toBeFocused();
    });
  });
}

test.describe("reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });
  test("the typing mark stands still", async ({ page, shop, standin }) => {
    await shop.open();
    await shop.said("hello");
    await standin.control("typing", { is_typing: true });
    await expect(shop.typing).toBeVisible();
    expect(
      await page
        .locator(".dots i")
        .first()
        .evaluate((dot) => getComputedStyle(dot).animationName),
    ).toBe("none");
  });
});

/** Brings everything onto the screen that has colours of its own. */
async function everything(page, shop, standin) {
  const button = (text, more) => ({ text, postback_id: text, user_ids: [], ...more });
  const card = (title) => ({
    title,
    subtitle: "More about it",
    buttons: [
      button("Primary", { type: "message", value: "1", role: "primary" }),
      button("Danger", { role: "danger" }),
      button("Nowhere", { type: "url", value: "javascript:0" }),
    ],
  });
  await standin.control("event", {
    event: { type: "rich_message", template_id: "cards", elements: [card("One"), card("Two")] },
  });
  const fields = [
    { type: "header", label: "Head" },
    { id: "1", type: "question", label: "Question" },
    { id: "2", type: "checkbox", label: "Boxes", options: [{ id: "0", label: "One" }] },
  ];
  await standin.control("event", { event: { type: "form", form_id: "f", fields } });
  await standin.control("event", {
    event: {
      type: "filled_form",
      form_id: "g",
      fields: [{ id: "1", type: "question", label: "Asked", answer: "Answered" }],
    },
  });
  await standin.control("event", {
    event: {
      type: "file",
      name: "care.pdf",
      url: `${standin.origin}/care.pdf`,
      content_type: "application/pdf",
      size: 1000,
    },
  });
  await standin.control("preview", { text: "A draft of something", custom_id: "d" });
  await standin.control("thinking", { title: "Thinking", description: "More about it" });
  await page
    .locator(".chat-composer input[type=file]")
    .setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("button", { name: "Rate this chat" }).click();
  await shop.sheet.getByRole("button", { name: "Good", exact: true }).click();
  await expect(shop.sheet).toContainText("Thank you for your opinion!");
  await expect(page.locator(".rich-card").first()).toBeVisible();
}

/** Runs in the page: texts whose contrast to what lies behind them is below 4.5 (3 for large ones). */
function contrastProblems() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgba(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const problems = [];
  for (const element of document.querySelectorAll("body *")) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const style = getComputedStyle(element);
    if (!hasText || !element.checkVisibility() || element.matches(".visually-hidden, :disabled, noscript")) continue;
    const [a, b] = [luminance(rgba(style.color)), luminance(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large =
      parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5))
      problems.push(`${ratio.toFixed(2)} ${element.className} ${element.textContent.trim().slice(0, 30)}`);
  }
  return problems;
}
