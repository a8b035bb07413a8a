// The page's policy: what it says, that it holds, and that everything a conversation needs goes on under it.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root, startStandin } from "../support/standin.mjs";
import { expect, test } from "./shop.mjs";
import { watchSinks } from "./sinks.mjs";

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' blob: https://*.livechat-files.com https://*.livechatinc.com https://*.livechat-static.com",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("the policy comes with the page and stands in it, and both say the same", async ({ page, shop }) => {
  const response = await page.goto(shop.standin.origin);
  const said = response.headers();
  expect(said["content-security-policy"]).toBe(`${POLICY}; frame-ancestors 'none'`);
  expect(said["x-content-type-options"]).toBe("nosniff");
  const meta = page.locator("meta[http-equiv='Content-Security-Policy']");
  await expect(meta).toHaveAttribute("content", POLICY);
  // Nothing in the page needs an exception.
  expect(await response.text()).not.toMatch(/<script(?![^>]* src=)|<style|<iframe|\s(?:style|on[a-z]+)=/i);
});

test("what the policy forbids does not happen", async ({ page, shop, context }) => {
  await shop.visit();
  await shop.connected();
  const broken = await page.evaluate(async () => {
    const violations = new Set();
    addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.add(effectiveDirective));
    const put = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
    const attempts = {
      innerHTML: () => (document.body.lastElementChild.innerHTML = "<b>x</b>"),
      eval: () => (0, eval)("globalThis.ran = 'eval'"),
      Function: () => new Function("globalThis.ran = 'Function'")(),
      timer: () => setTimeout("globalThis.ran = 'timer'"),
      inline: () => put("script", { textContent: "globalThis.ran = 'inline'" }),
      handler: () => document.body.setAttribute("onclick", "globalThis.ran = 'handler'") ?? document.body.click(),
      scriptData: () => put("script", { src: "data:text/javascript,globalThis.ran='data'" }),
      import: () => import("data:text/javascript,globalThis.ran='import'"),
      worker: () => new Worker(URL.createObjectURL(new Blob(["0"], { type: "text/javascript" }))),
      policy: () => trustedTypes.createPolicy("p", { createHTML: (text) => text }),
      frame: () => put("iframe", { src: "/" }),
      object: () => put("object", { data: "/icon.svg", type: "image/svg+xml" }),
      style: () => put("style", { textContent: "*{color:red}" }),
      picture: () => put("img", { src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" }),
      foreignPicture: () => put("img", { src: "https://pictures.example/a.png" }),
      plainPicture: () => put("img", { src: "http://foreign.example/x.png" }),
      base: () => put("base", { href: "https://foreign.example/" }),
      form: () =>
        put("form", { action: "https://foreign.example/", method: "post" }) ??
        document.forms[document.forms.length - 1].submit(),
      fetch: () => fetch("https://foreign.example/"),
      socket: () => new WebSocket("wss://foreign.example/"),
      beacon: () => navigator.sendBeacon("https://foreign.example/"),
    };
    const outcomes = {};
    // The browser driver may do what the page may not, until its own task is over.
    await new Promise((resolve) => setTimeout(resolve));
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        await attempt();
        outcomes[name] = "went";
      } catch {
        outcomes[name] = "thrown";
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    document.querySelector("base")?.remove();
    return { violations: [...violations].sort(), ran: globalThis.ran, outcomes, base: document.baseURI };
  });
  expect(broken.ran).toBeUndefined();
  expect(broken.base).toBe(`${shop.standin.origin}/`);
  const thrown = Object.keys(broken.outcomes).filter((name) => broken.outcomes[name] === "thrown");
  const expected = [
    "innerHTML",
    "eval",
    "Function",
    "timer",
    "scriptData",
    "import",
    "object",
    "worker",
    "policy",
    "fetch",
  ];
  expect(thrown).toEqual(expect.arrayContaining(expected));
  expect(broken.violations).toEqual([
    ...["base-uri", "connect-src", "form-action", "frame-src", "img-src", "require-trusted-types-for"],
    ...["script-src-elem", "style-src-elem", "trusted-types"],
  ]);

  // Nobody shows the page inside of another one.
  const other = await context.newPage();
  await other.goto(`${shop.standin.origin}/files/none/none`);
  await other.evaluate((address) => {
    const frame = Object.assign(document.createElement("iframe"), { src: address });
    return new Promise((resolve) => {
      frame.addEventListener("load", resolve);
      document.body.append(frame);
    });
  }, shop.standin.origin);
  expect(other.frames()[1].url()).toMatch(/^chrome-error:/);
  // All of that was expected, and only that.
  shop.problems = shop.problems.filter(
    (problem) => !/CSP:|Content Security Policy|TrustedHTML|trusted|frame-ancestors/i.test(problem),
  );
});

test("a whole conversation on the page breaks nothing of it, and nothing goes into a sink", async ({
  page,
  shop,
  standin,
}) => {
  test.setTimeout(120_000);
  shop.expectOutages();
  await page.addInitScript(watchSinks);
  await page.route(/^https:/, (route) => route.fulfill({ contentType: "image/png", body: PIXEL }));
  await shop.visit();
  await shop.connected();
  await standin.control("greeting", { text: "Need a hand? https://shop.example/help" });
  await expect(page.locator(".teaser")).toContainText("Need a hand?");
  await page.locator(".teaser").getByRole("button", { name: "Reply" }).click();
  await shop.said("Yes: www.shop.example/order or me@shop.example");
  await shop.agent("On my way");
  await expect(shop.row("On my way")).toBeVisible();

  await page
    .locator(".chat-composer input[type=file]")
    .setInputFiles({ name: "leaf.png", mimeType: "image/png", buffer: PIXEL });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(shop.row("leaf.png")).toHaveAttribute("data-status", /^(sent|seen)$/);

  const event = (event) => standin.control("event", { event });
  const formatting = { properties: { chats: { formatting: "commonmark" } } };
  await event({ type: "message", text: "**bold** `code` [link](https://shop.example/)\n- one\n- two", ...formatting });
  const far = "https://cdn.livechat-files.com/far.png";
  await event({ type: "file", name: "far.png", url: far, content_type: "image/png" });
  await expect(shop.row("far.png").locator("img.picture")).toHaveJSProperty("naturalWidth", 1);
  const buttons = [
    { type: "message", text: "Take it", value: "1", postback_id: "1", user_ids: [] },
    { type: "webview", text: "Look", value: "https://shop.example/look", postback_id: "2", user_ids: [] },
    { text: "Remember", postback_id: "3", user_ids: [] },
  ];
  const image = { url: `${standin.origin}/agent/fern.svg`, alternative_text: "A fern" };
  const ecommerce = { product_id: "pot", label: "Colour", options: [{ option_id: "1", label: "Red", color: "#f00" }] };
  await event({
    type: "rich_message",
    template_id: "cards",
    elements: [
      { title: "One", image, buttons },
      { title: "Two", ecommerce, buttons },
    ],
  });
  await page.getByRole("button", { name: "Look" }).first().click();
  await page.getByRole("button", { name: "Remember" }).first().click();
  await event({
    type: "rich_message",
    template_id: "quick_replies",
    elements: [
      { title: "Well?", buttons: [{ type: "message", text: "Fine", value: "f", postback_id: "4", user_ids: [] }] },
    ],
  });
  await page.getByRole("button", { name: "Fine" }).click();
  await event({ type: "rich_message", template_id: "sticker", elements: [{ image }] });
  const fields = [
    { id: "1", type: "question", label: "Where?", required: true },
    { id: "2", type: "radio", label: "When?", options: [{ id: "0", label: "Now" }], required: false },
  ];
  await event({ type: "form", form_id: "delivery", fields });
  await page.getByRole("textbox", { name: "Where?" }).fill("At the door");
  await page.getByRole("button", { name: "Send answers" }).click();
  await expect(page.locator(".answers")).toContainText("At the door");
  await event({ type: "system_message", system_message_type: "agent_joined", text_vars: { agent: "Ada" } });

  await standin.restart();
  await expect.poll(() => page.evaluate(() => palaverDemo.chat.line.state), { timeout: 60_000 }).toBe("connected");
  await shop.said("Still here?");
  await standin.control("close");
  const sheet = page.getByRole("region", { name: "Your opinion" });
  await sheet.getByRole("button", { name: "Good", exact: true }).click();
  await expect(sheet.getByRole("button", { name: "Good", exact: true })).toHaveAttribute("aria-pressed", "true");
  const sunk = await page.evaluate(() => globalThis.sunk);
  await page.reload();
  await shop.connected();
  await expect(shop.row("Still here?")).toBeVisible();
  // Violations are errors in the console, on which every test of the page fails; see shop.mjs.
  expect(sunk.concat(await page.evaluate(() => globalThis.sunk))).toEqual([]);
});

for (const module of ["index.js", "customer-sdk.js"]) {
  test(`the package alone (${module}) talks, sends files and comes back under the policy`, async ({ page }) => {
    test.setTimeout(120_000);
    const code = readFileSync(join(root, "pkg", module), "utf8");
    expect(code).not.toMatch(
      /\beval\(|new Function\(|\binnerHTML\b|document\.write|createObjectURL|new (?:Shared)?Worker\(/,
    );
    const www = mkdtempSync(join(tmpdir(), "palaver-policy-"));
    copyFileSync(join(root, "www/_headers"), join(www, "_headers"));
    writeFileSync(join(www, "index.html"), "<!doctype html><title>bare</title><link rel=icon href=none.svg>");
    const standin = await startStandin({ www, bot: true, args: ["--pkg", join(root, "pkg")] });
    try {
      const violations = [];
      page.on("console", (message) => /CSP:|Content Security/.test(message.text()) && violations.push(message.text()));
      await page.addInitScript(watchSinks);
      await page.addInitScript(() =>
        addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
          console.error(`CSP: ${effectiveDirective} ${blockedURI}`),
        ),
      );
      const response = await page.goto(standin.origin);
      expect(response.headers()["content-security-policy"]).toContain(POLICY);
      await page.evaluate(async (name) => {
        const { default: load, init } = await import(`/pkg/${name}`);
        await load?.();
        const endpoints = { api: location.origin, accounts: location.origin };
        const api = init({ organizationId: "b7eff798-f8df-4364-8059-649c35c9ed0c", clientId: "policy", endpoints });
        const told = [];
        globalThis.talk = { api, told };
        api.on("incoming_event", ({ event }) => told.push(event.text));
        await new Promise((resolve) => api.once("connected", resolve));
        const { chat } = await api.startChat();
        talk.chatId = chat.id;
        await api.sendEvent({ chatId: chat.id, event: { type: "message", text: "hello" } });
        const { url } = await api.uploadFile({ file: new File(["fern"], "fern.txt", { type: "text/plain" }) }).promise;
        await api.sendEvent({ chatId: chat.id, event: { type: "file", url } });
      }, module);
      await expect.poll(() => page.evaluate(() => talk.told.length), { timeout: 30_000 }).toBeGreaterThan(0);
      await standin.restart();
      await page.evaluate(() => talk.api.sendEvent({ chatId: talk.chatId, event: { type: "message", text: "again" } }));
      const texts = await page.evaluate(async () => {
        const { threads } = await talk.api.listThreads({ chatId: talk.chatId });
        return threads.flatMap(({ events }) => events.map(({ type, text }) => text ?? type));
      });
      expect(texts).toEqual(expect.arrayContaining(["hello", "file", "again"]));
      await page.evaluate(() => talk.api.destroy());
      expect(await page.evaluate(() => globalThis.sunk)).toEqual([]);
      expect(violations).toEqual([]);
    } finally {
      await standin.dispose();
      rmSync(www, { recursive: true, force: true });
    }
  });
}
