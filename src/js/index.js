// The package's face: loads the core once and gives it the shape of palaver.d.ts. Importing it touches nothing.

import start, { Core } from "../../pkg/palaver.js";
import { ChatError } from "../api/error.js";
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
  "deactivateChat", "getChat", "listChats", "listThreads", "markEventsAsSeen", "resumeChat", "sendEvent",
  "sendMessage", "startChat", "updateCustomer",
];

export function init(config) {
  if (!isLoaded) throw new ChatError("NOT_LOADED", "call `await load()` before init()");
  const core = new Core(config);
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
    connect: () => core.connect(),
    disconnect: () => core.disconnect(),
    destroy: () => core.destroy(),
    setSneakPeek: (options) => void core.call("setSneakPeek", options).catch(() => {}),
    getChatHistory: (options) => history(api.listThreads, options),
  };
  for (const method of methods) api[method] = (options) => core.call(method, options);
  return Object.freeze(api);
}
