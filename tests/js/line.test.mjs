// The line between tabs, with tabs, locks, channels and sockets that are none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "../../src/platform/line.js";
import { World } from "./world.mjs";

const SHARING = { key: "org 3.6 http://here", id: "request_id", kind: "type", push: "push", success: "success" };
const NOTHING = { timers: 0, channels: 0, locks: 0, sockets: 0 };

/** Answers logins and requests; what is sent is pushed to every socket, with its id to the one that it came from. */
class Server {
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
class Session {
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
    this.line = this.open("ws://here", this.sharing, (event) => this.frame(event), signal);
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
    else if (this.policy.retry) this.page.host.setTimeout(() => this.state === "closed" && this.connect(), this.policy.retry());
  }
  frame({ data }) {
    assert.notEqual(this.state, "closed", "a line that was let go is not heard");
    const frame = JSON.parse(data);
    this.frames.push(frame);
    if (this.state === "logging in") {
      assert.deepEqual([frame.action, frame.request_id], ["login", this.loginId], "first comes the answer to the login");
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

const setup = async (tabs = 1, seed = 1, options = {}) => {
  const world = new World(seed);
  const server = new Server(world);
  const sessions = [];
  for (let n = 0; n < tabs; n += 1) {
    sessions.push(new Session(world.page(), options));
    await world.settle();
  }
  return { world, server, sessions, pages: world.pages };
};
const states = (sessions) => sessions.map(({ state }) => state);
const owner = (world) => world.live.map((socket) => socket.page.id);

test("without a wish to share a line is a socket", async () => {
  const { world, sessions, pages } = await setup(2, 1, { sharing: null });
  assert.deepEqual(states(sessions), ["in", "in"]);
  assert.equal(world.live.length, 2);
  assert.deepEqual(pages[0].left, { ...NOTHING, sockets: 1 });
  const id = sessions[0].ask();
  await world.settle();
  assert.equal(sessions[0].answers(id).length, 1);
  world.live[0].drop(4001);
  await world.settle();
  assert.deepEqual(sessions[0].codes, [4001]);
  sessions[1].close();
  assert.deepEqual(pages[1].left, NOTHING);
  const [, socket] = world.sockets;
  assert.deepEqual([socket.onopen, socket.onmessage, socket.onclose], [null, null, null]);
});

for (const [what, breaks] of Object.entries({
  "no locks": (host) => delete host.navigator.locks,
  "no channels": (host) => delete host.BroadcastChannel,
  "no navigator": (host) => delete host.navigator,
  "a channel that is refused": (host) => (host.BroadcastChannel = class { constructor() { throw new Error("no"); } }),
  "locks that are refused": (host) => (host.navigator.locks.request = async () => { throw new DOMException("no", "SecurityError"); }),
})) {
  test(`${what}: a socket for each`, async () => {
    const world = new World();
    new Server(world);
    const sessions = [world.page(), world.page()].map((page) => (breaks(page.host), new Session(page)));
    await world.settle();
    assert.deepEqual(states(sessions), ["in", "in"]);
    assert.equal(world.live.length, 2);
    for (const session of sessions) session.close();
    assert.deepEqual(world.pages.map((page) => page.left), [NOTHING, NOTHING]);
  });
}

test("an address that the browser refuses is a line that closed", async () => {
  for (const sharing of [null, SHARING]) {
    const world = new World();
    const page = world.page();
    page.host.WebSocket = class { constructor() { throw new DOMException("no", "SyntaxError"); } };
    const session = new Session(page, { sharing });
    await world.settle();
    assert.deepEqual(session.codes, [1006]);
    session.close();
    assert.deepEqual(page.left, NOTHING);
  }
});

test("alone: frames go through untouched and unread", async () => {
  const { world, sessions, server } = await setup(1);
  const [session] = sessions;
  const parse = JSON.parse;
  const seen = [];
  session.frame = ({ data }) => seen.push(data);
  JSON.parse = () => assert.fail("nothing is read");
  try {
    session.line.send("anything");
    world.sockets[0].onmessage({ data: '{"request_id":"x' });
  } catch (error) {
    // The server of this test reads what it gets.
    assert.equal(error.code, "ERR_ASSERTION");
  } finally {
    JSON.parse = parse;
  }
  world.server = () => {};
  session.line.send("anything");
  world.sockets[0].onmessage({ data: '{"request_id":"x' });
  assert.deepEqual(seen.at(-1), '{"request_id":"x');
  assert.equal(world.sockets[0].sent.at(-1), "anything");
  assert.ok(server);
});

test("several tabs have one socket and one login", async () => {
  const { world, sessions, server } = await setup(4);
  assert.deepEqual(states(sessions), ["in", "in", "in", "in"]);
  assert.equal(world.sockets.length, 1);
  assert.equal(server.requests.filter(({ action }) => action === "login").length, 1);
});

test("who attaches while the leader is connecting waits for the login", async () => {
  const world = new World();
  const server = new Server(world);
  server.isSilent = true;
  const first = new Session(world.page());
  await world.settle();
  const second = new Session(world.page());
  await world.pass(9_000);
  assert.deepEqual(states([first, second]), ["logging in", "opening"]);
  assert.equal(world.sockets.length, 1, "a leader that answers is not robbed");
  server.answer(world.live[0], server.requests[0]);
  await world.settle();
  assert.deepEqual(states([first, second]), ["in", "in"]);
});

test("an answer goes to who asked, a push to all", async () => {
  const { world, sessions } = await setup(3);
  const ids = sessions.map((session) => session.ask("read"));
  await world.settle();
  sessions.forEach((session, at) => assert.equal(session.answers(ids[at]).length, 1, `tab ${at}`));
  const id = sessions[1].ask("send", "hello");
  await world.settle();
  assert.deepEqual(sessions.map(({ pushes }) => pushes), [["hello"], ["hello"], ["hello"]]);
  const causes = sessions.map(({ frames }) => frames.find(({ type }) => type === "push").request_id);
  assert.deepEqual(causes, [undefined, id, undefined], "it is known by its id to its causer alone");
  assert.equal(sessions[1].answers(id).length, 1);
  const own = sessions[0].ask("send", "from the leader");
  await world.settle();
  const again = sessions.map(({ frames }) => frames.findLast(({ type }) => type === "push").request_id);
  assert.deepEqual(again, [own, undefined, undefined]);
});

test("a push without an id reaches all as it came", async () => {
  const { world, sessions, server } = await setup(3);
  server.push({ text: 'says "request_id" in its text', "": [1, null] });
  await world.settle();
  for (const { pushes } of sessions) assert.deepEqual(pushes, [{ text: 'says "request_id" in its text', "": [1, null] }]);
});

test("all see the same, in the same order, whoever says it", async () => {
  for (let seed = 1; seed <= 30; seed += 1) {
    const { world, sessions } = await setup(3, seed);
    for (let n = 0; n < 60; n += 1) sessions[Math.floor(world.random() * 3)].ask("send", n);
    await world.pass(1_000);
    const [first, ...others] = sessions.map(({ pushes }) => pushes);
    assert.equal(first.length, 60, `seed ${seed}`);
    for (const other of others) assert.deepEqual(other, first, `seed ${seed}`);
  }
});

test("at most ten requests are on the socket, the leader's own included", async () => {
  const { world, sessions, server } = await setup(3);
  server.isSilent = true;
  server.requests = [];
  for (let n = 0; n < 6; n += 1) for (const session of sessions) session.ask("read", n);
  await world.settle();
  assert.equal(server.requests.length, 10);
  const socket = world.live[0];
  for (let n = 0; n < 18; n += 1) {
    assert.ok(server.requests.length - n <= 10);
    server.answer(socket, server.requests[n]);
    await world.settle();
  }
  for (const session of sessions) assert.equal(session.frames.length, 7, "one login, six answers");
});

test("requests that are never answered do not block for ever", async () => {
  const { world, sessions, server } = await setup(2);
  server.isSilent = true;
  for (let n = 0; n < 10; n += 1) sessions[1].ask("lost");
  await world.pass(19_000);
  server.isSilent = false;
  const early = sessions[1].ask("read");
  await world.pass(500);
  assert.equal(sessions[1].answers(early).length, 0);
  await world.pass(1_500);
  const late = sessions[0].ask("read");
  await world.settle();
  assert.equal(sessions[0].answers(late).length, 1);
  assert.equal(sessions[1].answers(early).length, 1);
});

test("what has waited too long is not sent: its session may be looking for it", async () => {
  const { world, sessions, server } = await setup(2);
  server.isSilent = true;
  for (let n = 0; n < 10; n += 1) sessions[1].ask("lost");
  sessions[1].ask("send", "stale");
  sessions[0].ask("send", "stale too");
  await world.pass(21_000);
  server.isSilent = false;
  server.requests = [];
  sessions[1].ask("read");
  await world.settle();
  assert.deepEqual(server.requests.map(({ action }) => action), ["read"]);
});

test("a follower that leaves is forgotten, and what it still wanted with it", async () => {
  for (const leave of [(session) => session.close(), (session) => session.page.kill()]) {
    const { world, sessions, server } = await setup(3);
    server.isSilent = true;
    for (let n = 0; n < 10; n += 1) sessions[0].ask("lost");
    sessions[1].ask("send", "never");
    await world.settle();
    leave(sessions[1]);
    await world.settle();
    for (const request of server.requests.filter(({ action }) => action === "lost")) server.answer(world.live[0], request);
    await world.settle();
    assert.equal(server.requests.filter(({ action }) => action === "send").length, 0);
    leave(sessions[2]);
    await world.settle();
    // Alone again: nothing is read.
    let read = 0;
    const parse = JSON.parse;
    sessions[0].frame = () => {};
    JSON.parse = (text) => ((read += 1), parse(text));
    world.sockets[0].onmessage({ data: '{"request_id":"7","type":"response"}' });
    JSON.parse = parse;
    assert.equal(read, 0);
    assert.equal(sessions[0].page.left.sockets, 1);
  }
});

test("a farewell of the server reaches all with its code, and nobody comes back before its time", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions } = await setup(4, seed);
    world.live[0].drop(4321);
    await world.settle();
    assert.deepEqual(sessions.map(({ codes }) => codes), [[4321], [4321], [4321], [4321]], `seed ${seed}`);
    assert.equal(world.sockets.length, 1, `seed ${seed}`);
    assert.deepEqual(world.pages.map((page) => page.left), [NOTHING, NOTHING, NOTHING, NOTHING], `seed ${seed}`);
  }
});

test("the same while the leader has no login yet", async () => {
  const world = new World();
  new Server(world).isSilent = true;
  const sessions = [world.page(), world.page(), world.page()].map((page) => new Session(page));
  await world.pass(100);
  world.live[0].drop(1013);
  await world.settle();
  assert.deepEqual(sessions.map(({ codes }) => codes), [[1013], [1013], [1013]]);
  assert.equal(world.sockets.length, 1);
});

test("a leader that leaves hands over at once", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions, pages } = await setup(3, seed);
    sessions[0].close();
    await world.settle();
    assert.deepEqual(states(sessions), ["closed", "in", "in"], `seed ${seed}`);
    assert.equal(world.live.length, 1);
    assert.equal(world.sockets.length, 2, "exactly one more");
    assert.equal(world.now, 1_000, "no time has passed");
    assert.deepEqual(pages[0].left, NOTHING);
    for (const { codes } of sessions.slice(1)) assert.deepEqual([...new Set(codes)], [0]);
  }
});

test("a leader that dies is followed by another at once", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions, pages } = await setup(4, seed);
    pages[0].kill();
    await world.settle();
    assert.deepEqual(states(sessions.slice(1)), ["in", "in", "in"], `seed ${seed}`);
    assert.equal(world.live.length, 1, `seed ${seed}`);
    assert.equal(world.now, 1_000, "no time has passed");
    const ids = sessions.slice(1).map((session) => session.ask("read"));
    await world.settle();
    sessions.slice(1).forEach((session, at) => assert.equal(session.answers(ids[at]).length, 1, `seed ${seed}`));
  }
});

test("who does not want the lead any more passes it on", async () => {
  const { world, sessions, pages } = await setup(3);
  sessions[1].policy = { isDone: true };
  pages[0].kill();
  await world.settle();
  assert.deepEqual(states(sessions.slice(1)), ["closed", "in"]);
  assert.deepEqual(owner(world), [pages[2].id]);
  assert.deepEqual(pages[1].left, NOTHING);
});

test("a leader that dies before it is logged in: the next one goes on where it waits", async () => {
  for (const moment of ["at once", "opening", "logging in"]) {
    const world = new World();
    const server = new Server(world);
    server.isSilent = true;
    const first = new Session(world.page());
    const second = new Session(world.page());
    if (moment !== "at once") await world.settle();
    assert.ok(first);
    server.isSilent = false;
    world.pages[0].kill();
    await world.settle();
    assert.equal(second.state, "in", moment);
    assert.deepEqual(second.codes, [], "its session has noticed nothing");
    assert.equal(world.live.length, 1);
  }
});

test("a leader that a login was refused to gives way", async () => {
  const world = new World();
  const server = new Server(world);
  server.isRefusing = true;
  const first = new Session(world.page());
  const second = new Session(world.page());
  await world.settle();
  assert.equal(first.state, "closed");
  assert.equal(second.state, "closed");
  assert.deepEqual(world.pages.map((page) => page.left), [NOTHING, NOTHING]);
});

test("a frozen leader is robbed after a second, and lets go when it wakes", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions, pages, server } = await setup(3, seed);
    pages[0].isFrozen = true;
    // A session notices by its ping, and comes anew.
    sessions[1].ask("send", "into the ice");
    await world.pass(5_000);
    sessions[1].close();
    sessions[1].connect();
    await world.pass(1_100);
    assert.deepEqual(states(sessions), ["in", "in", "in"], `seed ${seed}`);
    assert.equal(world.live.length, 2, "its own socket sleeps with it");
    assert.deepEqual(owner(world), [pages[0].id, owner(world)[1]]);
    await world.pass(8_000);
    pages[0].isFrozen = false;
    await world.settle();
    assert.equal(world.live.length, 1, `seed ${seed}`);
    assert.deepEqual(states(sessions), ["in", "in", "in"], `seed ${seed}`);
    assert.deepEqual(sessions[0].codes.filter((code) => code !== 0), []);
    assert.equal(server.requests.filter(({ action }) => action === "send").length, 0, "what it slept through stays unsaid");
  }
});

test("two that rob at the same moment agree in the end", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions, pages } = await setup(4, seed);
    pages[0].isFrozen = true;
    for (const session of sessions.slice(1)) {
      session.close();
      session.connect();
    }
    await world.pass(3_000);
    assert.deepEqual(states(sessions.slice(1)), ["in", "in", "in"], `seed ${seed}`);
    assert.equal(world.live.filter((socket) => !socket.page.isFrozen).length, 1, `seed ${seed}`);
  }
});

test("one that was asleep itself reads its mail before it robs", async () => {
  const { world, pages } = await setup(2);
  const third = world.page();
  const session = new Session(third);
  // Its question is out, and the answer comes while it sleeps.
  pages[0].isFrozen = true;
  await world.settle();
  third.isFrozen = true;
  pages[0].isFrozen = false;
  await world.settle();
  world.now += 60_000;
  third.isFrozen = false;
  // Timers may come before messages.
  world.ring();
  await world.settle();
  assert.equal(session.state, "in");
  assert.equal(world.sockets.length, 1, "nobody was robbed");
});

test("another customer has a line of its own, for as long as that is so", async () => {
  const { world, sessions } = await setup(1);
  const other = new Session(world.page(), { customer: "somebody else" });
  await world.settle();
  assert.deepEqual(other.codes, [0]);
  assert.equal(other.state, "in");
  assert.equal(world.live.length, 2);
  const id = other.ask("send", "mine");
  await world.settle();
  assert.equal(other.answers(id).length, 1);
  assert.equal(sessions[0].answers(id).length, 0);
  // The leader becomes the same customer, and the next line is shared again.
  other.customer = "me";
  other.close();
  other.connect();
  await world.settle();
  assert.equal(other.state, "in");
  assert.equal(world.live.length, 1);
});

test("in one page one line is shared, and others have their own", async () => {
  const { world, sessions, pages } = await setup(2);
  const open = lines(pages[1].host);
  const both = [new Session(pages[1], { open }), new Session(pages[1], { open })];
  await world.settle();
  assert.deepEqual(states(both), ["in", "in"]);
  assert.equal(world.live.length, 2, "one for all, and one of the second line of a page");
  both[0].close();
  both[1].close();
  both[1].connect();
  await world.settle();
  assert.equal(world.live.length, 1);
  assert.equal(sessions[0].state, "in");
});

test("keys do not mix", async () => {
  const { world } = await setup(1);
  new Session(world.page(), { sharing: { ...SHARING, key: "another" } });
  await world.settle();
  assert.equal(world.live.length, 2);
});

test("a line that is closed in any state leaves nothing", async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    for (const role of [0, 1]) {
      const world = new World(seed);
      const server = new Server(world);
      server.isSilent = seed % 3 === 0;
      server.isRefusing = seed % 5 === 0;
      const sessions = [new Session(world.page()), new Session(world.page())];
      // Somewhere on its way.
      for (let steps = Math.floor(world.random() * 12); steps > 0; steps -= 1) await new Promise(setImmediate);
      if (seed % 2) await world.pass(Math.floor(world.random() * 1_500));
      const session = sessions[role];
      if (session.state !== "closed") session.close();
      const { frames, codes } = session;
      const before = [frames.length, codes.length];
      await world.pass(5_000);
      assert.deepEqual(session.page.left, NOTHING, `seed ${seed} role ${role}`);
      assert.deepEqual([frames.length, codes.length], before, "and nothing is heard of it");
    }
  }
});

test("nonsense on the channel is nothing", async () => {
  const { world, sessions, pages } = await setup(2);
  const stranger = world.page();
  const channel = new stranger.host.BroadcastChannel(`palaver-line-${SHARING.key}`);
  const garbage = [
    null, 7, "text", {}, [], [7], ["x"], ["x", 7], ["x", ""], ["x", "", 99], ["x", "", "attach"], ["x", "", 3], ["x", "", 6],
    ["x", "", 6, 7], ["x", "", 6, "{"], ["x", "", 6, '{"request_id":{}}'], ["x", "", 7], ["x", "", 7, "0"], ["x", "", 4, "{}"],
    ["x", "", 5], ["x", "", 3, "{}", "me"], ["", "", 6, '{"request_id":"1","action":"send"}', stranger.host.Date.now()],
  ];
  for (const data of garbage) channel.postMessage(data);
  await world.settle();
  assert.deepEqual(states(sessions), ["in", "in"]);
  assert.deepEqual(sessions.map(({ codes }) => codes), [[], []]);
  assert.equal(world.sockets.length, 1);
  assert.equal(pages[0].left.sockets, 1);
});

test("whatever happens to tabs, in the end all are in, over one socket, and see the same", async () => {
  for (let seed = 1; seed <= 150; seed += 1) {
    const world = new World(seed);
    const server = new Server(world);
    const chance = (n) => Math.floor(world.random() * n);
    const policy = { retry: () => chance(6_000) };
    let sessions = [];
    let said = 0;
    for (let step = 0; step < 60; step += 1) {
      const session = sessions[chance(sessions.length)];
      switch (chance(10)) {
        case 0:
          if (sessions.length < 5) sessions.push(new Session(world.page(), { policy }));
          break;
        case 1:
          session?.page.kill();
          sessions = sessions.filter((one) => one !== session);
          break;
        case 2:
          if (session && !session.page.isFrozen) {
            session.close();
            session.connect();
          }
          break;
        case 3:
          if (session) session.page.isFrozen = !session.page.isFrozen;
          break;
        case 4:
          for (const socket of world.live) socket.drop(1006);
          break;
        case 5:
        case 6:
          if (session?.state === "in" && !session.page.isFrozen) session.ask("send", (said += 1));
          break;
        case 7:
          await world.pass(chance(3_000));
          break;
        default:
          for (let n = chance(6); n > 0; n -= 1) await new Promise(setImmediate);
          if (chance(2)) await world.settle();
      }
      const awake = world.live.filter((socket) => !socket.page.isFrozen && socket.onmessage);
      // Between a robbery and the moment that the robbed one hears of it there are two.
      if (awake.length > 1) await world.settle();
      assert.ok(world.live.filter((socket) => !socket.page.isFrozen).length <= 1, `seed ${seed} step ${step}: one socket`);
    }
    for (const { page } of sessions) page.isFrozen = false;
    await world.pass(10_000);
    // As a session would: one whose line answers nothing comes anew.
    for (let round = 0; round < 3; round += 1) {
      for (const session of sessions) {
        const id = session.ask("read");
        await world.pass(100);
        if (session.state === "in" && session.answers(id).length === 1) continue;
        if (session.state !== "closed") session.close();
        session.connect();
        await world.pass(3_000);
      }
    }
    assert.deepEqual([...new Set(states(sessions))].join(), sessions.length ? "in" : "", `seed ${seed}`);
    assert.equal(world.live.length, sessions.length ? 1 : 0, `seed ${seed}`);
    for (const session of sessions) session.pushes = [];
    for (const session of sessions) session.ask("send", (said += 1));
    await world.pass(100);
    for (const { pushes } of sessions) assert.deepEqual(pushes, sessions[0].pushes, `seed ${seed}`);
    if (sessions.length) assert.equal(sessions[0].pushes.length, sessions.length, `seed ${seed}`);
    for (const session of sessions) session.close();
    await world.pass(5_000);
    for (const page of world.pages.filter(({ isAlive }) => isAlive)) assert.deepEqual(page.left, NOTHING, `seed ${seed}`);
    assert.ok(server);
  }
});
