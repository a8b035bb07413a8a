// LiveChat's `init`: an instance at once, whose core follows.

import { traceCaller } from "../api/caller.js";
import { createEmitter } from "./emitter.js";
import { refusal, wrong } from "./errors.js";
import { relay } from "./events.js";
import { createHistory } from "./history.js";
import { createLate } from "./late.js";
import { adoptLicense } from "./license.js";
import { bySystem } from "./system.js";

const ENVIRONMENTS = ["production", "staging", "labs"];

/** What is one call of the core. */
const METHODS = [
  "acceptGreeting", "cancelGreeting", "cancelRate", "deactivateChat", "deleteChatProperties",
  "deleteEventProperties", "deleteThreadProperties", "getChat", "getCustomer", "getForm", "getPredictedAgent",
  "getUrlInfo", "listChats", "listGroupStatuses", "listThreads", "markEventsAsSeen", "rateChat", "resumeChat",
  "sendEvent", "sendRichMessagePostback", "setCustomerSessionFields", "startChat", "updateChatProperties",
  "updateCustomer", "updateEventProperties", "updateThreadProperties",
];
const SIGNALS = ["setSneakPeek", "updateCustomerPage"];
const AUTH = ["getToken", "getFreshToken", "hasToken", "invalidate"];

const check = (config, env) => {
  if (typeof config !== "object" || config === null) throw wrong("config", "an object", config);
  for (const name of ["organizationId", "clientId"]) {
    if (typeof config[name] !== "string" || !config[name]) throw wrong(name, "a non-empty string", config[name]);
  }
  if (!ENVIRONMENTS.includes(env)) throw wrong("env", `"${ENVIRONMENTS.join('" or "')}"`, env);
};

/** The hosts of an environment. The core knows those of production, and where it is sent from there. */
const hosts = ({ region }, env) => {
  if (env === "production") return undefined;
  const api = region ? `api-${region}` : "api";
  return { api: `https://${api}.${env}.livechatinc.com`, accounts: `https://accounts.${env}.livechatinc.com` };
};

/** Without what always meant "none": an empty text, e.g. `document.referrer`, and a group that is no number. */
const given = (config) =>
  Object.fromEntries(
    Object.entries(config).filter(([name, value]) => value !== "" && (name !== "groupId" || typeof value === "number")),
  );

const table = (names, make) => Object.fromEntries(names.map((name) => [name, make(name)]));

export function init(config, env = "production", licenseId = undefined) {
  check(config, env);
  adoptLicense(config, licenseId);
  const options = given(config);
  const { autoConnect = true, identityProvider, customerDataProvider, page, groupId } = options;
  const emitter = createEmitter();
  const provider = typeof identityProvider === "function" ? identityProvider() : undefined;
  const core = createLate(
    {
      apiVersion: "3.5",
      endpoints: hosts(options, env),
      // Each instance of LiveChat's SDK has a line of its own.
      sharedConnection: false,
      ...options,
      // Connecting waits until the listeners are there.
      autoConnect: false,
      identityProvider: provider && (() => provider),
      // Surplus arguments and options were always ignored.
      strict: false,
    },
    {
      onReady: (api) => relay(api, emitter.emit),
      onFailure: ({ code = "internal" }) => emitter.emit("disconnected", { reason: code.toLowerCase() }),
    },
  );

  const connect = () => {
    core.revive();
    core.tell((api) => api.connect());
  };

  // Who does not connect is still known, and still counts for goals.
  const visit = async (api) => {
    await api.auth.getToken();
    const { sessionFields } = customerDataProvider?.() ?? {};
    if (page?.url) await api.checkGoals({ pageUrl: page.url, groupId, sessionFields });
  };

  const auth = (name) => async () => {
    try {
      return await core.call((api) => api.auth[name]());
    } catch (error) {
      throw refusal(error);
    }
  };

  const uploadFile = (options) => {
    let upload;
    let isCanceled = false;
    const promise = core.call((api) => {
      upload = api.uploadFile(options);
      if (isCanceled) upload.cancel();
      return upload.promise;
    });
    const cancel = () => {
      isCanceled = true;
      upload?.cancel();
    };
    return { promise, cancel };
  };

  const api = Object.freeze({
    ...table(METHODS, (name) => (options) => core.call((api) => api[name](options).then(bySystem))),
    ...table(SIGNALS, (name) => (options) => core.tell((api) => api[name](options))),
    auth: provider ?? Object.freeze(table(AUTH, auth)),
    connect,
    disconnect: () => core.tell((api) => api.disconnect()),
    destroy: () => {
      emitter.finish();
      core.destroy();
    },
    getChatHistory: (options) => {
      const pages = createHistory(api.listThreads, options);
      return { ...pages, next: () => traceCaller(pages.next()) };
    },
    on: emitter.on,
    once: emitter.once,
    off: emitter.off,
    uploadFile,
  });

  if (autoConnect) connect();
  else core.call(visit).catch(() => {});
  return api;
}
