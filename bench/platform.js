// A WebSocket that is a whole LiveChat server: it answers what an SDK asks at the start, and then delivers as many
// pushes as the benchmark wants, without a network in the way. For the page of the benchmark; both SDKs use it alike.

const CUSTOMER = "7a0d5f7e-2f3a-4f0b-9a41-d1d0a6c9b001";
const AGENT = "grace@example.com";
const CHAT = "SB1Q2W3E4R";
const THREAD = "SC0000AAAA";
const START = Date.UTC(2026, 2, 1, 10);

// RFC 3339 with six digits; each event a millisecond later than the one before, so that no two are of one time.
const time = (n) => new Date(START + n).toISOString().replace("Z", "000Z");

const self = { id: CUSTOMER, type: "customer", name: "Ada Byron", email: "ada@example.com", session_fields: [{ plan: "pro" }] };
const agent = { id: AGENT, type: "agent", name: "Grace", avatar: "https://example.com/g.png", job_title: "Support" };

const ANSWERS = {
  login: () => ({
    customer: {
      ...self,
      statistics: { chats_count: 1, threads_count: 1, visits_count: 6, page_views_count: 31, greetings_shown_count: 0, greetings_accepted_count: 0 },
    },
    has_active_thread: true,
    chats: [{ chat_id: CHAT, has_active_thread: true, has_unread_events: false }],
    __priv_dynamic_config: { online_groups_ids: [0], customer_groups: { monitoring: { id: 0 } } },
  }),
  list_chats: () => ({
    chats_summary: [
      {
        id: CHAT,
        users: [
          { ...self, present: true, events_seen_up_to: time(0) },
          { ...agent, present: true, events_seen_up_to: time(0) },
        ],
        access: { group_ids: [0] },
        properties: {},
        active: true,
        last_thread_id: THREAD,
        last_thread_created_at: time(0),
        last_thread_summary: { id: THREAD, active: true, created_at: time(0), user_ids: [CUSTOMER, AGENT] },
        last_event_per_type: {
          message: { thread_id: THREAD, thread_created_at: time(0), event: message(1) },
        },
      },
    ],
    total_chats: 1,
  }),
};

function message(n) {
  return {
    id: `${THREAD}_${n}`,
    created_at: time(n),
    visibility: "all",
    type: "message",
    text:
      `Message ${n}: thank you for your patience. I have looked at your order and it left our warehouse this morning; ` +
      "the carrier says that it will be with you on Thursday before noon. Is there anything else that I can do for you?",
    properties: { lc2: { welcome_message: false, source: "agent_app" } },
    author_id: AGENT,
    custom_id: `c-${n}-8f14e45f`,
  };
}

/** `count` pushes as text, beginning with the event number `from`; about 600 bytes each. */
export function frames(version, from, count) {
  return Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      version,
      action: "incoming_event",
      type: "push",
      payload: { chat_id: CHAT, thread_id: THREAD, event: message(from + i) },
    }),
  );
}

export class FakeSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;
  /** The newest socket: that of the SDK that was started last. */
  static last;

  CONNECTING = 0;
  OPEN = 1;
  CLOSING = 2;
  CLOSED = 3;
  readyState = 0;
  bufferedAmount = 0;
  binaryType = "blob";
  extensions = "";
  protocol = "";
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  #listeners = new Map();

  constructor(url) {
    this.url = String(url);
    this.version = /\/v(\d\.\d)\//.exec(this.url)[1];
    FakeSocket.last = this;
    setTimeout(() => {
      this.readyState = 1;
      this.#emit("open", new Event("open"));
    });
  }
  addEventListener(type, listener) {
    const known = this.#listeners.get(type) ?? [];
    if (!known.includes(listener)) this.#listeners.set(type, [...known, listener]);
  }
  removeEventListener(type, listener) {
    this.#listeners.set(type, (this.#listeners.get(type) ?? []).filter((known) => known !== listener));
  }
  send(text) {
    const { action, request_id } = JSON.parse(text);
    const payload = ANSWERS[action]?.() ?? {};
    const answer = { version: this.version, request_id, action, type: "response", success: true, payload };
    setTimeout(() => this.deliver(new MessageEvent("message", { data: JSON.stringify(answer) })));
  }
  close(code = 1000, reason = "") {
    this.readyState = 3;
    setTimeout(() => this.#emit("close", new CloseEvent("close", { code, reason, wasClean: true })));
  }
  /** Hands a message to whoever listens, as the browser does but with nothing of its own in between. */
  deliver(event) {
    this.#emit("message", event);
  }
  #emit(type, event) {
    this[`on${type}`]?.(event);
    for (const listener of this.#listeners.get(type) ?? []) {
      if (typeof listener === "function") listener.call(this, event);
      else listener.handleEvent(event);
    }
  }
}

/** An identity that costs nothing: no HTTP in this benchmark. */
export const identityProvider = () => {
  const token = {
    accessToken: "dal:benchmark",
    entityId: CUSTOMER,
    expiresIn: 28_800_000,
    tokenType: "Bearer",
    creationDate: Date.now(),
    organizationId: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01",
  };
  return {
    getToken: async () => token,
    getFreshToken: async () => token,
    hasToken: async () => true,
    invalidate: async () => {},
  };
};
