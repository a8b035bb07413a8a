// Rich messages: what is in them is shown, and every kind of button does what it says.

import { expect, test, until } from "./shop.mjs";

const button = (text, more) => ({ text, postback_id: text.toLowerCase(), user_ids: [], ...more });

async function lastRich(shop) {
  const [chat] = await shop.serverChats();
  return chat.threads.at(-1).events.findLast((event) => event.type === "rich_message");
}

async function begin(shop, standin, event) {
  await shop.open();
  await shop.said("hello");
  await standin.control("event", { event: { type: "rich_message", ...event } });
}

test("a card's buttons: say, link, call, look, switch on and off", async ({ page, shop, standin }) => {
  await page.addInitScript(() => {
    globalThis.opened = [];
    globalThis.open = (...given) => void globalThis.opened.push(given);
  });
  await begin(shop, standin, {
    template_id: "cards",
    elements: [
      {
        title: "Fern",
        subtitle: "Likes it humid",
        image: { url: `${standin.origin}/agent/avatar.svg`, alternative_text: "A fern" },
        buttons: [
          button("Take it", { type: "message", value: "fern" }),
          button("Read", { type: "url", value: "https://example.com/fern", target: "new" }),
          button("Here", { type: "url", value: `${standin.origin}/#help`, target: "current" }),
          button("Call", { type: "phone", value: "+49 30 5550100" }),
          button("Look", { type: "webview", value: "https://example.com/look", webview_height: "full" }),
          button("Remember"),
        ],
      },
    ],
  });
  const card = page.locator(".rich-card");
  await expect(card.getByRole("img", { name: "A fern" })).toBeVisible();
  await expect(card).toContainText("Likes it humid");

  const read = card.getByRole("link", { name: "Read" });
  await expect(read).toHaveAttribute("href", "https://example.com/fern");
  await expect(read).toHaveAttribute("target", "_blank");
  await expect(read).toHaveAttribute("rel", /noopener/);
  await expect(card.getByRole("link", { name: "Here" })).not.toHaveAttribute("target");
  await expect(card.getByRole("link", { name: "Call" })).toHaveAttribute("href", "tel:+49305550100");

  await card.getByRole("button", { name: "Look" }).click();
  expect(await page.evaluate(() => globalThis.opened)).toEqual([
    ["https://example.com/look", "_blank", expect.stringMatching(/noopener.*height=800/)],
  ]);

  // A plain one is switched on, and off again.
  const remember = card.getByRole("button", { name: "Remember" });
  await expect(remember).toHaveAttribute("aria-pressed", "false");
  await remember.click();
  await expect(remember).toHaveAttribute("aria-pressed", "true");
  await expect(remember).toBeFocused();
  const users = async (text) => (await lastRich(shop)).elements[0].buttons.find((one) => one.text === text).user_ids;
  await until(async () => (await users("Remember")).length === 1, { what: "the postback" });
  await remember.click();
  await until(async () => (await users("Remember")).length === 0, { what: "the postback taken back" });
  await expect(remember).toHaveAttribute("aria-pressed", "false");

  // One that says something says it, and is an answer to this card.
  await card.getByRole("button", { name: "Take it" }).click();
  await expect(shop.rows.last()).toContainText("Take it");
  await expect(shop.rows.last()).toHaveAttribute("data-status", "sent");
  const rich = await lastRich(shop);
  const [chat] = await shop.serverChats();
  const said = chat.threads.at(-1).events.at(-1);
  expect(said).toMatchObject({
    type: "message",
    text: "Take it",
    postback: { id: "take it", event_id: rich.id, thread_id: chat.threads.at(-1).id, type: "message", value: "fern" },
  });
  expect(await users("Take it")).toEqual([chat.customer_id]);
});

test("quick replies are offered until something else is said", async ({ page, shop, standin }) => {
  await begin(shop, standin, {
    template_id: "quick_replies",
    elements: [
      {
        title: "Where does it stand?",
        buttons: [
          button("At a window", { type: "message", value: "w" }),
          button("Outside", { type: "message", value: "o" }),
        ],
      },
    ],
  });
  const replies = page.getByRole("group", { name: "Suggested answers" });
  await expect(replies.getByRole("button")).toHaveCount(2);
  await replies.getByRole("button", { name: "At a window" }).click();
  await expect(shop.row("At a window")).toHaveAttribute("data-status", "sent");
  await expect(replies).toHaveCount(0);
  await expect(shop.row("Where does it stand?")).toBeVisible();
  expect((await shop.served()).at(-1)).toEqual(["own", "At a window"]);
});

test("cards stand in a row that can be walked by keyboard and by buttons", async ({ page, shop, standin }) => {
  const elements = ["One", "Two", "Three"].map((title) => ({
    title,
    buttons: [button(`Take ${title}`, { type: "message", value: title })],
  }));
  await begin(shop, standin, { template_id: "cards", elements });
  const row = page.getByRole("group", { name: "3 cards" });
  await expect(row.locator(".rich-card")).toHaveCount(3);
  await page.getByRole("button", { name: "Next card" }).click();
  await expect.poll(() => row.evaluate((list) => list.scrollLeft)).toBeGreaterThan(50);
  expect(
    await page.locator(".chat-scroller").evaluate((scroller) => scroller.scrollWidth <= scroller.clientWidth),
  ).toBe(true);
});

test("stickers and products are shown, also by a page that cannot sell", async ({ page, shop, standin }) => {
  await begin(shop, standin, {
    template_id: "sticker",
    elements: [{ image: { url: `${standin.origin}/agent/avatar.svg`, alternative_text: "A thumb up" } }],
  });
  await expect(page.getByRole("img", { name: "A thumb up" })).toBeVisible();
  await standin.control("event", {
    event: {
      type: "rich_message",
      template_id: "ecommerce",
      elements: [
        {
          title: "Pot",
          ecommerce: {
            product_id: "pot",
            label: "Colour",
            options: [
              {
                option_id: "1",
                label: "Brick",
                price: 12.5,
                regular_price: 15,
                currency: "EUR",
                color: "#b95f3a",
                available: true,
              },
              { option_id: "2", label: "Sand", price: 9, currency: "nonsense", available: false },
            ],
          },
        },
      ],
    },
  });
  const product = page.locator(".product");
  await expect(product).toContainText("Brick €12.50 €15.00");
  await expect(product).toContainText("Sand 9 nonsense sold out");
});

test("the option that is chosen goes out with what is pressed", async ({ page, shop, standin }) => {
  const sent = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const { action, payload: given } = JSON.parse(payload);
      if (action === "send_rich_message_postback") sent.push(given.postback);
    }),
  );
  const option = (id, label, more) => ({ option_id: id, label, price: 9, currency: "EUR", ...more });
  const ecommerce = {
    view_type: "swatch",
    product_id: "pot",
    label: "Colour",
    options: [
      option("brick", "Brick"),
      option("sand", "Sand", { selected: true }),
      option("slate", "Slate", { available: false }),
    ],
  };
  await begin(shop, standin, {
    template_id: "ecommerce",
    elements: [
      { title: "Pot", ecommerce, buttons: [button("Buy", { type: "message", value: "cart" }), button("Remember")] },
      { title: "Vase", ecommerce: { product_id: "vase" }, buttons: [button("Like")] },
      { title: "Only to look at", ecommerce },
    ],
  });
  const colours = page.getByRole("group", { name: "Colour" });
  await expect(colours).toHaveCount(1);
  await expect(colours.getByRole("radio", { name: "Sand" })).toBeChecked();
  await expect(colours.getByRole("radio", { name: "Slate" })).toBeDisabled();

  await page.getByRole("button", { name: "Remember" }).click();
  await expect
    .poll(() => sent)
    .toEqual([{ id: "remember", toggled: true, ecommerce: { product_id: "pot", option_id: "sand" } }]);
  // The card is drawn anew when a button has been pressed, and keeps what was chosen.
  await colours.getByRole("radio", { name: "Brick" }).check();
  await page.getByRole("button", { name: "Remember" }).click();
  await expect
    .poll(() => sent[1])
    .toEqual({
      id: "remember",
      toggled: false,
      ecommerce: { product_id: "pot", option_id: "brick" },
    });
  await expect(colours.getByRole("radio", { name: "Brick" })).toBeChecked();
  await page.getByRole("button", { name: "Like" }).click();
  await expect.poll(() => sent[2]).toEqual({ id: "like", toggled: true, ecommerce: { product_id: "vase" } });

  await page.getByRole("button", { name: "Buy" }).click();
  await expect(shop.row("Buy").last()).toHaveAttribute("data-status", /^(sent|seen)$/);
  const chosen = { product_id: "pot", option_id: "brick" };
  const event = (await shop.servedEvents()).at(-1);
  expect(event).toMatchObject({
    text: "Buy",
    postback: { id: "buy", type: "message", value: "cart", ecommerce: chosen },
  });
  expect(sent[3]).toEqual({
    id: "buy",
    toggled: true,
    button_type: "message",
    button_value: "cart",
    ecommerce: chosen,
  });
});

test("a button that somebody pressed in another window is pressed here", async ({ page, shop, standin }) => {
  await begin(shop, standin, { template_id: "cards", elements: [{ title: "Fern", buttons: [button("Remember")] }] });
  await expect(page.getByRole("button", { name: "Remember" })).toBeVisible();
  const [chat] = await shop.serverChats();
  const event = await lastRich(shop);
  const payload = {
    user_id: chat.customer_id,
    chat_id: chat.id,
    thread_id: chat.threads.at(-1).id,
    event_id: event.id,
    postback: { id: "remember", toggled: true },
  };
  await standin.control("push", { action: "incoming_rich_message_postback", payload });
  await expect(page.getByRole("button", { name: "Remember" })).toHaveAttribute("aria-pressed", "true");
});
