// In the page: a whole conversation with `debug`, in which everything that nobody else may read bears a mark.

import { install } from "/script.js";
import load, { init } from "/palaver/index.js";

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function talk(mark) {
  const written = [];
  const shown = (value) => {
    try {
      return value instanceof Error ? `${value.stack} ${JSON.stringify({ ...value })}` : typeof value === "string" ? value : JSON.stringify(value);
    } catch {
      return String(value);
    }
  };
  for (const level of ["debug", "log", "info", "warn", "error", "trace"]) console[level] = (...values) => written.push(values.map(shown).join(" "));
  globalThis.reportError = (error) => written.push(shown(error));
  addEventListener("error", ({ message }) => written.push(message));
  addEventListener("unhandledrejection", ({ reason }) => written.push(shown(reason)));
  await load();
  const script = install();
  const token = () => ({ accessToken: `${mark}-token`, entityId: "me", expiresIn: 28_800_000, tokenType: "Bearer", creationDate: Date.now() });
  let fails = 0;
  const api = init({
    ...script.config,
    debug: true,
    strict: false,
    autoConnect: false,
    identityProvider: () => ({
      getToken: async () => token(),
      getFreshToken: async () => {
        fails += 1;
        if (fails === 1) throw new Error("try again");
        return token();
      },
      hasToken: async () => true,
      invalidate: async () => {},
    }),
    customerDataProvider: () => ({ name: `${mark}-name`, email: `${mark}@example.com`, sessionFields: { plan: `${mark}-field` } }),
  });
  const note = (payload) => written.push(shown(payload));
  for (const event of ["warning", "error", "state", "connection_lost", "disconnected"]) api.on(event, note);
  const calls = [];
  const call = (method, options) => calls.push(api[method](options).catch(note));
  const personal = { chatId: "C", text: `${mark}-text`, name: `${mark}-name`, email: `${mark}@example.com`, properties: { [`${mark}`]: { a: `${mark}` } } };
  const said = { id: "T_0", type: "message", text: "before", author_id: "A", created_at: "2026-03-01T10:00:00.000000Z" };
  script.remember({ chat_id: "C", event: said });
  api.connect();
  await wait(40);
  script.push("incoming_event", {
    chat_id: "C", thread_id: "T",
    event: { id: "T_1", type: "message", text: `${mark}-heard`, author_id: "A", created_at: "2026-03-01T10:00:00.000001Z" },
  });
  api.setSneakPeek({ chatId: "C", sneakPeekText: `${mark}-sneak` });
  await wait(10);
  script.raw(`{"${mark}-broken`);
  script.push("incoming_event", { chat_id: `${mark}-odd`, event: `${mark}-odd` });
  for (const method of ["sendMessage", "updateCustomer", "updateChatProperties", "sendEvent", "requestTranscript", "setCustomerSessionFields", "getChat"]) {
    call(method, personal);
    call(method, { ...personal, chatId: 7, event: 7 });
  }
  call("sendMessage", { chatId: "C", text: "x", [`${mark}`]: 1 });
  calls.push(api.auth.getFreshToken().catch(note), api.auth.getFreshToken().catch(note));
  await wait(40);
  script.drop();
  api.connect();
  await wait(40);
  script.push("customer_disconnected", { reason: "license_expired" });
  await wait(10);
  api.destroy();
  await Promise.all(calls);
  return { written, sent: JSON.stringify(script.sent) };
}
