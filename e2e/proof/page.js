// In the page: one SDK, an application that listens and sends, and a record of what it was told. The same for both.

const { sdk, api: origin } = Object.fromEntries(new URLSearchParams(location.search));
const account = { organizationId: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01", clientId: "proof" };

/** What happened, for the judge. */
const record = {
  /** Messages that the application was told of, in that order; `id`, `text`, `authorId`. */
  told: [],
  /** Later words about events: `["edited", id, text]`, `["deleted", id]`. */
  changes: [],
  /** Its own, in the order of the calls: `text`, and `outcome` once the promise has settled. */
  sends: [],
  /** Everything else that was told, by name. */
  notices: [],
  /** Errors that reached nobody. */
  errors: [],
  /** Ids of own messages that the platform has, whichever page sent them. */
  delivered: [],
  /** The most sockets that were open or opening at once. */
  mostSockets: 0,
  /** What the connection did: a state, and when. */
  states: [],
};
const enter = (state) => record.states.push([state, Date.now()]);
addEventListener("error", (event) => record.errors.push(String(event.message)));
addEventListener("unhandledrejection", (event) => record.errors.push(String(event.reason?.stack ?? event.reason)));

/** Called for frames before and after the SDK has to do with them. */
const watch = { leaving() {}, left() {}, came() {} };
const sockets = new Set();
const prune = () => sockets.forEach((socket) => socket.readyState > 1 && sockets.delete(socket));
{
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      sockets.add(this);
      prune();
      record.mostSockets = Math.max(record.mostSockets, sockets.size);
      this.addEventListener("message", (event) => watch.came(event.data));
    }
    send(text) {
      watch.leaving(text);
      super.send(text);
      watch.left(text);
    }
  };
}

const SDKS = {
  palaver: async (config) => {
    const { default: load, init } = await import("/palaver/index.js");
    await load();
    return init({ ...account, endpoints: { api: origin, accounts: origin }, ...config });
  },
  // Its addresses are changed underneath it; see e2e/support/vendor.mjs.
  vendor: (config) => CustomerSDK.init({ ...account, ...config }),
};

const asMessage = ({ id, text, authorId, customId }) => ({ id, text, authorId, customId });

let api;
let chatId;

/** Makes the api, with listeners from the first moment on. */
export async function begin(config = {}) {
  api = await SDKS[sdk](config);
  api.on("incoming_event", ({ event }) => {
    if (event.type === "message") record.told.push(asMessage(event));
  });
  if (sdk === "palaver") {
    api.on("event_updated", ({ event }) => record.changes.push(["edited", event.id, event.text]));
    api.on("event_deleted", ({ eventId }) => record.changes.push(["deleted", eventId]));
    for (const name of ["warning", "disconnected", "history_gap", "error", "message_status"]) {
      api.on(name, (payload) => record.notices.push([name, payload]));
    }
    api.on("message_status", ({ status, event }) => status === "sent" && record.delivered.push(event.id));
    api.on("state", ({ state }) => enter(state));
  } else {
    api.on("connected", () => enter("connected"));
    api.on("connection_lost", () => enter("connecting"));
    api.on("connection_restored", () => enter("connected"));
    api.on("disconnected", () => enter("closed"));
  }
  globalThis.api = api;
  await new Promise((resolve) => api.once("connected", resolve));
}

/** Starts the chat, or finds the one there is. */
export async function openChat() {
  const { chatsSummary } = await api.listChats();
  const known = chatsSummary[0];
  chatId = known ? (known.id ?? known.chatId) : (await api.startChat()).chat.id;
  return chatId;
}

/** LiveChat's has no other way to send a message, and throws what it cannot send. */
const sendOne = (text) => {
  try {
    return api.sendMessage?.({ chatId, text }) ?? api.sendEvent({ chatId, event: { type: "message", text } });
  } catch (error) {
    return Promise.reject(error);
  }
};

/** Sends a text and notes how that ends; resolves then. */
export function send(text) {
  const entry = { text, outcome: "pending" };
  record.sends.push(entry);
  return sendOne(text).then(
    (event) => Object.assign(entry, { outcome: "sent", id: event.id, shown: event.text }),
    (error) => Object.assign(entry, { outcome: "failed", code: error.code }),
  );
}

/**
 * Ends the page at a step of the sending of the first of two messages: reloads it, or stops it where it stands, so that
 * whoever waits for the word (how many messages the api was given) can kill it there.
 */
export function dieSending(texts, step, how) {
  let isOver = false;
  const die = () => {
    if (isOver) return;
    isOver = true;
    console.log(`died ${record.sends.length}`);
    if (how === "reload") return location.reload();
    for (;;);
  };
  // Requests bear no type.
  const of = (text, type, action) => {
    const message = JSON.parse(text);
    return message.type === type && message.action === action;
  };
  const hooks = {
    "before the frame": () => (watch.leaving = (text) => of(text, undefined, "send_event") && die()),
    "after the frame": () => (watch.left = (text) => of(text, undefined, "send_event") && die()),
    "before the push": () => (watch.came = (text) => of(text, "push", "incoming_event") && die()),
    "before the reply": () => (watch.came = (text) => of(text, "response", "send_event") && die()),
    queued: () => api.on("message_status", ({ status }) => status === "queued" && die()),
    sending: () => api.on("message_status", ({ status }) => status === "sending" && die()),
  };
  hooks[step]?.();
  const [first] = texts.map(send);
  if (step === "after the call") die();
  if (step === "after the promise") first.then(die);
  if (!step.startsWith("microtask ")) return;
  let left = Number(step.slice("microtask ".length));
  const tick = () => (left-- > 0 ? Promise.resolve().then(tick) : die());
  tick();
}

/** What waits or has failed. */
export const outbox = () => api.outbox();

/** Sends several, so many milliseconds apart. */
export async function sendAll(texts, gapMs) {
  for (const text of texts) {
    send(text);
    await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
}

/** As an application that shows a button to come back. LiveChat's throws when it is on its way. */
export const connect = () => {
  try {
    api.connect();
  } catch {}
};

/** As a device does whose network has changed. */
export const networkChanged = () => dispatchEvent(new Event("online"));

/** How many messages of others were told, and own ones delivered, since the record was emptied. */
export const heard = () => record.told.length + record.sends.filter(({ outcome }) => outcome === "sent").length;

/** Empties the record of what was said. */
export const forget = () => {
  for (const list of [record.told, record.changes, record.sends, record.notices, record.delivered, record.states]) {
    list.length = 0;
  }
};

/** Whether this page has a socket of its own. */
export const hasSocket = () => {
  prune();
  return sockets.size > 0;
};

export const look = () => record;
