// The line between tabs: the one that leads leaves, dies, freezes or is robbed, and the others go on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { NOTHING, Server, Session, owner, setup, states } from "./rig.mjs";
import { World } from "./world.mjs";

test("a farewell of the server reaches all with its code, and nobody comes back before its time", async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    const { world, sessions } = await setup(4, seed);
    world.live[0].drop(4321);
    await world.settle();
    assert.deepEqual(
      sessions.map(({ codes }) => codes),
      [[4321], [4321], [4321], [4321]],
      `seed ${seed}`,
    );
    assert.equal(world.sockets.length, 1, `seed ${seed}`);
    assert.deepEqual(
      world.pages.map((page) => page.left),
      [NOTHING, NOTHING, NOTHING, NOTHING],
      `seed ${seed}`,
    );
  }
});

test("the same while the leader has no login yet", async () => {
  const world = new World();
  new Server(world).isSilent = true;
  const sessions = [world.page(), world.page(), world.page()].map((page) => new Session(page));
  await world.pass(100);
  world.live[0].drop(1013);
  await world.settle();
  assert.deepEqual(
    sessions.map(({ codes }) => codes),
    [[1013], [1013], [1013]],
  );
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
  assert.deepEqual(
    world.pages.map((page) => page.left),
    [NOTHING, NOTHING],
  );
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
    assert.deepEqual(
      sessions[0].codes.filter((code) => code !== 0),
      [],
    );
    assert.equal(
      server.requests.filter(({ action }) => action === "send").length,
      0,
      "what it slept through stays unsaid",
    );
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
      assert.ok(
        world.live.filter((socket) => !socket.page.isFrozen).length <= 1,
        `seed ${seed} step ${step}: one socket`,
      );
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
    for (const page of world.pages.filter(({ isAlive }) => isAlive))
      assert.deepEqual(page.left, NOTHING, `seed ${seed}`);
    assert.ok(server);
  }
});
