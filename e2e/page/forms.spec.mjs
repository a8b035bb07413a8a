// Forms: before a chat, in it, and after it.

import { expect, test } from "./shop.mjs";

const FIELDS = [
  { type: "header", label: "Tell us who you are" },
  { id: "1", type: "name", label: "Your name", required: true },
  { id: "2", type: "email", label: "Your e-mail", required: true },
  { id: "3", type: "question", label: "Your question" },
  { id: "4", type: "textarea", label: "More" },
  { id: "5", type: "subject", label: "Subject" },
  {
    id: "6",
    type: "radio",
    label: "Size",
    required: true,
    options: [
      { id: "0", label: "Small" },
      { id: "1", label: "Tall" },
    ],
  },
  {
    id: "7",
    type: "select",
    label: "Light",
    options: [
      { id: "0", label: "Sun" },
      { id: "1", label: "Shade" },
    ],
  },
  {
    id: "8",
    type: "checkbox",
    label: "Needs",
    required: true,
    options: [
      { id: "0", label: "Soil" },
      { id: "1", label: "Pot" },
      { id: "2", label: "Love" },
    ],
  },
  {
    id: "9",
    type: "group_chooser",
    label: "Department",
    options: [
      { id: "0", label: "Plants", group_id: 0 },
      { id: "1", label: "Pots", group_id: 1 },
    ],
  },
];

async function fill(form) {
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("Your e-mail").fill("zoe@example.com");
  await form.getByLabel("Your question").fill("Why?");
  await form.getByLabel("More (optional)").fill("two\nlines");
  await form.getByLabel("Subject").fill("A fern");
  await form.getByRole("group", { name: "Size" }).getByLabel("Tall").check();
  await form.getByLabel("Light").selectOption("Shade");
  await form.getByRole("group", { name: "Needs" }).getByLabel("Soil").check();
  await form.getByRole("group", { name: "Needs" }).getByLabel("Love").check();
  await form.getByLabel("Department").selectOption("Pots");
}

const ANSWERS = [
  { id: "1", type: "name", answer: "Zoë" },
  { id: "2", type: "email", answer: "zoe@example.com" },
  { id: "3", type: "question", answer: "Why?" },
  { id: "4", type: "textarea", answer: "two\nlines" },
  { id: "5", type: "subject", answer: "A fern" },
  { id: "6", type: "radio", answer: { id: "1", label: "Tall" } },
  { id: "7", type: "select", answer: { id: "1", label: "Shade" } },
  {
    id: "8",
    type: "checkbox",
    answers: [
      { id: "0", label: "Soil" },
      { id: "2", label: "Love" },
    ],
  },
  { id: "9", type: "group_chooser", answer: { id: "1", group_id: 1, label: "Pots" } },
];

/** Waits until the server has answers: they are shown before it has them, and before it has the chat. */
const areServed = (shop) => {
  const types = async () =>
    (await shop.serverChats()).flatMap(({ threads }) => threads.flatMap(({ events }) => events.map(({ type }) => type)));
  return expect.poll(types).toContain("filled_form");
};

test("the form before a chat: asked first, then the chat starts with its answers", async ({ page, shop, standin }) => {
  await standin.control("form", { group_id: 0, type: "prechat", enabled: true, form: { id: "first", fields: FIELDS } });
  await shop.open();
  const form = page.getByRole("region", { name: "Before we begin" });
  await expect(form).toBeVisible();
  await expect(shop.field).toBeHidden();
  await expect(form.getByText("Tell us who you are")).toBeVisible();
  // The keyboard goes where the writing is.
  await expect(form.getByLabel("Your name")).toBeFocused();

  // What is required is required; nothing has been sent meanwhile.
  await form.getByRole("button", { name: "Start the chat" }).click();
  expect(await form.getByLabel("Your name").evaluate((input) => input.validity.valueMissing)).toBe(true);
  expect(await shop.serverChats()).toEqual([]);
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("Your e-mail").fill("not an address");
  await form.getByRole("button", { name: "Start the chat" }).click();
  expect(await shop.serverChats()).toEqual([]);

  await fill(form);
  await form.getByRole("button", { name: "Start the chat" }).click();
  await expect(form).toBeHidden();
  await expect(shop.field).toBeFocused();
  await expect(page.locator(".answers")).toContainText("Soil, Love");
  await areServed(shop);
  const [chat] = await shop.serverChats();
  const filled = chat.threads[0].events.find((event) => event.type === "filled_form");
  expect(filled).toMatchObject({ form_id: "first", fields: ANSWERS });
  expect(chat.group_ids).toEqual([1]);
  await shop.said("and a message");
  await expect
    .poll(() => page.evaluate(() => palaverDemo.api.getCustomer().then(({ name, email }) => [name, email])))
    .toEqual(["Zoë", "zoe@example.com"]);
});

test("a message written before the form is asked waits for it", async ({ page, shop, standin }) => {
  await standin.control("form", {
    group_id: 0,
    type: "prechat",
    enabled: true,
    form: { id: "first", fields: FIELDS.slice(0, 2) },
  });
  await standin.control("delay", { ms: 1000 });
  await shop.visit();
  await shop.openPanel();
  await shop.say("Quick question");
  await standin.control("delay", { ms: 0 });
  const form = page.getByRole("region", { name: "Before we begin" });
  await expect(form).toBeVisible();
  await expect(shop.row("Quick question")).toHaveAttribute("data-status", "queued");
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("Your name").press("Enter");
  await expect(shop.row("Quick question")).toHaveAttribute("data-status", "sent");
  expect((await shop.servedEvents()).map(({ type }) => type)).toEqual(["filled_form", "message"]);
});

test("a form sent into the chat is filled there, and once", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  await standin.control("event", {
    event: { type: "form", form_id: "f1", form_type: "ask_for_email", fields: FIELDS },
  });
  const form = page.locator(".bubble-form form");
  await expect(form).toBeVisible();
  await form.getByLabel("Your question").fill("half an answer");
  // What comes meanwhile does not take away what is half filled, nor the keyboard.
  await shop.agent("take your time");
  await expect(shop.row("take your time")).toBeVisible();
  await expect(form.getByLabel("Your question")).toHaveValue("half an answer");
  await expect(form.getByLabel("Your question")).toBeFocused();

  await form.getByRole("group", { name: "Size" }).getByLabel("Tall").check();
  await form.getByLabel("Your name").fill("Zoë");
  await form.getByLabel("Your e-mail").fill("zoe@example.com");
  // A group of boxes of which one is required.
  await form.getByRole("button", { name: "Send answers" }).click();
  expect(await form.getByLabel("Soil").evaluate((box) => box.validationMessage)).toBe("Choose at least one.");
  await fill(form);
  await form.getByRole("button", { name: "Send answers" }).click();
  await expect(page.getByText("Thank you for your answers.")).toBeVisible();
  await expect(shop.rows.last()).toHaveAttribute("data-status", "sent");
  const filled = (await shop.servedEvents()).filter((event) => event.type === "filled_form");
  expect(filled).toHaveLength(1);
  expect(filled[0]).toMatchObject({ form_id: "f1", fields: ANSWERS });

  await page.reload();
  await shop.connected();
  await expect(page.locator(".answers")).toContainText("zoe@example.com");
  await expect(page.getByText("Thank you for your answers.")).toBeVisible();
});

test("the questions after a chat: answers go into the thread that ended", async ({ page, shop, standin }) => {
  const fields = [
    {
      id: "1",
      type: "radio",
      label: "Solved?",
      required: true,
      options: [
        { id: "0", label: "Yes" },
        { id: "1", label: "No" },
      ],
    },
  ];
  await standin.control("form", { group_id: 0, type: "postchat", enabled: true, form: { id: "last", fields } });
  await shop.open();
  await shop.said("hello");
  await standin.control("close");
  const sheet = page.getByRole("region", { name: "Your opinion" });
  await sheet.getByLabel("Yes").check();
  await sheet.getByRole("button", { name: "Send answers" }).click();
  await expect(sheet).toBeHidden();
  await expect(page.locator(".answers")).toContainText("Solved?");
  await areServed(shop);
  const [chat] = await shop.serverChats();
  expect(chat.threads).toHaveLength(1);
  expect(chat.threads[0].active).toBe(false);
  expect(chat.threads[0].events.at(-1)).toMatchObject({
    type: "filled_form",
    form_id: "last",
    fields: [{ id: "1", answer: { id: "0", label: "Yes" } }],
  });
});

test("questions of a kind that nobody knows yet do not stand in the way", async ({ page, shop, standin }) => {
  await shop.open();
  await shop.said("hello");
  const fields = [
    { id: "1", type: "hologram", label: "Wave", required: true },
    { id: "2", type: "question", label: "Say" },
    null,
    "odd",
  ];
  await standin.control("event", { event: { type: "form", form_id: "f2", fields } });
  const form = page.locator(".bubble-form form");
  await form.getByLabel("Say").fill("hi");
  await form.getByRole("button", { name: "Send answers" }).click();
  await expect(page.getByText("Thank you for your answers.")).toBeVisible();
});
