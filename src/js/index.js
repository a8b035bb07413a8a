// The package's face: loads the core once and gives it the shape of palaver.d.ts. Importing it touches nothing.

import start, { Core } from "../../pkg/palaver.js";
import { ChatError } from "../api/error.js";
import { auth } from "./auth.js";
import { files } from "./files.js";
import { history } from "./history.js";

export { ChatError };

let loading;
let isLoaded = false;

const unavailable = (cause) => {
  const reason = String(cause?.message ?? cause);
  const advice =
    typeof WebAssembly === "undefined"
      ? "this browser has no WebAssembly"
      : /unsafe-eval|Content Security Policy/i.test(reason)
        ? "the page's Content-Security-Policy must allow script-src 'wasm-unsafe-eval'"
        : "the .wasm file could not be loaded; pass its address to load()";
  return new ChatError("WASM_UNAVAILABLE", `${advice} (${reason})`, true);
};

// A browser's storage answers its first question slowly and blocks meanwhile: asked while the core is on its way, the
// wait costs nothing. A browser that refuses even to be asked throws.
const warmStorage = () => {
  try {
    void globalThis.localStorage?.length;
  } catch {}
};

const compile = async (source) => {
  try {
    const started = start(source === undefined ? undefined : { module_or_path: source });
    warmStorage();
    await started;
    isLoaded = true;
  } catch (cause) {
    loading = undefined;
    throw unavailable(cause);
  }
};

export default function load(source) {
  return (loading ??= compile(source));
}

// Every method that is one call of the core and one promise.
const methods = [
  "acceptGreeting", "acceptIdentityTransfer", "cancelGreeting", "cancelRate", "checkGoals", "deactivateChat",
  "deleteChatProperties", "deleteEvent", "deleteEventProperties", "deleteThreadProperties", "discard", "getChat",
  "getConfiguration", "getCustomer", "getDynamicConfiguration", "getForm", "getLocalization", "getPredictedAgent",
  "getUrlInfo", "listChats", "listGroupProperties", "listGroupStatuses", "listLicenseProperties", "listThreads",
  "markEventsAsSeen", "rateChat", "requestEmailVerification", "requestIdentityTransfer", "requestTranscript",
  "requestWelcomeMessage", "resumeChat", "retry", "sendEvent", "sendGreetingButtonClicked", "sendMessage",
  "sendRichMessagePostback", "setCustomerSessionFields", "startChat", "updateChatProperties", "updateCustomer",
  "updateEventProperties", "updateThreadProperties",
];
// Those that the application hears nothing more of.
const signals = ["setSneakPeek", "updateCustomerPage"];
// What the shell makes of other methods.
const made = { getChatHistory: "listThreads" };

export function init(config) {
  if (!isLoaded) throw new ChatError("NOT_LOADED", "call `await load()` before init()");
  let provider;
  // Called once; one that throws is asked again.
  const given = config?.identityProvider;
  const identity = typeof given === "function" ? () => (provider ??= given()) : undefined;
  const core = new Core(identity ? { ...config, identityProvider: identity } : config);
  const tokens = auth(core, identity);
  const listen = (once) => (event, listener) => {
    const id = core.on(event, listener, once);
    return () => core.remove(id);
  };
  const api = {
    on: listen(false),
    once: listen(true),
    off: (event, listener) => core.off(event, listener),
    get state() {
      return core.state;
    },
    chats: () => core.chats(),
    outbox: () => core.outbox(),
    can: (feature) => core.can(made[feature] ?? String(feature)),
    connect: () => core.connect(),
    reconnect: () => core.reconnect(),
    disconnect: () => core.disconnect(),
    destroy: () => core.destroy(),
    getChatHistory: (options) => history(api.listThreads, options),
    auth: tokens,
    logout: async () => {
      const done = await core.call("logout");
      await tokens.invalidate();
      return done;
    },
    ...files(core),
  };
  for (const method of methods) api[method] = (options) => core.call(method, options);
  // A wrong argument must not pass unseen, though nobody waits for the outcome.
  const report = (error) => error.code === "VALIDATION" && reportError(error);
  for (const method of signals) api[method] = (options) => void core.call(method, options).catch(report);
  return Object.freeze(api);
}
