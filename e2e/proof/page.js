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
  /** The most sockets that were open or opening at once. */
  mostSockets: 0,
  state: "",
};
addEventListener("error", (event) => record.errors.push(String(event.message)));
addEventListener("unhandledrejection", (event) => record.errors.push(String(event.reason?.stack ?? event.reason)));

{
  const sockets = new Set();
  const Native = WebSocket;
  globalThis.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      sockets.add(this);
      for (const socket of sockets) if (socket.readyState > 1) sockets.delete(socket);
      record.mostSockets = Math.max(record.mostSockets, sockets.size);
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
    for (const name of ["warning", "disconnected", "history_gap", "error"]) {
      try {
        api.on(name, (payload) => record.notices.push([name, payload]));
      } catch {
        // A name that is not there yet.
      }
    }
    api.on("state", ({ state }) => (record.state = state));
  } else {
    api.on("connected", () => (record.state = "connected"));
    api.on("connection_lost", () => (record.state = "connecting"));
    api.on("connection_restored", () => (record.state = "connected"));
    api.on("disconnected", (why) => {
      record.state = "closed";
      record.notices.push(["disconnected", why]);
    });
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

/** Sends a text and notes how that ends. */
export function send(text) {
  const entry = { text, outcome: "pending" };
  record.sends.push(entry);
  // LiveChat's has no other way to send a message.
  const sent = api.sendMessage?.({ chatId, text }) ?? api.sendEvent({ chatId, event: { type: "message", text } });
  sent.then(
    (event) => Object.assign(entry, { outcome: "sent", id: event.id }),
    (error) => Object.assign(entry, { outcome: "failed", code: error.code }),
  );
}

/** Sends several, so many milliseconds apart. */
export async function sendAll(texts, gapMs) {
  for (const text of texts) {
    send(text);
    await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
}

/** As an application that shows a button to come back. */
export const connect = () => api.connect();

/** As a device does whose network has changed. */
export const networkChanged = () => dispatchEvent(new Event("online"));

export const look = () => record;
