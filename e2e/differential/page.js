// In the page: LiveChat's SDK and ours side by side, doing and hearing the same.

import { debug, init } from "/palaver/customer-sdk.js";
import { identify, identityProvider, Peer } from "./peer.js";
import { identityToken, ORGANIZATION } from "./script.js";

globalThis.WebSocket = Peer;
const images = [];
globalThis.Image = class Image {
  set src(url) {
    images.push(String(url));
  }
};

const API = "http://127.0.0.1:9";
const HOSTS = { vendor: "api.livechatinc.com", ours: "127.0.0.1:9" };
const KINDS = Object.keys(HOSTS);

const sdks = {};
const seen = { vendor: [], ours: [] };
const errors = [];
addEventListener("error", (event) => errors.push(String(event.message)));

const peer = (kind) => Peer.byHost.get(HOSTS[kind]);
const each = async (act) => Object.fromEntries(await Promise.all(KINDS.map(async (kind) => [kind, await act(kind)])));

/** Long enough for either to hear a frame, to answer, and to tell its listeners. */
export const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

const heard = (kind, name, timeout = 5_000) =>
  new Promise((resolve, reject) => {
    const end = setTimeout(() => reject(new Error(`${kind}: no ${name}`)), timeout);
    sdks[kind].once(name, (payload) => {
      clearTimeout(end);
      resolve(payload);
    });
  });

/** Makes both. */
export const begin = (options = {}) => {
  for (const kind of KINDS) {
    const config = { organizationId: ORGANIZATION, clientId: "differential", identityProvider, ...options };
    sdks[kind] =
      kind === "vendor" ? CustomerSDK.init(config) : init({ ...config, endpoints: { api: API, accounts: API } });
    sdks[kind].on("*", (name, payload) => seen[kind].push({ name, payload: payload ?? null }));
  }
};

/** Makes both and resolves with the payloads of their `connected`. */
export const start = (options) => {
  begin(options);
  return each((kind) => heard(kind, "connected"));
};

/** What both tell while `act` goes on. */
export const told = async (act) => {
  for (const kind of KINDS) seen[kind] = [];
  await act();
  await settle();
  return { vendor: [...seen.vendor], ours: [...seen.ours] };
};

/** Both get a push. */
export const push = ({ action, payload }) =>
  told(() => KINDS.forEach((kind) => peer(kind).say({ action, type: "push", payload })));

/** Both lose their line. */
export const drop = () => told(() => KINDS.forEach((kind) => peer(kind).close(1006)));

/** Both hear of the browser that it is off or on line. */
export const network = (name) => told(() => dispatchEvent(new Event(name)));

/** Resolves when both are connected again. */
export const reconnected = () => each((kind) => heard(kind, "connected", 10_000));

/** Calls a method of both; `script` has the platform's answers. What came of it, what was sent and what was told. */
export const call = async ({ method, args, script = {} }) => {
  for (const [action, answer] of Object.entries(script)) Peer.script.set(action, answer);
  const before = Object.fromEntries(KINDS.map((kind) => [kind, peer(kind).frames.length]));
  let outcome;
  const events = await told(async () => {
    outcome = await each(async (kind) => {
      try {
        return { result: await limited(sdks[kind][method](...args)) };
      } catch (error) {
        return { error: { code: error.code, message: error.message } };
      }
    });
  });
  for (const action of Object.keys(script)) Peer.script.delete(action);
  return each((kind) => ({
    ...outcome[kind],
    events: events[kind],
    frames: peer(kind)
      .frames.slice(before[kind])
      .filter(({ action }) => action !== "ping")
      .map(({ action, payload }) => ({ action, payload })),
  }));
};

const limited = (promise) =>
  Promise.race([
    promise,
    new Promise((_, reject) =>
      setTimeout(() => reject(Object.assign(new Error("it hangs"), { code: "HANGS" })), 1_500),
    ),
  ]);

/** What is answered from now on. */
export const answer = (script) => Object.entries(script).forEach(([action, one]) => Peer.script.set(action, one));

/** Requests of this action are not answered any more; of all again without one. */
export const silence = (action) => (Peer.silenced = action);

/** The next tokens are of another customer. */
export const becomeSomebodyElse = (id) => void identify(id);

/** Frames that make no sense, and an answer to nothing. */
export const garble = async () => {
  for (const kind of KINDS) {
    for (const text of ["{", "null", "[]", '{"type":"response","request_id":"none","success":true,"payload":{}}']) {
      peer(kind).sayText(text);
    }
  }
  await settle();
};

/** What was told since the beginning of the last act. */
export const heardSince = async () => {
  await settle();
  return { ...seen };
};

export const connectedAgain = (kind) => heard(kind, "connected", 15_000);

/** Every frame of an action, over all connections. */
export const allFrames = () => each((kind) => Peer.sent.get(HOSTS[kind]) ?? []);
export const framesOf = async (action) => {
  const frames = await allFrames();
  return each((kind) => frames[kind].filter((frame) => frame.action === action));
};

/** Where each goes in an environment and a region. */
export const socketUrls = async (env, region) => {
  const config = { organizationId: ORGANIZATION, clientId: "differential", identityProvider, region };
  const urls = {};
  for (const [kind, make] of [
    ["vendor", CustomerSDK.init],
    ["ours", init],
  ]) {
    Peer.byHost.clear();
    const sdk = make(config, env);
    for (let patience = 200; Peer.byHost.size === 0 && patience > 0; patience -= 1) await settle();
    urls[kind] = [...Peer.byHost.values()][0].url;
    sdk.destroy();
  }
  return urls;
};

/** What each logs in with when the browser kept a token and side storage under the number of a license. */
export const adoptedBy = async (license) => {
  const outcome = {};
  const config = { organizationId: ORGANIZATION, clientId: "differential" };
  const makers = {
    vendor: () => CustomerSDK.init(config, "production", license),
    ours: () => init({ ...config, endpoints: { api: API, accounts: API } }, "production", license),
  };
  for (const [kind, make] of Object.entries(makers)) {
    localStorage.clear();
    localStorage.setItem(`@@lc_auth_token:${license}`, JSON.stringify({ ...identityToken(), accessToken: "kept" }));
    localStorage.setItem(`side_storage_${license}`, '{"visits":"7"}');
    sdks[kind] = make();
    await heard(kind, "connected");
    const { payload } = peer(kind).frames.find(({ action }) => action === "login");
    outcome[kind] = {
      token: payload.token,
      side: payload.customer_side_storage,
      keys: Object.keys(localStorage).sort(),
    };
  }
  return outcome;
};

export const loginCounts = async () => {
  const { vendor, ours } = await framesOf("login");
  return { vendor: vendor.length, ours: ours.length };
};

/** The images that were loaded: all, and those for LiveChat's logs. */
export const imageCounts = () => ({
  total: images.length,
  vendor: images.filter((url) => url.includes("queue.livechatinc.com")).length,
});

/** What reached nobody's hands. */
export const uncaught = () => errors;

/** The first login frame of each. */
export const logins = async () => {
  const frames = await framesOf("login");
  return each((kind) => frames[kind][0]);
};

export { debug, sdks };
