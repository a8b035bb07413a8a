// A platform in a page: a socket class that answers the login and the summary and echoes what is sent.

// The platform is not in the page: what libraries there do to its JSON is nothing to it.
const write = (value) =>
  JSON.stringify(value, function (key) {
    return this[key];
  });

export const install = () => {
  const script = {
    sockets: [],
    sent: [],
    /** Who the customer is. */
    customer: "me",
    /** Sockets that were alive at one time, at most. */
    most: 0,
    config: {
      organizationId: "org",
      clientId: "client",
      storage: "memory",
      identityProvider: () => {
        const token = () => ({ accessToken: "dal:1", entityId: script.customer, expiresIn: 28800000, tokenType: "Bearer", creationDate: Date.now() });
        return { getToken: async () => token(), getFreshToken: async () => token(), hasToken: async () => true, invalidate: async () => {} };
      },
    },
    get last() {
      return this.sockets[this.sockets.length - 1];
    },
    raw(data) {
      this.last.onmessage?.({ data });
    },
    /** The number of the newest event, and its time. */
    number: 1000,
    time: () => `2026-03-01T11:00:00.${String(script.number).padStart(6, "0")}Z`,
    /** The events of a chat's only thread. */
    history: new Map(),
    summary() {
      const thread = { thread_id: "T", thread_created_at: "2026-03-01T10:00:00.000000Z" };
      const chats = [...this.history].map(([id, events]) => ({
        id,
        users: [],
        active: true,
        last_thread_id: "T",
        last_thread_created_at: thread.thread_created_at,
        last_event_per_type: events.length ? { message: { ...thread, event: events.at(-1) } } : {},
      }));
      return { chats_summary: chats, total_chats: chats.length };
    },
    remember({ chat_id, event }) {
      if (!script.history.has(chat_id)) script.history.set(chat_id, []);
      if (event?.created_at) script.history.get(chat_id).push(event);
    },
    push(action, payload) {
      if (action === "incoming_event") this.remember(payload);
      this.raw(write({ version: "3.6", type: "push", action, payload }));
    },
    drop() {
      this.last.readyState = 3;
      this.last.onclose?.({ code: 1006, reason: "", wasClean: false });
    },
    open() {
      return this.sockets.filter((socket) => socket.readyState === 1).length;
    },
  };

  class ScriptedSocket {
    constructor(url) {
      this.url = url;
      this.readyState = 0;
      script.sockets.push(this);
      script.most = Math.max(script.most, script.sockets.filter(({ readyState }) => readyState < 2).length);
      setTimeout(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.onopen?.({});
      });
    }
    send(text) {
      const request = JSON.parse(text);
      script.sent.push(request);
      const { request_id, action, payload } = request;
      const answer = (body, success = true) =>
        setTimeout(() => this.onmessage?.({ data: write({ request_id, action, type: "response", success, payload: body }) }));
      if (action === "login")
        answer({
          customer: { id: script.customer, type: "customer", statistics: {} },
          chats: [],
          __priv_dynamic_config: { online_groups_ids: [0], customer_groups: { monitoring: { id: 0 } } },
        });
      else if (action === "list_chats") answer(script.summary());
      else if (action === "send_event") {
        const event = { ...payload.event, id: `T_${(script.number += 1)}`, author_id: script.customer, created_at: script.time() };
        const push = { request_id, version: "3.6", type: "push", action: "incoming_event", payload: { chat_id: payload.chat_id, thread_id: "T", event } };
        script.remember(push.payload);
        setTimeout(() => this.onmessage?.({ data: write(push) }));
        answer({ event_id: event.id });
      } else if (action === "list_threads") {
        const events = script.history.get(payload.chat_id) ?? [];
        const thread = { id: "T", active: true, user_ids: [], created_at: "2026-03-01T10:00:00.000000Z", events };
        answer({ threads: events.length ? [thread] : [], found_threads: events.length ? 1 : 0 });
      }
      else if (action === "get_chat") answer({ error: { type: "not_found", message: "Not found" } }, false);
      else answer({});
    }
    close() {
      this.readyState = 3;
    }
  }
  globalThis.WebSocket = ScriptedSocket;
  return script;
};

export const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

export const reported = () => {
  const list = [];
  globalThis.reportError = (error) => list.push(error);
  return list;
};

