// In the page: a conversation with a scripted server, in which the core may break at any step.

import { install } from "/script.js";
import { arm, seen } from "./breaking.js";
import load, { init } from "/palaver/index.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (is, ms = 8_000) => {
  const end = performance.now() + ms;
  while (!is() && performance.now() < end) await wait(2);
  return is();
};

// Numbers rise without a hole, the customer's own included.
const event = (script, text) => {
  const number = (script.number += 1);
  return { chat_id: "C", thread_id: "T", event: { id: `T_${number}`, type: "message", text, author_id: "A", created_at: script.time() } };
};

const errors = [];
addEventListener("error", (error) => errors.push(error.message));

// A core may break twice a minute, so there is more than half a minute between two visits.
const { now } = Date;
let ahead = 0;
Date.now = () => now() + ahead;

let loaded;
/** One visit, with `plan` for what breaks and when; says what became of everything. */
export async function converse(plan) {
  loaded ??= load();
  await loaded;
  ahead += 61_000;
  const script = install();
  const told = [];
  const states = [];
  const failures = [];
  let api;
  arm(plan);
  const before = seen.broken;
  try {
    api = init({ ...script.config, autoConnect: false });
  } catch (error) {
    return { refused: error.code, broken: seen.broken - before };
  }
  api.on("incoming_event", ({ event }) => told.push(event.text));
  api.on("state", ({ state }) => states.push(state));
  const gaps = [];
  api.on("error", (error) => failures.push(error));
  api.on("history_gap", (gap) => gaps.push(gap));
  api.connect();
  await until(() => api.state === "connected");
  const calls = [];
  for (let i = 1; i <= 3; i += 1) {
    script.push("incoming_event", event(script, String(i)));
    calls.push(api.sendMessage({ chatId: "C", text: `own ${i}` }), api.listThreads({ chatId: "C" }), api.getChat({ chatId: "C" }));
    api.setSneakPeek({ chatId: "C", sneakPeekText: "x" });
    void api.chats();
    void api.can("sendMessage");
    await wait(2);
  }
  // What is under way when the line is lost is in doubt for a while; that is not what is asked here.
  await wait(8);
  script.drop();
  api.connect();
  const isBack = await until(() => api.state === "connected");
  const settled = calls.map(() => "pending");
  calls.forEach((call, index) => call.then(() => (settled[index] = "done"), ({ code }) => (settled[index] = code)));
  const isSettled = () => !settled.includes("pending");
  // What was swallowed on its way out is missed only after a while, or with the next that comes.
  await until(isSettled, 200);
  const crossings = structuredClone(seen);
  const hasBroken = seen.broken - before;
  arm({});
  // Whatever happened: now the conversation goes on.
  script.push("incoming_event", event(script, "last"));
  const sent = await api.sendMessage({ chatId: "C", text: "afterwards" }).then(({ text }) => text, ({ code }) => code);
  await until(isSettled, 20_000);
  await until(() => told.includes("last"));
  const sockets = script.sockets.filter(({ readyState }) => readyState < 2).length;
  const result = {
    broken: hasBroken, isBack, gaps, sockets, settled, failures, told, sent, crossings, state: api.state,
    mostSockets: script.most, closed: states.includes("closed"), errors: errors.splice(0),
  };
  api.destroy();
  result.left = script.sockets.filter(({ readyState }) => readyState < 2).length;
  return result;
}
