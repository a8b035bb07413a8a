// In the page: a WebSocket that is a whole platform. Each SDK gets sockets of its own; what they sent is kept, and they
// answer from one script, so that both SDKs hear the same.

import { CUSTOMER, identityToken, login } from "./script.js";

export class Peer extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  /** The newest socket of each host. */
  static byHost = new Map();
  /** What is answered to an action: `{ payload }`, `{ error }`, and the pushes that it causes. */
  static script = new Map();
  /** The action that is not answered. */
  static silenced;
  /** Every frame that was sent, by host, over all sockets. */
  static sent = new Map();

  readyState = 0;
  bufferedAmount = 0;
  binaryType = "blob";
  frames = [];
  #handlers = {};

  constructor(url) {
    super();
    this.url = String(url);
    Peer.byHost.set(new URL(this.url).host, this);
    for (const type of ["open", "message", "close", "error"]) {
      Object.defineProperty(this, `on${type}`, {
        get: () => this.#handlers[type] ?? null,
        set: (handler) => {
          this.removeEventListener(type, this.#handlers[type]);
          this.#handlers[type] = handler;
          this.addEventListener(type, handler);
        },
      });
    }
    setTimeout(() => {
      this.readyState = 1;
      this.dispatchEvent(new Event("open"));
    });
  }

  send(text) {
    const frame = JSON.parse(text);
    this.frames.push(frame);
    const { host } = new URL(this.url);
    Peer.sent.set(host, [...(Peer.sent.get(host) ?? []), frame]);
    if (frame.action === Peer.silenced) return;
    const { action, request_id } = frame;
    const {
      payload = {},
      error,
      pushes = [],
    } = Peer.script.get(action) ?? (action === "login" ? { payload: login } : {});
    const answer = error
      ? { request_id, action, type: "response", success: false, payload: { error } }
      : { request_id, action, type: "response", success: true, payload };
    setTimeout(() => {
      this.say(answer);
      // What an own event or chat becomes carries the id of its request, and the sender's id for the event.
      for (const push of pushes) {
        const custom = frame.payload.event?.custom_id;
        const own = push.payload.event && custom ? { event: { ...push.payload.event, custom_id: custom } } : {};
        this.say({ request_id, action: push.action, type: "push", payload: { ...push.payload, ...own } });
      }
    });
  }

  /** Hands a frame to the SDK. */
  say(frame) {
    this.sayText(JSON.stringify({ version: "3.5", ...frame }));
  }
  sayText(data) {
    if (this.readyState === 1) this.dispatchEvent(new MessageEvent("message", { data }));
  }

  close(code = 1000) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code, wasClean: code === 1000 })));
  }
}

/** Whom the tokens are of from now on. */
let entityId = CUSTOMER;
export const identify = (id) => (entityId = id);

/** An identity without HTTP. */
export const identityProvider = () => ({
  getToken: async () => ({ ...identityToken(), entityId }),
  getFreshToken: async () => ({ ...identityToken(), entityId }),
  hasToken: async () => true,
  invalidate: async () => {},
});
