// A server, and what a session does with a line, in small: for the tests of lines.

import assert from "node:assert/strict";

import { lines } from "../../src/platform/line.js";
import { World } from "./world.mjs";

export const SHARING = { key: "org 3.6 http://here", id: "request_id", kind: "type", push: "push", success: "success" };
export const NOTHING = { timers: 0, channels: 0, locks: 0, sockets: 0 };

/** Answers logins and requests; what is sent is pushed to every socket, with its id to the one that it came from. */
export class Server {
  requests = [];
  isSilent = false;
  isRefusing = false;
  said = 0;

  constructor(world) {
    this.world = world;
    world.server = (socket, text) => this.take(socket, text);
  }
  take(socket, text) {
    const request = JSON.parse(text);
    this.requests.push(request);
    if (this.isSilent) return;
    this.answer(socket, request);
  }
  answer(socket, { request_id, action, payload }) {
    const success = !(action === "login" && this.isRefusing);
    if (action === "send") this.push(payload, socket, request_id);
    socket.say(JSON.stringify({ request_id, action, type: "response", success, payload: { of: request_id } }));
  }
  push(payload, cause, request_id) {
    this.said += 1;
    for (const socket of this.world.live) {
      const id = socket === cause ? { request_id } : {};
      socket.say(JSON.stringify({ ...id, action: "incoming", type: "push", payload }));
    }
  }
}

/** What a session does with a line, in small. */
export class Session {
  state = "closed";
  codes = [];
  frames = [];
  pushes = [];
  last = 0;

  constructor(page, { customer = "me", sharing = SHARING, policy = {}, open = lines(page.host) } = {}) {
    Object.assign(this, { page, customer, sharing, policy, open });
    this.connect();
  }
  connect() {
    this.state = "opening";
    this.line = undefined;
    let early = [];
    // What a line says while it is made is heard when it is there.
    const signal = (code) => (this.line ? this.signal(code) : early.push(code));
    this.line = this.open("ws://here", this.sharing, (data) => this.frame(data), signal);
    for (const code of early) this.signal(code);
  }
  signal(code) {
    if (code === undefined) {
      assert.equal(this.state, "opening", "opened once");
      this.state = "logging in";
      this.line.login(this.request("login"), this.customer);
      return;
    }
    this.codes.push(code);
    assert.notEqual(this.state, "closed", "closed once");
    this.close();
    if (code === 0 && !this.policy.isDone) this.connect();
    else if (this.policy.retry)
      this.page.host.setTimeout(() => this.state === "closed" && this.connect(), this.policy.retry());
  }
  frame(data) {
    assert.notEqual(this.state, "closed", "a line that was let go is not heard");
    const frame = JSON.parse(data);
    this.frames.push(frame);
    if (this.state === "logging in") {
      assert.deepEqual(
        [frame.action, frame.request_id],
        ["login", this.loginId],
        "first comes the answer to the login",
      );
      assert.equal(frame.type, "response");
      this.state = frame.success ? "in" : "refused";
      if (!frame.success) this.close();
    } else if (frame.type === "push") {
      this.pushes.push(frame.payload);
    }
  }
  request(action, payload) {
    const request_id = String((this.last += 1));
    if (action === "login") this.loginId = request_id;
    return JSON.stringify({ request_id, action, payload });
  }
  /** Sends a request; returns its id. */
  ask(action = "read", payload) {
    this.line.send(this.request(action, payload));
    return String(this.last);
  }
  answers(id) {
    return this.frames.filter((frame) => frame.type === "response" && frame.request_id === id);
  }
  close() {
    this.state = "closed";
    this.line.close();
  }
}

export const setup = async (tabs = 1, seed = 1, options = {}) => {
  const world = new World(seed);
  const server = new Server(world);
  const sessions = [];
  for (let n = 0; n < tabs; n += 1) {
    sessions.push(new Session(world.page(), options));
    await world.settle();
  }
  return { world, server, sessions, pages: world.pages };
};
export const states = (sessions) => sessions.map(({ state }) => state);
export const owner = (world) => world.live.map((socket) => socket.page.id);
