// In the page: how long it takes from the first `import` to `connected`, against a real stand-in server.

const { standin } = Object.fromEntries(new URLSearchParams(location.search));
const config = { organizationId: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01", clientId: "benchmark" };

const SDKS = {
  palaver: async (mark) => {
    const { default: load, init } = await import("/palaver/index.js");
    mark("imported");
    await load();
    mark("loaded");
    return init({ ...config, endpoints: { api: standin, accounts: standin } });
  },
  "drop-in": async (mark) => {
    const { init } = await import("/palaver/customer-sdk.js");
    mark("imported");
    return init({ ...config, endpoints: { api: standin, accounts: standin } });
  },
  // The page has its globals changed, so that this one's requests lead to the stand-in; see e2e/support/vendor.mjs.
  vendor: async (mark) => {
    const { init } = await import("/vendor.js");
    mark("imported");
    return init(config);
  },
};

/** Milliseconds since the start, by name; `connected` is the result. */
export async function connect(sdk) {
  const start = performance.now();
  const marks = {};
  const mark = (name) => (marks[name] = performance.now() - start);
  const api = await SDKS[sdk](mark);
  await new Promise((resolve, reject) => {
    api.on("connected", resolve);
    api.on("disconnected", (why) => reject(new Error(`${sdk} was disconnected: ${JSON.stringify(why)}`)));
  });
  mark("connected");
  api.destroy();
  // The next round is a new visitor again.
  localStorage.clear();
  return marks;
}
