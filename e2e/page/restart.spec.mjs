// The server goes away and comes back. Nothing is lost, nothing comes twice.

import { expect, test, until } from "./shop.mjs";

test("30 messages each way while the server is killed three times", async ({ page, shop, standin }) => {
  // The first try after a close by the server comes after up to 6 s, and a message in doubt may wait 15 s.
  test.setTimeout(240_000);
  shop.expectOutages();
  await shop.open();
  let own = 0;
  let agent = 0;
  const says = () => shop.say(`customer ${(own += 1)}`);
  const answers = () => shop.agent(`agent ${(agent += 1)}`);

  await shop.said(`customer ${(own += 1)}`);
  await answers();
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 3; n += 1) {
      await says();
      await answers();
    }
    // In the middle of a send.
    await says();
    await standin.kill();
    for (let n = 0; n < 3; n += 1) await says();
    await expect(shop.row(`customer ${own}`)).toHaveAttribute("data-status", "queued");
    // The server is up again and the page is not back yet: only a fetch can tell it of these.
    await shop.restartUnnoticed();
    for (let n = 0; n < 4; n += 1) await answers();
    // One that is typed while the page comes back, and one of each after.
    await says();
    await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 60_000 }).toBe("connected");
    await says();
    await answers();
  }
  while (own < 30) await says();
  while (agent < 30) await answers();

  const sent = page.locator('.row-event.own:is([data-status="sent"], [data-status="seen"])');
  await expect(sent).toHaveCount(30, { timeout: 90_000 });
  await expect(shop.rows).toHaveCount(60, { timeout: 30_000 });

  const served = await shop.served();
  expect(served).toHaveLength(60);
  expect(await shop.shown()).toEqual(served);
  expect(await shop.stored()).toEqual(served.map((message) => [...message, "sent"]));
  const numbers = (who) => served.filter(([author]) => author === who).map(([, text]) => Number(text.split(" ")[1]));
  const upTo30 = Array.from({ length: 30 }, (_, index) => index + 1);
  expect(numbers("own")).toEqual(upTo30);
  expect(numbers("agent")).toEqual(upTo30);

  // And a reload, which knows nothing but what the server says, shows the same.
  await page.reload();
  await shop.connected();
  await expect(shop.rows).not.toHaveCount(0);
  const earlier = page.getByRole("button", { name: "Load earlier messages" });
  while (await earlier.isVisible()) await earlier.click();
  await expect(shop.rows).toHaveCount(60);
  expect(await shop.shown()).toEqual(served);
});

test("the window says in words that the line is down, and tries again on request", async ({ page, shop, standin }) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  await shop.open();
  await shop.said("before");
  await standin.kill();
  await expect(shop.line).toHaveText("Connection lost");
  await expect(shop.line).toHaveRole("status");
  await shop.say("while it was away");
  await expect(shop.row("while it was away")).toContainText("Waiting for connection");
  // The countdown is for the eyes: a screen reader would read every second of it.
  await expect(shop.lineBar).toHaveText(/trying again in \d+ s/, { timeout: 30_000 });
  expect(await shop.lineBar.locator(".chat-line-count").getAttribute("aria-hidden")).toBe("true");

  await standin.start();
  const retry = page.getByRole("button", { name: "Try now" });
  await until(
    async () => {
      if (await retry.isVisible()) await retry.click({ timeout: 500 }).catch(() => {});
      return (await page.evaluate(() => palaverDemo.chat.line.state)) === "connected";
    },
    { timeout: 30_000, what: "the connection" },
  );
  await expect(shop.line).toHaveText("Connected again");
  await expect(shop.row("while it was away")).toHaveAttribute("data-status", "sent");
  await expect(shop.line).toBeEmpty();
  expect(await shop.served()).toEqual([
    ["own", "before"],
    ["own", "while it was away"],
  ]);
});

test("the first message may be written before there is a connection", async ({ page, shop, standin }) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  // The page and the package come; what they talk to does not answer.
  await standin.control("token_service", { mode: "error" });
  await shop.visit();
  await shop.openPanel();
  await expect(shop.line).toHaveText("The chat cannot be reached", { timeout: 30_000 });
  await shop.say("is anybody there?");
  await shop.say("hello?");
  await expect(shop.row("is anybody there?")).toHaveAttribute("data-status", "queued");

  await standin.kill();
  await standin.start();
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 90_000 }).toBe("connected");
  await expect(shop.row("hello?")).toHaveAttribute("data-status", "sent");
  expect(await shop.served()).toEqual([
    ["own", "is anybody there?"],
    ["own", "hello?"],
  ]);
  expect(await shop.shown()).toEqual(await shop.served());
});

test("closed while the page was away: it says so when it is back", async ({ page, shop, standin }) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  await shop.open();
  await shop.said("before");
  await shop.restartUnnoticed();
  await shop.agent("I have to go");
  await standin.control("close");
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 60_000 }).toBe("connected");
  await expect(shop.row("I have to go")).toBeVisible();
  await expect(page.getByText("This conversation has ended.")).toBeVisible();
  await shop.said("never mind");
  expect(await shop.shown()).toEqual([
    ["own", "before"],
    ["agent", "I have to go"],
    ["own", "never mind"],
  ]);
});

test("a line that is cut after the server took a message does not double it", async ({ shop, standin }) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  await shop.open();
  await shop.said("before");
  await standin.control("close_after_executing", { action: "send_event" });
  await shop.say("taken, but not answered");
  await expect(shop.row("taken, but not answered")).toHaveAttribute("data-status", "sent", { timeout: 60_000 });
  expect(await shop.served()).toEqual([
    ["own", "before"],
    ["own", "taken, but not answered"],
  ]);
  expect(await shop.shown()).toEqual(await shop.served());
});

test("a start that is cut after the server made the chat finds that chat", async ({ shop, standin }) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  await shop.open();
  await standin.control("close_after_executing", { action: "start_chat" });
  await shop.say("first words");
  await expect(shop.row("first words")).toHaveAttribute("data-status", "sent", { timeout: 60_000 });
  expect(await shop.serverChats()).toHaveLength(1);
  expect(await shop.served()).toEqual([["own", "first words"]]);
});

test("without the package the window says what to do instead", async ({ page, shop }) => {
  shop.expectOutages();
  await page.route("**/pkg/**", (route) => route.abort());
  await shop.visit();
  await shop.launcher.click();
  await expect(page.getByText("The chat cannot run here.")).toBeVisible();
  await expect(page.getByRole("link", { name: "hello@mossandmortar.example" })).toBeVisible();
});

test("a browser that believes to be offline says so, and takes it back", async ({ page, shop }) => {
  await shop.open();
  await shop.said("hello");
  await page.evaluate(() => dispatchEvent(new Event("offline")));
  await expect(shop.line).toHaveText("The connection is unstable");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect(shop.line).not.toHaveText("The connection is unstable");
  await shop.said("still here");
});

test("a new line on request: nothing is lost, nothing comes twice", async ({ page, shop }) => {
  await shop.open();
  await shop.said("before");
  expect(await page.evaluate(() => ["deleteEvent", "getForm"].map((feature) => palaverDemo.api.can(feature)))).toEqual([
    true,
    true,
  ]);
  const restored = page.evaluate(
    () => new Promise((resolve) => palaverDemo.api.once("connection_restored", () => resolve(true))),
  );
  await page.evaluate(() => palaverDemo.api.reconnect());
  await shop.say("meanwhile");
  expect(await restored).toBe(true);
  await expect(shop.row("meanwhile")).toHaveAttribute("data-status", "sent");
  await shop.agent("after");
  await expect(shop.row("after")).toBeVisible();
  expect(await shop.shown()).toEqual(await shop.served());
});
