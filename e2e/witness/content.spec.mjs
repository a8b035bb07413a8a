// What is more than a text: files, greetings, forms.

import { begin, expect, test } from "./customer.mjs";

const success = { success: true };

test("a file is uploaded, sent and read back", async ({ customer, standin }) => {
  const { chat } = await begin(customer);
  const uploads = await customer.page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 800, height: 400 });
    canvas.getContext("2d").fillRect(0, 0, 400, 400);
    const image = await new Promise((resolve) => canvas.toBlob(resolve));
    const progress = [];
    const upload = (bytes, name, type) =>
      sdk.uploadFile({ file: new File([bytes], name, { type }), onProgress: (part) => progress.push(part) }).promise;
    return {
      text: await upload("some words", "words.txt", "text/plain"),
      image: await upload(image, "image.png", "image/png"),
      program: await upload("MZ", "setup.exe", "application/x-msdownload").catch(({ code }) => code),
      tooBig: await upload(new Uint8Array(10 * 1024 * 1024 + 1), "big.txt", "text/plain").catch(({ code }) => code),
      progress,
    };
  });
  expect(uploads).toMatchObject({ program: "VALIDATION", tooBig: "TOO_BIG_FILE" });
  expect(uploads.progress.length).toBeGreaterThan(0);
  expect(uploads.progress.every((part) => part >= 0 && part <= 1)).toBe(true);
  expect(uploads.progress).toContain(1);

  const send = (event) => customer.call("sendEvent", { chatId: chat.id, event: { type: "file", ...event } });
  const text = await send(uploads.text);
  expect(text).toMatchObject({ type: "file", name: "words.txt", contentType: expect.stringContaining("text/plain") });
  expect(await (await fetch(text.url)).text()).toBe("some words");
  const image = await send({ ...uploads.image, alternativeText: "Half of it is black" });
  expect(image).toMatchObject({
    ...{ type: "file", name: "image.png", contentType: "image/png", width: 800, height: 400 },
    alternativeText: "Half of it is black",
    thumbnails: { default: { width: 300, height: 150 }, high: { width: 600, height: 300 } },
  });

  await standin.control("file", { name: "answer.txt", content: btoa("an answer"), content_type: "text/plain" });
  await customer.eventLike("incoming_event", { event: { type: "file", name: "answer.txt" } });
});

test("an upload that is canceled ends", async ({ customer }) => {
  await customer.open();
  const code = await customer.page.evaluate(async () => {
    const { promise, cancel } = sdk.uploadFile({ file: new File([new Uint8Array(9 << 20)], "big.txt") });
    const code = promise.catch(({ code }) => code);
    setTimeout(cancel);
    return code;
  });
  expect(code).toBe("UPLOAD_CANCELED");
});

test("greetings come, are accepted, give way and are canceled", async ({ customer, standin }) => {
  await customer.open();
  const greet = async (fields, nth) => {
    await standin.control("greeting", fields);
    return customer.event("incoming_greeting", nth);
  };
  const first = await greet({ text: "Need a hand?", addon: "email", id: 7 }, 0);
  expect(first).toMatchObject({
    id: 7,
    addon: "email",
    accepted: false,
    event: { type: "message", text: "Need a hand?" },
  });
  expect(await customer.call("acceptGreeting", { greetingId: 7, uniqueId: first.uniqueId })).toEqual(success);
  await customer.eventLike("greeting_accepted", { uniqueId: first.uniqueId });

  const elements = [{ title: "Sale", buttons: [{ type: "cancel", text: "No", postback_id: "no", user_ids: [] }] }];
  const card = { type: "rich_message", template_id: "cards", elements };
  const second = await greet({ event: card, subtype: "announcement" }, 1);
  await customer.eventLike("greeting_canceled", { uniqueId: first.uniqueId });
  expect(second).toMatchObject({ subtype: "announcement", event: { template: "cards" } });
  expect(second.event.elements[0].buttons[0]).toMatchObject({ type: "cancel", postbackId: "no" });

  // It is still there for who comes back.
  expect((await customer.open()).greeting).toMatchObject({ uniqueId: second.uniqueId });
  expect(await customer.call("cancelGreeting", { uniqueId: second.uniqueId })).toEqual(success);
  await customer.eventLike("greeting_canceled", { uniqueId: second.uniqueId });
  await expect(customer.call("cancelGreeting", { uniqueId: "none" })).rejects.toThrow(/GREETING_NOT_FOUND/);
  await expect(customer.call("acceptGreeting", { greetingId: 7, uniqueId: "none" })).rejects.toThrow(
    /GREETING_NOT_FOUND/,
  );
});

test("forms are read, answered with the start, and told back", async ({ customer, standin }) => {
  const { customer: self } = await customer.open();
  expect(await customer.call("getForm", { groupId: 0, type: "prechat" })).toEqual({ enabled: false });
  const fields = [
    { type: "header", id: "0", label: "Welcome" },
    { type: "email", id: "1", label: "E-mail", required: true },
    {
      type: "group_chooser",
      id: "2",
      label: "Whom",
      required: true,
      options: [{ id: "0", label: "Sales", group_id: 1 }],
    },
    { type: "rating", id: "3", label: "How was it", required: false, comment_label: "Why" },
  ];
  for (const type of ["prechat", "postchat"]) {
    await standin.control("form", { group_id: 0, type, enabled: true, form: { id: `f-${type}`, fields } });
    const { enabled, form } = await customer.call("getForm", { groupId: 0, type });
    expect({ enabled, id: form.id, types: form.fields.map(({ type }) => type) }).toEqual({
      ...{ enabled: true, id: `f-${type}` },
      types: ["header", "email", "group_chooser", "rating"],
    });
    expect(form.fields[2].options[0]).toMatchObject({ id: "0", label: "Sales", groupId: 1 });
    expect(form.fields[3].commentLabel).toBe("Why");
  }
  const [, email] = fields;
  const { id: _, ...nameless } = email;
  await standin.control("form", { group_id: 0, type: "ticket", enabled: true, form: { id: "t", fields: [nameless] } });
  expect((await customer.call("getForm", { groupId: 0, type: "ticket" })).form.fields[0].id).toBe("0");
  await expect(customer.call("getForm", { groupId: 99, type: "prechat" })).rejects.toThrow(/GROUP_NOT_FOUND/);

  const answers = [
    { type: "email", id: "1", label: "E-mail", answer: "ada@example.com" },
    { type: "group_chooser", id: "2", label: "Whom", answer: { id: "0", label: "Sales", groupId: 1 } },
  ];
  const filled = { type: "filled_form", formId: "f-prechat", fields: answers };
  const { chat } = await customer.call("startChat", { chat: { thread: { events: [filled] } } });
  expect(chat.thread.events[0]).toMatchObject({ ...filled, authorId: self.id });
  const again = await customer.call("sendEvent", { chatId: chat.id, event: filled });
  expect(again).toMatchObject(filled);
});
