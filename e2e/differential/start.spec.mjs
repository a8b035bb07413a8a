// How an instance starts: what is configured, what goes out for it, and what is there before there is a connection.

import { missing } from "./compare.mjs";
import { expect, test } from "./page.mjs";
import { CUSTOMER, ORGANIZATION } from "./script.js";

test("the login says the same of the customer and the page", async ({ both, page }) => {
  const { vendor, ours } = await page.evaluate(async () => {
    const connected = await both.start({
      groupId: 2,
      page: { url: "https://example.com/p", title: "A page" },
      referrer: "https://example.com/",
      mobile: true,
      application: { channelType: "code" },
      customerDataProvider: () => ({
        name: "Ada",
        email: "ada@example.com",
        avatar: "https://example.com/a.png",
        sessionFields: { plan: "pro", snake_case: "1" },
      }),
    });
    return { ...(await both.logins()), connected };
  });
  // The name and version of the SDK, and which pushes it wants, are its own affair.
  const { application, pushes, ...payload } = vendor.payload;
  expect(pushes["3.5"]).toHaveLength(25);
  expect(missing({ version: vendor.version, ...payload }, { version: ours.version, ...ours.payload })).toEqual([]);
  expect(ours.payload.application.channel_type).toBe(application.channel_type);
});

test("the customer's page is sent, also the one that changed before the login", async ({ both, page }) => {
  const frames = await page.evaluate(async () => {
    both.begin({ page: { url: "https://example.com/1", title: "One" } });
    for (const sdk of Object.values(both.sdks)) sdk.updateCustomerPage({ url: "https://example.com/2", other: 1 });
    await both.reconnected();
    for (const sdk of Object.values(both.sdks))
      sdk.updateCustomerPage({ url: "https://example.com/3", title: "Three" });
    await both.settle();
    return { login: await both.framesOf("login"), later: await both.framesOf("update_customer_page") };
  });
  const payloads = (list) => list.map(({ payload }) => payload);
  expect(frames.login.ours[0].payload.customer_page).toEqual(frames.login.vendor[0].payload.customer_page);
  expect(payloads(frames.later.vendor)).toEqual([{ url: "https://example.com/3", title: "Three" }]);
  expect(payloads(frames.later.ours)).toEqual(payloads(frames.later.vendor));
});

test("without connecting the customer is known, and counts for goals", async ({ both, page }) => {
  const asked = [];
  await page.route("**/action/check_goals**", (route) => {
    const request = route.request();
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
    if (request.method() === "POST") {
      asked.push({
        host: new URL(request.url()).host,
        query: new URL(request.url()).search,
        body: JSON.parse(request.postData()),
        authorization: request.headers().authorization,
      });
    }
    return route.fulfill({ status: 200, headers, contentType: "application/json", body: "{}" });
  });
  const told = await page.evaluate(async () => {
    both.begin({
      autoConnect: false,
      groupId: 2,
      page: { url: "https://example.com/goal" },
      customerDataProvider: () => ({ sessionFields: { plan: "pro" } }),
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    return { ...(await both.heardSince()), logins: await both.loginCounts() };
  });
  expect(asked).toHaveLength(2);
  const [vendor, ours] = asked.sort(
    (a, b) => Number(b.host.includes("livechat")) - Number(a.host.includes("livechat")),
  );
  expect(vendor.body).toEqual({ session_fields: [{ plan: "pro" }], group_id: 2, page_url: "https://example.com/goal" });
  expect({ ...ours, host: null }).toEqual({ ...vendor, host: null });
  expect(told.vendor).toEqual([{ name: "customer_id", payload: CUSTOMER }]);
  expect(told.ours).toEqual(told.vendor);
  expect(told.logins).toEqual({ vendor: 0, ours: 0 });
});

test("files: the address, and the ways in which there is none", async ({ both, page }) => {
  await page.route("**/action/upload_file**", (route) =>
    route.fulfill({
      headers: { "access-control-allow-origin": "*", "access-control-allow-headers": "*" },
      contentType: "application/json",
      body: '{"url":"https://cdn.example.com/x.txt"}',
    }),
  );
  await both.start();
  const uploads = await page.evaluate(() =>
    Promise.all(
      Object.values(both.sdks).map(async (sdk) => {
        const file = new File(["hello"], "x.txt", { type: "text/plain" });
        const done = await sdk.uploadFile({ file }).promise;
        const upload = sdk.uploadFile({ file: new File([new Uint8Array(1 << 20)], "y.txt") });
        const canceled = upload.promise.catch(({ code }) => code);
        // One that has no token yet ends in LiveChat's SDK without a code.
        await new Promise((resolve) => setTimeout(resolve));
        upload.cancel();
        upload.cancel();
        const tooBig = await sdk
          .uploadFile({ file: new File([new Uint8Array(11 << 20)], "z.txt") })
          .promise.catch(({ code }) => code);
        return { done, canceled: await canceled, tooBig };
      }),
    ),
  );
  expect(uploads[0]).toEqual({
    done: { url: "https://cdn.example.com/x.txt" },
    canceled: "UPLOAD_CANCELED",
    tooBig: "TOO_BIG_FILE",
  });
  expect(uploads[1]).toEqual(uploads[0]);
});

test("the hosts of environments and regions are LiveChat's", async ({ both, page }) => {
  for (const [env, region] of [["production"], ["production", "fra"], ["staging"], ["labs", "dal"]]) {
    const urls = await page.evaluate(([env, region]) => both.socketUrls(env, region), [env, region]);
    expect(urls.ours.replace(/&.*$/, "")).toBe(urls.vendor);
    expect(urls.vendor).toContain(`organization_id=${ORGANIZATION}`);
  }
});

test("calls that are made before the core is there wait in order", async ({ both, page }) => {
  const actions = await page.evaluate(async () => {
    both.begin();
    const { ours } = both.sdks;
    const calls = [
      ours.getPredictedAgent(),
      ours.getCustomer(),
      ours.listGroupStatuses(),
      ours.getUrlInfo({ url: "u" }),
    ];
    await Promise.allSettled(calls);
    const frames = await both.allFrames();
    return frames.ours.map(({ action }) => action);
  });
  const asked = ["get_predicted_agent", "get_customer", "list_group_statuses", "get_url_info"];
  expect(actions.filter((action) => asked.includes(action))).toEqual(asked);
});

test("what was configured as none is none", async ({ both, page }) => {
  const { vendor, ours } = await page.evaluate(async () => {
    await both.start({
      referrer: "",
      region: "",
      groupId: "2",
      page: { url: "https://example.com", title: "" },
      application: {},
    });
    return both.logins();
  });
  // LiveChat's SDK sends an empty referrer.
  const { application: _, pushes: __, referrer: ___, ...payload } = vendor.payload;
  expect(payload).not.toHaveProperty("group_id");
  expect(missing(payload, ours.payload)).toEqual([]);
  expect(ours.payload).not.toHaveProperty("group_id");
});

test("who was known by the number of a license stays the same customer", async ({ both, page }) => {
  const outcome = await page.evaluate(() => both.adoptedBy("license-1"));
  expect(outcome.vendor).toMatchObject({ token: "Bearer kept", side: { visits: "7" } });
  expect(outcome.ours).toEqual(outcome.vendor);
});

test("both entries of the package share one core", async ({ both, page }) => {
  await both.start();
  const loads = await page.evaluate(async () => {
    const { default: load } = await import("/palaver/index.js");
    await load();
    return performance.getEntriesByType("resource").filter(({ name }) => name.includes(".wasm")).length;
  });
  expect(loads).toBe(1);
});
