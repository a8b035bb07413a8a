// In the page: for each event and each method of the api, the method is called from the event's listener, among
// listeners that throw, remove themselves, add others.

import { install } from "/script.js";
import { arm } from "./breaking.js";
import load, { init } from "/palaver/index.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (is, ms = 3_000) => {
  const end = performance.now() + ms;
  while (!is() && performance.now() < end) await wait(1);
  return is();
};

const reported = [];
globalThis.reportError = (error) => reported.push(String(error?.message ?? error));
const { now } = Date;
let ahead = 0;
Date.now = () => now() + ahead;

// Whatever a method may want; what it does not want is passed over.
const options = {
  chatId: "C", threadId: "T", eventId: "T_1", id: "C", customId: "c1", text: "x", sneakPeekText: "x", name: "Ada", url: "https://a.example/",
  pageUrl: "https://a.example/", title: "t", email: "ada@example.com", seenUpTo: "2026-03-01T10:00:00.000000Z", uniqueId: "u",
  greetingUniqueId: "u", event: { type: "message", text: "x" }, chat: { id: "C" }, properties: { a: { b: 1 } }, sessionFields: { a: "1" },
  postback: { id: "p", toggled: true }, groupId: 0, groupIds: [0], formId: "f", score: 1, rate: "good", file: new File(["x"], "x.txt"),
};

/** The names of what an application can call. */
export async function methods() {
  await load();
  const api = init({ ...install().config, autoConnect: false });
  const names = [...Object.keys(api).filter((name) => name !== "auth"), ...Object.keys(api.auth).map((name) => `auth.${name}`)];
  api.destroy();
  return names;
}

const call = (api, name) => {
  if (name === "state") return void api.state;
  if (name === "on" || name === "once") return void api[name]("state", () => {})();
  if (name === "off") return void api.off("state", () => {});
  if (name === "can") return void api.can("sendMessage");
  if (name.startsWith("auth.")) return api.auth[name.slice(5)]();
  if (name === "getChatHistory") return api.getChatHistory({ chatId: "C" }).next();
  const result = api[name](options);
  return name === "uploadFile" ? result.promise : result;
};

let pushes = [];
/** Everything that a server may push. */
export const learn = (all) => (pushes = all);

/** What makes an event come about, step by step, until `isDone()`. */
async function drama(api, script, event, isDone) {
  const first = pushes.filter(({ action }) => action === event);
  const steps = [
    () => until(() => api.state === "connected" || isDone(), 20_000),
    () => void api.sendMessage({ chatId: "C", text: "own" }).catch(() => {}),
    ...[...first, ...pushes].map(({ action, payload }) => () => script.push(action, payload)),
    () => script.raw("{"),
    () => wait(2),
    () => dispatchEvent(new Event("offline")),
    () => dispatchEvent(new Event("online")),
    () => wait(4),
    () => script.last?.onclose && script.drop(),
    // What was there is gone: a gap.
    () => script.history.clear(),
    () => api.connect(),
    () => until(() => api.state === "connected" || isDone(), 3_000),
    () => wait(4),
    () => (script.customer = "another"),
    () => api.reconnect(),
    () => until(() => isDone(), 300),
    () => script.push("customer_disconnected", { reason: "license_expired" }),
    () => wait(4),
  ];
  // A page that stalls takes itself for one that slept: what is pushed then waits for a read, and the line is cut before
  // it is answered. What was lost that way comes again.
  for (let round = 0; round < 3; round += 1) {
    for (const step of steps) {
      if (isDone()) return;
      await step();
    }
    script.customer = "me";
    api.connect();
  }
}

/** One event and the methods that its listener calls, once. */
export async function meet(event, names) {
  ahead += 61_000;
  const script = install();
  const said = { event, names, fired: 0, unsettled: [], threw: [], internal: 0 };
  reported.length = 0;
  const promises = [];
  const api = init({ ...script.config, autoConnect: false, strict: false });
  const note = (name, promise) => {
    const row = { name, isSettled: false };
    promises.push(row);
    const settle = () => (row.isSettled = true);
    promise.then(settle, settle);
  };
  api.on("error", () => (said.internal += 1));
  const own = () => {
    api.off(event, own);
    api.on(event, () => {});
  };
  api.on(event, own);
  api.on(event, () => {
    throw new Error("mine");
  });
  let isDone = false;
  api.once(event, () => {
    for (const name of names) {
      try {
        const result = call(api, name);
        if (typeof result?.then === "function") note(name, result);
      } catch (error) {
        said.threw.push(`${name}: ${error.message}`);
      }
    }
    isDone = true;
  });
  api.on(event, () => (said.fired += 1));
  arm(event === "error" ? { side: "imports", at: 40 } : {});
  api.connect();
  await drama(api, script, event, () => isDone);
  arm({});
  await wait(0);
  api.destroy();
  api.connect();
  await until(() => promises.every(({ isSettled }) => isSettled), 2_000);
  said.called = isDone;
  said.unsettled = promises.filter(({ isSettled }) => !isSettled).map(({ name }) => name);
  said.sockets = script.sockets.filter(({ readyState }) => readyState < 2).length;
  said.reported = reported.filter((message) => message !== "mine" && !(event === "error" && /unreachable/.test(message)) && !/`\w+` must be/.test(message));
  if (event === "error") said.internal -= 1;
  return said;
}
