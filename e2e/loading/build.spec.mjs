// The two files of the package know each other, and their lines are short.

import { expect, test as base } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../support/standin.mjs";
import { BUILD, ofBuild, send, serve, STRANGER, WASM, withoutBuild } from "./site.mjs";

const test = base.extend({
  open: async ({ page }, use) => {
    const sites = [];
    await use(async (answers) => {
      const site = await serve(answers);
      sites.push(site);
      await page.goto(site.origin);
      return site;
    });
    for (const site of sites) await site.close();
  },
});

/** How a load in the page ends. */
const outcome = (page, source) =>
  page.evaluate(async (source) => {
    const { default: load } = await import("/index.js");
    const { code, retryable, message } = await load(source).then(() => ({ code: "loaded" }), (error) => error);
    return { code, retryable, message };
  }, source);

test("file_is_asked_for_under_the_id_of_its_build", async ({ open, page }) => {
  const site = await open();
  expect(await outcome(page)).toMatchObject({ code: "loaded" });
  expect(site.asked.filter((url) => url.includes(".wasm"))).toEqual([`/palaver_bg.wasm?${BUILD}`]);
  expect(BUILD).toMatch(/^v=[0-9a-f]{8}$/);
});

for (const [what, wasm, found] of [
  ["newer", ofBuild("v=00000000"), "v=00000000"],
  ["without an id", withoutBuild(WASM), "undefined"],
  ["of something else", STRANGER, "undefined"],
]) {
  test(`wasm ${what} is refused by name, whatever brings it`, async ({ open, page }) => {
    await open({ "/palaver_bg.wasm": (response) => send(response, wasm) });
    const codes = await page.evaluate(async () => {
      const { default: load } = await import("/index.js");
      const bytes = async () => (await fetch("/palaver_bg.wasm")).arrayBuffer();
      const sources = {
        own: undefined,
        address: "/palaver_bg.wasm",
        response: fetch("/palaver_bg.wasm"),
        bytes: await bytes(),
        module: await WebAssembly.compile(await bytes()),
      };
      const ends = {};
      for (const [name, source] of Object.entries(sources)) {
        const { code, retryable, message } = await load(source).then(() => ({}), (error) => error);
        ends[name] = { code, retryable, message };
      }
      return ends;
    });
    const refused = { code: "WASM_MISMATCH", retryable: false, message: expect.stringContaining(BUILD) };
    expect(codes).toEqual({ own: refused, address: refused, response: refused, bytes: refused, module: refused });
    expect(codes.own.message).toContain(found);
    expect(codes.own.message).toMatch(/deploy both together/);
  });
}

test("javascript_of_another_build_refuses_the_wasm", async ({ open, page }) => {
  const old = readFileSync(join(root, "pkg/index.js"), "utf8").replaceAll(BUILD, "v=00000000");
  await open({
    "/index.js": (response) => void response.writeHead(200, { "content-type": "text/javascript" }).end(old),
  });
  const { code, message } = await outcome(page);
  expect(code).toBe("WASM_MISMATCH");
  expect(message).toContain(BUILD);
  expect(message).toContain("v=00000000");
});

test("right_file_is_taken_after_a_wrong_one", async ({ open, page }) => {
  const site = await open({ "/palaver_bg.wasm": (response) => send(response, ofBuild("v=00000000")) });
  expect(await outcome(page)).toMatchObject({ code: "WASM_MISMATCH" });
  delete site.answers["/palaver_bg.wasm"];
  expect(await outcome(page)).toMatchObject({ code: "loaded" });
});

test("drop_in_names_the_mismatch", async ({ open, page }) => {
  await open({ "/palaver_bg.wasm": (response) => send(response, ofBuild("v=00000000")) });
  const { code, told } = await page.evaluate(async () => {
    const { init } = await import("/customer-sdk.js");
    const sdk = init({ organizationId: "o", clientId: "c" });
    const told = [];
    sdk.on("disconnected", (payload) => told.push(payload));
    const { code } = await sdk.listChats().catch((error) => error);
    return { code, told };
  });
  expect({ code, told }).toEqual({ code: "WASM_MISMATCH", told: [{ reason: "wasm_mismatch" }] });
});

test("lines_of_the_package_are_short", () => {
  for (const name of ["index.js", "customer-sdk.js"]) {
    const lines = readFileSync(join(root, "pkg", name), "utf8").split("\n");
    expect(Math.max(...lines.map(({ length }) => length)), name).toBeLessThanOrEqual(500);
  }
});
