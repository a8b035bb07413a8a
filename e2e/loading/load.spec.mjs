// How the .wasm file comes: from a server that is silent, stops, drips or fails, and from every kind of source.

import { expect, test as base } from "@playwright/test";
import { drip, send, serve, silent } from "./site.mjs";

/** `open(answers)` opens a page where `start(name, source)` begins a load; `ends[name]` is how it ended. */
const test = base.extend({
  open: async ({ page }, use) => {
    let site;
    await use(async (answers, options) => {
      site = await serve(answers, options);
      await page.clock.install();
      await page.goto(site.origin);
      await page.evaluate(async () => {
        const { default: load, ...palaver } = await import("/index.js");
        globalThis.ends = {};
        Object.assign(globalThis, { load, palaver });
        globalThis.start = (name, source) => {
          const end = (what) => (ends[name] = what);
          const refused = ({ name, code, retryable, message }) => end({ name, code, retryable, message });
          load(source).then(() => end("loaded"), refused);
        };
      });
      return site;
    });
    await site?.close();
  },
});
const ends = (page) => page.evaluate(() => ends);
/** Lets time pass in the page, and what follows from it. */
const pass = async (page, seconds) => {
  await page.clock.fastForward(seconds * 1000);
  await page.clock.runFor(200);
};
const GIVEN_UP = { name: "ChatError", code: "WASM_UNAVAILABLE", retryable: true };

test("silent_server_is_given_up_and_asked_again", async ({ open, page }) => {
  const site = await open({ "/palaver_bg.wasm": silent });
  await page.evaluate(() => start("first"));
  await expect.poll(() => site.asked.filter((url) => url.includes(".wasm")).length).toBe(1);
  await pass(page, 15);
  expect(await ends(page)).toEqual({});
  await pass(page, 10);
  await expect.poll(() => ends(page)).toMatchObject({ first: GIVEN_UP });
  expect((await ends(page)).first.message).toContain("/palaver_bg.wasm");
  site.answers["/palaver_bg.wasm"] = (response) => send(response);
  await page.evaluate(() => start("second"));
  await expect.poll(() => ends(page)).toMatchObject({ second: "loaded" });
});

test("another_source_is_tried_while_the_first_is_silent", async ({ open, page }) => {
  await open({ "/silent.wasm": silent });
  await page.evaluate(() => {
    start("silent", "/silent.wasm");
    start("joined");
    start("same", "/silent.wasm");
    start("other", "/other.wasm");
  });
  // The first success is everybody's.
  await expect.poll(() => ends(page)).toEqual({ silent: "loaded", joined: "loaded", same: "loaded", other: "loaded" });
  await page.evaluate(() => start("late", "/silent.wasm"));
  await expect.poll(() => ends(page)).toMatchObject({ late: "loaded" });
});

test("attempt_that_fails_leaves_the_others_alone", async ({ open, page }) => {
  const slow = drip();
  const site = await open({ "/slow.wasm": slow, "/gone.wasm": (response) => void response.writeHead(404).end() });
  await page.evaluate(() => start("slow", new URL("/slow.wasm", location)));
  await expect.poll(() => site.asked).toContain("/slow.wasm");
  await page.evaluate(() => start("gone", "/gone.wasm"));
  await expect
    .poll(async () => (await page.clock.runFor(200), ends(page)))
    .toEqual({ gone: { ...GIVEN_UP, message: expect.stringMatching(/gone\.wasm.*404/) } });
  slow.rest();
  await expect.poll(() => ends(page)).toMatchObject({ slow: "loaded" });
  // One instance, whoever was first.
  expect(await page.evaluate(() => palaver.init({ organizationId: "o", clientId: "c", autoConnect: false }).state)).toBe("idle");
});

test("deadline_starts_anew_while_bytes_come", async ({ open, page }) => {
  const slow = drip();
  const site = await open({ "/palaver_bg.wasm": slow });
  await page.evaluate(() => start("slow"));
  await expect.poll(() => site.asked.join()).toContain(".wasm");
  for (let count = 0; count < 4; count += 1) {
    await pass(page, 15);
    expect(await ends(page)).toEqual({});
    slow.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  slow.rest();
  await expect.poll(() => ends(page)).toEqual({ slow: "loaded" });
});

test("body_that_stops_half_way_is_given_up", async ({ open, page }) => {
  const half = drip();
  const site = await open({ "/half.wasm": half });
  await page.evaluate(() => {
    start("address", "/half.wasm");
  });
  await expect.poll(() => site.asked.join()).toContain("half.wasm");
  half.next(70_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await pass(page, 25);
  await expect.poll(() => ends(page)).toMatchObject({ address: GIVEN_UP });
});

test("response_that_stops_half_way_is_given_up_too", async ({ open, page }) => {
  const half = drip();
  await open({ "/half.wasm": half });
  await page.evaluate(() => start("response", fetch("/half.wasm")));
  await new Promise((resolve) => setTimeout(resolve, 300));
  half.next(70_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await pass(page, 25);
  await expect.poll(() => ends(page)).toMatchObject({ response: GIVEN_UP });
  await page.evaluate(() => start("again"));
  await expect.poll(() => ends(page)).toMatchObject({ again: "loaded" });
});

test("source_that_never_comes_is_given_up", async ({ open, page }) => {
  await open();
  await page.evaluate(() => {
    start("promise", new Promise(() => {}));
    start("thenable", { then: () => {} });
    start("stream", new Response(new ReadableStream(), { headers: { "content-type": "application/wasm" } }));
  });
  await pass(page, 25);
  await expect.poll(() => ends(page)).toMatchObject({ promise: GIVEN_UP, thenable: GIVEN_UP, stream: GIVEN_UP });
});

test("service_worker_that_hangs_is_given_up", async ({ open, page }) => {
  const worker = "onfetch = (e) => e.request.url.includes('.wasm') && e.respondWith(new Promise(() => {})); oninstall = () => skipWaiting(); onactivate = (e) => e.waitUntil(clients.claim());";
  await open({
    "/worker.js": (response) => void response.writeHead(200, { "content-type": "text/javascript" }).end(worker),
  });
  await page.evaluate(async () => {
    const controlled = new Promise((resolve) => (navigator.serviceWorker.oncontrollerchange = resolve));
    await navigator.serviceWorker.register("/worker.js");
    await controlled;
    start("hung");
  });
  await pass(page, 25);
  await expect.poll(() => ends(page)).toMatchObject({ hung: GIVEN_UP });
});

test("source_that_cannot_be_used_is_refused_at_once", async ({ open, page }) => {
  await open({ "/page.wasm": (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html>") });
  await page.evaluate(async () => {
    const used = await fetch("/palaver_bg.wasm");
    await used.arrayBuffer();
    const locked = await fetch("/palaver_bg.wasm");
    locked.body.getReader();
    start("rejected", Promise.reject(new Error("no luck")));
    start("used", used);
    start("locked", locked);
    start("html", "/page.wasm");
    start("bytes", new Uint8Array(8));
    start("broken", new Response(new ReadableStream({ start: (to) => to.error(new Error("torn")) })));
    start("number", 42);
    start("object", {});
    start("nowhere", "http://127.0.0.1:1/");
    start("no address", "http://");
  });
  const names = ["rejected", "used", "locked", "html", "bytes", "broken", "number", "object", "nowhere", "no address"];
  await expect
    .poll(async () => (await page.clock.runFor(200), ends(page)))
    .toMatchObject(Object.fromEntries(names.map((name) => [name, GIVEN_UP])));
  const { rejected, html } = await ends(page);
  expect(rejected.message).toContain("no luck");
  expect(html.message).toContain("/page.wasm");
});

for (const [kind, make] of Object.entries({
  string: () => "/palaver_bg.wasm",
  URL: (world) => new world.URL("/palaver_bg.wasm", location.href),
  Request: (world) => new world.Request("/palaver_bg.wasm"),
  Response: (world) => world.fetch("/palaver_bg.wasm").then((response) => response),
  "promise of a Response": (world) => world.fetch("/palaver_bg.wasm"),
  thenable: (world) => ({ then: (resolve, reject) => world.fetch("/palaver_bg.wasm").then(resolve, reject) }),
  "promise of an address": async () => "/palaver_bg.wasm",
  "Response of an unknown type": async (world) =>
    new world.Response(await (await fetch("/palaver_bg.wasm")).arrayBuffer()),
  "Blob": async (world) => new world.Blob([await (await fetch("/palaver_bg.wasm")).arrayBuffer()]),
  ArrayBuffer: async (world) => (await world.fetch("/palaver_bg.wasm")).arrayBuffer(),
  Uint8Array: async (world) => new world.Uint8Array(await (await fetch("/palaver_bg.wasm")).arrayBuffer()),
  Module: async (world) => world.WebAssembly.compile(await (await world.fetch("/palaver_bg.wasm")).arrayBuffer()),
})) {
  test(`${kind} of this and of another realm is loaded`, async ({ open, page }) => {
    await open();
    for (const where of ["page", "frame"]) {
      await page.reload();
      const state = await page.evaluate(
        async ([where, make]) => {
          const frame = document.body.appendChild(document.createElement("iframe"));
          frame.src = "/frame";
          await new Promise((resolve) => (frame.onload = resolve));
          const world = where === "page" ? globalThis : frame.contentWindow;
          const { default: load, init } = await import("/index.js");
          const source = new Function(`return ${make}`)()(world);
          await load(source instanceof Promise && !/promise/.test(make) ? await source : source);
          return init({ organizationId: "o", clientId: "c", autoConnect: false }).state;
        },
        [where, make.toString()],
      );
      expect(state, where).toBe("idle");
    }
  });
}

test("drop_in_without_a_core_settles_its_calls_and_tries_again", async ({ open, page }) => {
  const site = await open({ "/palaver_bg.wasm": silent });
  await page.evaluate(async () => {
    const { init } = await import("/customer-sdk.js");
    globalThis.told = [];
    globalThis.settled = {};
    globalThis.sdk = init({ organizationId: "o", clientId: "c", endpoints: { api: location.origin, accounts: location.origin } });
    sdk.on("*", (name, payload) => told.push([name, payload]));
    const wait = (name, promise) =>
      promise.then((value) => (settled[name] = value), ({ code, retryable }) => (settled[name] = { code, retryable }));
    globalThis.ask = () => {
      wait("call", sdk.listChats());
      wait("token", sdk.auth.getToken());
      wait("history", sdk.getChatHistory({ chatId: "c" }).next());
      wait("upload", sdk.uploadFile({ file: new File(["x"], "x.txt") }).promise);
    };
    ask();
  });
  await expect.poll(() => site.asked.join()).toContain(".wasm");
  await pass(page, 25);
  const refused = { code: "WASM_UNAVAILABLE", retryable: true };
  const all = { call: refused, token: refused, history: refused, upload: refused };
  await expect.poll(() => page.evaluate(() => settled)).toEqual(all);
  expect(await page.evaluate(() => told)).toEqual([["disconnected", { reason: "wasm_unavailable" }]]);
  // While there is no attempt under way, a call is refused at once.
  await page.evaluate(() => ((settled = {}), ask()));
  await expect.poll(() => page.evaluate(() => settled)).toEqual(all);
  // A second attempt fails like the first, a third brings the core.
  await page.evaluate(() => sdk.connect());
  await pass(page, 25);
  await expect.poll(() => page.evaluate(() => told.length)).toBe(2);
  site.answers["/palaver_bg.wasm"] = (response) => send(response);
  await page.evaluate(() => {
    settled = {};
    sdk.connect();
    sdk.listChats({ limit: -1 }).catch(({ code }) => (settled.call = code));
  });
  await expect.poll(() => page.evaluate(() => settled)).toEqual({ call: "VALIDATION" });
});

test("drop_in_takes_the_core_that_the_page_loads_from_elsewhere", async ({ open, page }) => {
  await open({ "/palaver_bg.wasm": silent });
  const code = await page.evaluate(async () => {
    const { init } = await import("/customer-sdk.js");
    const sdk = init({ organizationId: "o", clientId: "c", autoConnect: false });
    const call = sdk.listChats({ limit: -1 }).catch(({ code }) => code);
    start("elsewhere", "/elsewhere.wasm");
    return call;
  });
  expect(code).toBe("VALIDATION");
});

