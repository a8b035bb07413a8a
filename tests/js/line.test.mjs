// The line between tabs, with tabs, locks, channels and sockets that are none: who shares, and who hears what.

import assert from "node:assert/strict";
import { test } from "node:test";

import { lines } from "../../src/platform/line.js";
import { watchPolicy } from "../../src/platform/policy.js";
import { NOTHING, SHARING, Server, Session, setup, states } from "./rig.mjs";
import { World } from "./world.mjs";

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

const late = (host, millis) => new Promise((done) => host.setTimeout(done, millis));
const LEAD = `palaver-tabs-${SHARING.key}`;
const never = new Promise(() => {});
const refuse = (error) => {
  throw error;
};
/** Replaces `request` of the page's locks with what `make` makes of it. */
const patchLocks = (make) => (host) => {
  const { request } = host.navigator.locks;
  host.navigator.locks.request = make(request, host);
};
/** Replaces the page's channels with a kind of them. */
const patchChannels = (make) => (host) => (host.BroadcastChannel = make(host.BroadcastChannel, host));
// A channel that delivers what `carry` lets through.
const carrier = (carry) =>
  patchChannels((Channel, host) =>
    class extends Channel {
      set onmessage(act) {
        super.onmessage = act && ((event) => carry(host, () => this.isOpen && act(event)));
      }
      get onmessage() {
        return super.onmessage;
      }
    },
  );

for (const [what, breaks] of Object.entries({
  "no locks": (host) => delete host.navigator.locks,
  "no channels": (host) => delete host.BroadcastChannel,
  "no navigator": (host) => delete host.navigator,
  "no AbortController": (host) => delete host.AbortController,
  "an AbortController that throws": (host) => (host.AbortController = class {
    constructor() {
      refuse(new Error("no"));
    }
  }),
  "a channel that is refused": patchChannels(
    () =>
      class {
        constructor() {
          refuse(new Error("no"));
        }
      },
  ),
  "a channel that takes nothing": patchChannels(
    (Channel) =>
      class extends Channel {
        postMessage() {
          refuse(new DOMException("no", "DataCloneError"));
        }
      },
  ),
  "a channel that carries nothing": carrier(() => {}),
  "a channel that carries after three seconds": carrier((host, act) => host.setTimeout(act, 3_000)),
  "locks that are refused": patchLocks(() => async () => refuse(new DOMException("no", "SecurityError"))),
  "locks that are refused for no reason": patchLocks(() => () => Promise.reject()),
  "locks that throw": patchLocks(() => () => refuse(new DOMException("no", "SecurityError"))),
  "locks that throw nothing": patchLocks(() => () => refuse(undefined)),
  "locks that return nothing": patchLocks(() => () => {}),
  "locks that never answer": patchLocks(() => () => never),
  "locks that are refused after three seconds": patchLocks(
    (_, host) => () => late(host, 3_000).then(() => refuse(new DOMException("no", "SecurityError"))),
  ),
  "locks that are granted after three seconds": patchLocks(
    (request, host) =>
      async (...given) => (await late(host, 3_000), request(...given)),
  ),
  "locks that never grant the lead": patchLocks(
    (request) =>
      (name, ...given) => (name === LEAD ? never : request(name, ...given)),
  ),
  "locks that never grant what shows who lives": patchLocks(
    (request) =>
      (name, ...given) => (name === LEAD ? request(name, ...given) : never),
  ),
})) {
  test(`${what}: each page is connected`, async () => {
    const world = new World();
    new Server(world);
    const sessions = [];
    for (let n = 0; n < 3; n += 1) {
      const page = world.page();
      breaks(page.host);
      sessions.push(new Session(page));
      await world.pass(2_100);
      assert.equal(sessions[n].state, "in", `tab ${n}`);
    }
    await world.pass(10_000);
    assert.deepEqual(states(sessions), ["in", "in", "in"]);
    assert.equal(world.live.length, 3, "a socket for each");
    for (const { codes } of sessions) assert.ok(codes.length <= 1 && !codes[0], `${codes}`);
    const ids = sessions.map((session) => session.ask());
    await world.pass(100);
    sessions.forEach((session, at) => assert.equal(session.answers(ids[at]).length, 1, `tab ${at}`));
    for (const session of sessions) session.close();
    await world.pass(10_000);
    assert.deepEqual(
      world.pages.map((page) => page.left),
      [NOTHING, NOTHING, NOTHING],
    );
  });
}

test("one page whose channels are deaf leaves the others their line", async () => {
  const world = new World();
  new Server(world);
  const deaf = world.page();
  carrier(() => {})(deaf.host);
  const sessions = [new Session(deaf)];
  await world.settle();
  for (let n = 0; n < 2; n += 1) {
    sessions.push(new Session(world.page()));
    await world.pass(2_100);
  }
  await world.pass(20_000);
  assert.deepEqual(states(sessions), ["in", "in", "in"]);
  assert.equal(world.live.length, 2);
  for (const { codes } of sessions) assert.ok(codes.length <= 2, `${codes}`);
});

for (const [what, sets] of Object.entries({
  "an hour behind": (host, world) => (host.Date.now = () => 1_700_000_000_000 - 3_600_000 + world.now),
  "years ahead": (host, world) => (host.Date.now = () => 1_900_000_000_000 + world.now),
  "of another beginning": (host, world) => (host.performance.now = () => world.now - 7_200_000),
  "that is the wall's": (host) => delete host.performance,
  "that says nothing": (host) => (host.performance.now = () => NaN),
})) {
  test(`a tab with a clock ${what} follows and leads`, async () => {
    for (const strange of [0, 1]) {
      const world = new World();
      new Server(world);
      const sessions = [];
      for (let n = 0; n < 2; n += 1) {
        const page = world.page();
        if (n === strange) sets(page.host, world);
        sessions.push(new Session(page));
        await world.pass(100);
      }
      assert.equal(world.live.length, 1);
      for (let round = 0; round < 3; round += 1) {
        const ids = sessions.map((session) => session.ask());
        await world.pass(60_000);
        sessions.forEach((session, at) => assert.equal(session.answers(ids[at]).length, 1, `tab ${at}`));
      }
    }
  });
}

test("an address that the browser refuses is a line that closed", async () => {
  for (const sharing of [null, SHARING]) {
    const world = new World();
    const page = world.page();
    page.host.WebSocket = class {
      constructor() {
        throw new DOMException("no", "SyntaxError");
      }
    };
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
  session.frame = (data) => seen.push(data);
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
  assert.deepEqual(
    sessions.map(({ pushes }) => pushes),
    [["hello"], ["hello"], ["hello"]],
  );
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
  for (const { pushes } of sessions)
    assert.deepEqual(pushes, [{ text: 'says "request_id" in its text', "": [1, null] }]);
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
  assert.deepEqual(
    server.requests.map(({ action }) => action),
    ["read"],
  );
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
    for (const request of server.requests.filter(({ action }) => action === "lost"))
      server.answer(world.live[0], request);
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

test("nonsense on the channel is nothing", async () => {
  const { world, sessions, pages } = await setup(2);
  const stranger = world.page();
  const channel = new stranger.host.BroadcastChannel(LEAD);
  const garbage = [
    null,
    7,
    "text",
    {},
    [],
    [7],
    ["x"],
    ["x", 7],
    ["x", ""],
    ["x", "", 99],
    ["x", "", "attach"],
    ["x", "", 3],
    ["x", "", 6],
    ["x", "", 6, 0, 7],
    ["x", "", 6, 0, "{"],
    ["x", "", 6, 0, '{"request_id":{}}'],
    ["x", "", 6, {}, '{"request_id":"1","action":"send"}'],
    ["x", "", 7],
    ["x", "", 7, 0, "0"],
    ["x", "", 4, 0, "{}"],
    ["x", "", 5],
    ["x", "", 3, 0, "{}", "me"],
    ["", "", 6, 0, '{"request_id":"1","action":"send"}'],
  ];
  for (const data of garbage) channel.postMessage(data);
  await world.settle();
  assert.deepEqual(states(sessions), ["in", "in"]);
  assert.deepEqual(
    sessions.map(({ codes }) => codes),
    [[], []],
  );
  assert.equal(world.sockets.length, 1);
  assert.equal(pages[0].left.sockets, 1);
});

test("host_without_websocket_reports_that_there_is_none", async () => {
  const arrow = (url) => ({ url });
  for (const sharing of [null, SHARING]) {
    for (const Socket of [undefined, null, {}, arrow]) {
      const world = new World();
      const page = world.page();
      page.host.WebSocket = Socket;
      const session = new Session(page, { sharing });
      // Not while the api is being made: nobody listens yet.
      await world.settle();
      assert.deepEqual(session.codes, []);
      await world.pass(100);
      assert.deepEqual(session.codes, [1]);
      session.close();
      assert.deepEqual(page.left, NOTHING);
    }
  }
});

test("given_class_replaces_the_websocket_of_the_host", async () => {
  for (const sharing of [null, SHARING]) {
    const world = new World();
    new Server(world);
    const page = world.page();
    const { WebSocket } = page.host;
    delete page.host.WebSocket;
    const open = lines(page.host);
    const session = new Session(page, { sharing, open: (...given) => open(...given, WebSocket) });
    await world.settle();
    assert.deepEqual(states([session]), ["in"]);
    session.close();
    await world.settle();
    assert.deepEqual(page.left, NOTHING);
    // Node's `ws` ends the process with an error that nobody listens to, also after `close()`.
    assert.equal(typeof world.sockets[0].onerror, "function");
    world.sockets[0].onerror({});
    assert.deepEqual(session.codes, []);
  }
});

test("leader_without_socket_leaves_the_line_to_another_tab", async () => {
  const world = new World();
  new Server(world);
  const [one, two] = [world.page(), world.page()];
  delete one.host.WebSocket;
  const sessions = [new Session(one)];
  sessions.push(new Session(two));
  await world.settle();
  await world.pass(5_000);
  assert.deepEqual(states(sessions), ["closed", "in"]);
  assert.deepEqual(sessions[0].codes, [1]);
  assert.ok(sessions[1].codes.every((code) => code === 0));
});

for (const [browser, build] of Object.entries({
  // Chromium makes a socket, reports the violation and fires `error`, but never `close`.
  chromium: (violate) =>
    class {
      constructor(url) {
        setImmediate(() => (violate(url), this.onerror({})));
      }
      close() {}
    },
  // Firefox throws, and reports the violation afterwards.
  firefox: (violate) =>
    class {
      constructor(url) {
        setImmediate(() => violate(url));
        throw Object.assign(new Error(), { name: "NS_ERROR_CONTENT_BLOCKED" });
      }
    },
})) {
  const violation = (more) => (url) =>
    document.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), { blockedURI: url, ...more }));
  for (const [what, more, codes, address] of [
    ["enforced", { effectiveDirective: "connect-src", disposition: "enforce" }, [2], "ws://blocked:1/rtm?id=1"],
    ["reported only", { effectiveDirective: "connect-src", disposition: "report" }, [], "ws://free:1/rtm"],
    ["of another directive", { effectiveDirective: "img-src", disposition: "enforce" }, [], "ws://free:2/rtm"],
  ]) {
    test(`violation ${what} in ${browser}: ${codes.length ? "the line is blocked" : "nothing is said of it"}`, async (t) => {
      globalThis.document = new EventTarget();
      t.after(() => delete globalThis.document);
      watchPolicy();
      const world = new World();
      const page = world.page();
      page.host.WebSocket = build(violation(more));
      const heard = [];
      const line = lines(page.host)(address, null, () => {}, (code) => heard.push(code));
      await world.settle();
      await world.pass(100);
      // Whoever throws has closed.
      assert.deepEqual(heard, codes.length || browser === "chromium" ? codes : [1006]);
      line.close();
      assert.deepEqual(page.left, NOTHING);
    });
  }
}

test("line_closed_before_the_browser_explains_itself_says_nothing", async () => {
  const world = new World();
  const page = world.page();
  page.host.WebSocket = class {
    constructor() {
      throw Object.assign(new Error(), { name: "NS_ERROR_CONTENT_BLOCKED" });
    }
  };
  const heard = [];
  lines(page.host)("ws://here", null, () => {}, (code) => heard.push(code)).close();
  await world.pass(100);
  assert.deepEqual([heard, page.left], [[], NOTHING]);
});
