// The stack of an error names the line of the application that made the call.

import { expect, test as base } from "@playwright/test";
import { serve } from "./site.mjs";

const test = base.extend({
  site: async ({ page }, use) => {
    const site = await serve();
    await page.goto(site.origin);
    await use(site);
    await site.close();
  },
});
const CONFIG = { organizationId: "o", clientId: "c", autoConnect: false, storage: "memory" };

/** What `theApplication` catches of each call, by name. */
const stacks = (page, config) =>
  page.evaluate(async (config) => {
    const { default: load, init } = await import("/index.js");
    await load();
    const endpoints = { api: location.origin, accounts: location.origin };
    const api = init({ ...config, endpoints });
    const file = new File(["x"], "x.txt");
    const chatId = "c";
    const calls = {
      argument: () => api.sendMessage({ chatId, text: 7 }),
      "no connection": () => api.listChats(),
      "over http": () => api.getLocalization({}),
      history: () => api.getChatHistory({ chatId }).next(),
      "a page of history behind another": () => {
        const history = api.getChatHistory({ chatId });
        history.next().catch(() => {});
        return history.next();
      },
      upload: () => api.uploadFile({ file }).promise,
      "file that is none": () => api.uploadFile({ file: 7 }).promise,
      "file in a chat": () => api.sendFile({ chatId, file }),
      token: () => api.auth.getToken(),
      "platform without the method": () => api.getPredictedAgent({ groupId: "x" }),
    };
    const result = {};
    const waiting = [];
    for (const [name, call] of Object.entries(calls)) {
      // Nobody awaits the call, so no engine can add asynchronous frames.
      const theApplication = () => call().then(() => (result[name] = "no error"), (error) => (result[name] = error));
      waiting.push(theApplication());
    }
    setTimeout(() => api.destroy(), 500);
    await Promise.all(waiting);
    const theApplication = () => {
      try {
        init({ ...config, groupId: "seven" });
      } catch (error) {
        result.init = error;
      }
    };
    theApplication();
    const shown = ({ name, code, message, stack }) => ({ name, code, message, stack });
    return Object.fromEntries(Object.entries(result).map(([name, error]) => [name, shown(error)]));
  }, config);

test("error_of_a_call_has_the_stack_of_its_caller", async ({ page, site }) => {
  const all = await stacks(page, CONFIG);
  expect(site.asked.length).toBeGreaterThan(0);
  for (const [call, { name, code, message, stack }] of Object.entries(all)) {
    expect(name, call).toBe("ChatError");
    expect(stack, `${call} (${code})`).toContain("theApplication");
    expect(stack, call).not.toContain("wasm-function");
    expect(stack.length, call).toBeLessThan(3_000);
    // Where stacks begin with the error, they begin with this one.
    if (/^\w*Error/.test(stack)) expect(stack.startsWith(`ChatError: ${message}`), stack).toBe(true);
  }
  expect(Object.values(all).map(({ code }) => code)).toEqual(expect.arrayContaining(["VALIDATION", "NO_CONNECTION", "NO_TOKEN"]));
});

test("calls_that_fail_together_have_a_stack_each", async ({ page, site }) => {
  const found = await page.evaluate(async (config) => {
    const { default: load, init } = await import("/index.js");
    await load();
    const api = init(config);
    const firstCaller = () => api.listChats().catch((error) => error);
    const secondCaller = () => api.listChats().catch((error) => error);
    const calls = [firstCaller(), secondCaller()];
    api.destroy();
    return (await Promise.all(calls)).map(({ stack }) => [stack.includes("firstCaller"), stack.includes("secondCaller")]);
  }, { ...CONFIG, autoConnect: true, endpoints: { api: site.origin, accounts: site.origin } });
  expect(found).toEqual([[true, false], [false, true]]);
});

test("drop_in_passes_the_caller_on", async ({ page, site }) => {
  expect(site.origin).toBeTruthy();
  const found = await page.evaluate(async (config) => {
    const { init } = await import("/customer-sdk.js");
    const sdk = init({ ...config, endpoints: { api: location.origin, accounts: location.origin } });
    const calls = {
      early: () => sdk.sendEvent({ chatId: 7 }),
      history: () => sdk.getChatHistory({ chatId: 7 }).next(),
      upload: () => sdk.uploadFile({ file: 7 }).promise,
    };
    const result = {};
    const run = async () => {
      await Promise.all(
        Object.entries(calls).map(([name, call]) => {
          const theApplication = () => call().catch((error) => error);
          return theApplication().then(({ code, stack }) => (result[name] = [code, stack]));
        }),
      );
    };
    await run();
    calls.late = calls.early;
    calls.token = () => sdk.auth.getToken().then(() => Promise.reject(new Error("there is a token")));
    await run();
    return result;
  }, CONFIG);
  for (const [call, [code, stack]] of Object.entries(found)) {
    if (call !== "token") expect(code, call).toBe("VALIDATION");
    expect(stack, call).toContain("theApplication");
  }
});

test("pages_that_format_stacks_themselves_get_their_errors", async ({ page, site }) => {
  expect(site.origin).toBeTruthy();
  const codes = await page.evaluate(async (config) => {
    const { default: load, init } = await import("/index.js");
    await load();
    const api = init(config);
    const code = () => api.sendMessage({}).catch(({ code }) => code);
    const codes = [];
    for (const format of [() => [], () => undefined, () => { throw new Error("no"); }]) {
      Error.prepareStackTrace = format;
      codes.push(await code());
    }
    delete Error.prepareStackTrace;
    Error.stackTraceLimit = 0;
    codes.push(await code());
    return codes;
  }, CONFIG);
  expect(codes).toEqual(Array(4).fill("VALIDATION"));
});
