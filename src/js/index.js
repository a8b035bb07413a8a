// The package's face: loads the core once and gives it the shape of palaver.d.ts. Importing it touches nothing.

import { traceCaller } from "../api/caller.js";
import { ChatError } from "../api/error.js";
import { report } from "../api/report.js";
import { auth } from "./auth.js";
import { createCore } from "./core.js";
import { files } from "./files.js";
import { history } from "./history.js";
import { isLoaded } from "./instance.js";
import { load } from "./load.js";

export { ChatError, load as default };

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
  if (!isLoaded()) throw new ChatError("NOT_LOADED", "call `await load()` before init()");
  let provider;
  // Called once; one that throws is asked again.
  const given = config?.identityProvider;
  const identity = typeof given === "function" ? () => (provider ??= given()) : undefined;
  const core = createCore(identity ? { ...config, identityProvider: identity } : config);
  const { emitter } = core;
  const tokens = auth(core, identity);
  const { uploadFile, sendFile } = files(core);
  const logout = async () => {
    const done = await core.call("logout");
    await tokens.invalidate();
    return done;
  };
  const api = {
    on: (event, listener) => emitter.on(event, listener, false),
    once: (event, listener) => emitter.on(event, listener, true),
    off: (event, listener) => emitter.off(event, listener),
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
    getChatHistory: (options) => {
      const pages = history(api.listThreads, options);
      return { ...pages, next: () => traceCaller(pages.next()) };
    },
    auth: tokens,
    logout: () => traceCaller(logout()),
    sendFile: (options) => traceCaller(sendFile(options)),
    uploadFile: (options) => {
      const { promise, cancel } = uploadFile(options);
      return { promise: traceCaller(promise), cancel };
    },
  };
  for (const method of methods) api[method] = (options) => core.call(method, options);
  // A wrong argument must not pass unseen, though nobody waits for the outcome.
  const reportWrong = (error) => error.code === "VALIDATION" && report(error);
  for (const method of signals) api[method] = (options) => void core.call(method, options).catch(reportWrong);
  return Object.freeze(api);
}
