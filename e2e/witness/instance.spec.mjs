// The instance itself: its identity, its connection, its listeners; and what it knows of the office.

import { readdirSync, readFileSync } from "node:fs";
import { begin, expect, test } from "./customer.mjs";

const success = { success: true };

test("the office: who would answer, which groups are there, what is behind a link", async ({ customer, standin }) => {
  await customer.open();
  const { agent, queue } = await customer.call("getPredictedAgent");
  expect(agent).toMatchObject({ type: "agent", id: expect.any(String), name: expect.any(String), isBot: false });
  expect(queue).toBe(false);
  expect(await customer.call("listGroupStatuses")).toMatchObject({ 0: "online", 1: "online" });
  await standin.control("group_status", { group_id: 1, status: "online_for_queue" });
  expect(await customer.call("listGroupStatuses", { groupIds: [1] })).toEqual({ 1: "online_for_queue" });
  for (const status of ["offline", "online"]) {
    await standin.control("group_status", { group_id: 0, status });
    await customer.eventLike("availability_updated", { availability: status });
    if (status === "online") continue;
    await expect(customer.call("getPredictedAgent", { groupId: 0 })).rejects.toThrow(/GROUP_OFFLINE/);
    await expect(customer.call("startChat", { chat: { access: { groupIds: [0] } } })).rejects.toThrow(/GROUPS_OFFLINE/);
  }

  const url = "https://example.com/page";
  expect(await customer.call("getUrlInfo", { url })).toMatchObject({ url });
  const image = { image_url: "http://example.com/i.png", image_width: 20, image_height: 10 };
  await standin.control("url_info", { url, title: "A page", description: "About it", ...image });
  expect(await customer.call("getUrlInfo", { url })).toMatchObject({
    ...{ url, title: "A page", description: "About it" },
    ...{ imageUrl: "https://example.com/i.png", imageWidth: 20, imageHeight: 10 },
  });
});

test("what the customer types, and where it is, the office sees", async ({ customer, standin }) => {
  const { self, chat } = await begin(customer, { page: { url: "https://example.com/1", title: "One" } });
  const known = async () => (await standin.look("state")).customers.find(({ id }) => id === self.id);
  expect((await known()).page).toMatchObject({ url: "https://example.com/1" });
  await customer.tell("updateCustomerPage", { url: "https://example.com/2", title: "Two" });
  await expect.poll(async () => (await known()).page).toMatchObject({ url: "https://example.com/2", title: "Two" });

  await customer.call("listChats");
  await customer.tell("setSneakPeek", { chatId: chat.id, sneakPeekText: "I am abou" });
  const peek = async () => JSON.stringify((await standin.look("state")).chats[0].sneak_peek);
  await expect.poll(peek).toContain("I am abou");

  const sessionFields = { plan: "pro", "with space": "1", snake_case: "2" };
  expect(await customer.call("setCustomerSessionFields", { sessionFields })).toEqual(success);
  expect((await customer.call("getCustomer")).sessionFields).toMatchObject(sessionFields);
  const tooMany = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, "x"]));
  await expect(customer.call("setCustomerSessionFields", { sessionFields: tooMany })).rejects.toThrow(
    /VALIDATION|CUSTOMER_SESSION_FIELDS_LIMIT_REACHED/,
  );
});

test("the token can be had, renewed and forgotten", async ({ customer }) => {
  const { customer: self } = await customer.open();
  const tokens = await customer.page.evaluate(async () => {
    const { auth } = sdk;
    const first = await auth.getToken();
    const same = await auth.getToken();
    const fresh = await auth.getFreshToken();
    const hadIt = await auth.hasToken();
    await auth.invalidate();
    return { first, same, fresh, hadIt, hasIt: await auth.hasToken(), stored: Object.keys(localStorage) };
  });
  expect(tokens.first).toMatchObject({ tokenType: "Bearer", entityId: self.id, expiresIn: expect.any(Number) });
  expect(Math.abs(tokens.first.creationDate - Date.now())).toBeLessThan(60_000);
  expect(tokens.same.accessToken).toBe(tokens.first.accessToken);
  expect(tokens.fresh.accessToken).not.toBe(tokens.first.accessToken);
  expect([tokens.hadIt, tokens.hasIt]).toEqual([true, false]);
  expect(tokens.stored.filter((key) => key.startsWith("@@lc_auth_token:"))).toEqual([]);
});

test("an identity of the application's own serves as well", async ({ customer, standin }) => {
  await customer.load();
  await customer.page.evaluate((origin) => {
    globalThis.asked = [];
    const ask = async () => {
      const response = await fetch(`${origin}/v2/customer/token`, {
        method: "POST",
        credentials: "include",
        body: JSON.stringify({
          grant_type: "cookie",
          response_type: "token",
          client_id: "e2e-client",
          organization_id: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01",
          redirect_uri: location.origin,
        }),
      });
      const token = await response.json();
      return {
        accessToken: token.access_token,
        entityId: token.entity_id,
        expiresIn: token.expires_in * 1000,
        tokenType: token.token_type,
        creationDate: Date.now(),
        organizationId: token.organization_id,
      };
    };
    let cached;
    const provider = {
      getFreshToken: () => (asked.push("getFreshToken"), (cached = ask())),
      getToken: () => (asked.push("getToken"), (cached ??= ask())),
      hasToken: async () => Boolean(cached),
      invalidate: async () => void (cached = undefined),
    };
    begin({ identityProvider: () => provider });
  }, standin.origin);
  const { customer: self } = await customer.event("connected");
  expect(await customer.page.evaluate(() => asked)).toContain("getToken");
  expect((await customer.page.evaluate(() => sdk.auth.getToken())).entityId).toBe(self.id);
  await standin.control("expire_tokens");
  expect((await customer.event("disconnected")).reason).toBe("access_token_expired");
  await customer.event("connected", 1);
  expect(await customer.page.evaluate(() => asked)).toContain("getFreshToken");
});

test("without connecting the visit counts for goals", async ({ customer, standin }) => {
  await customer.load();
  await customer.page.evaluate(() => begin({ autoConnect: false, page: { url: "https://example.com/goal" } }));
  const id = await customer.event("customer_id");
  const goals = async () => JSON.stringify((await standin.look("state")).goals ?? []);
  await expect.poll(goals).toContain("https://example.com/goal");
  expect(await customer.page.evaluate(() => seen.map(({ name }) => name))).toEqual(["customer_id"]);
  await customer.tell("connect");
  expect((await customer.event("connected")).customer.id).toBe(id);
});

test("the connection is left, taken up again and ended", async ({ customer, standin }) => {
  const { customer: self } = await customer.open();
  await customer.tell("disconnect");
  const connections = async () => (await standin.look("state")).connections.length;
  await expect.poll(connections).toBe(0);
  await customer.tell("connect");
  expect((await customer.event("connected", 1)).customer.id).toBe(self.id);
  expect(await customer.page.evaluate(() => seen.filter(({ name }) => name === "disconnected"))).toEqual([]);
  await customer.tell("destroy");
  await expect.poll(connections).toBe(0);
  await expect(customer.call("getCustomer")).rejects.toThrow(/SDK_DESTROYED/);
});

test("listeners: on, once, off", async ({ customer, standin }) => {
  await begin(customer);
  await customer.page.evaluate(() => {
    globalThis.heard = { on: 0, once: 0, off: 0 };
    const off = () => (heard.off += 1);
    sdk.on("incoming_event", () => (heard.on += 1));
    sdk.once("incoming_event", () => (heard.once += 1));
    sdk.on("incoming_event", off);
    sdk.off("incoming_event", off);
  });
  for (const text of ["one", "two"]) {
    await standin.control("message", { text });
    await customer.eventLike("incoming_event", { event: { text } });
  }
  expect(await customer.page.evaluate(() => heard)).toEqual({ on: 2, once: 1, off: 0 });
});

test("no member of the SDK is left out", async ({ customer }) => {
  await customer.open();
  const members = await customer.page.evaluate(() => Object.keys(sdk));
  expect(members).toHaveLength(37);
  const folder = new URL(".", import.meta.url);
  const files = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
  const tests = files.join("\n");
  // The six for properties are made out of their parts.
  const called = (name) =>
    new RegExp(`"${name}"|\\.${name}\\b|{ ${name} }`).test(tests) ||
    /^(update|delete)(Chat|Thread|Event)Properties$/.test(name);
  expect(members.filter((name) => !called(name))).toEqual([]);
});
