// What can go wrong between a page and the platform. Each strikes once; when `strike` resolves, the world is whole
// again, and what it did to the connection is the client's to find out.

import { BINARY, serverFrame, TEXT } from "../support/websocket.mjs";
import { EDITED } from "./judge.mjs";
import { sleep } from "./rig.mjs";

const sends = (frame) => frame.message.action === "send_event";
const pushes = (frame) => frame.message.action === "incoming_event";
const anyText = (frame) => frame.opcode === TEXT;
const lost = () => {};

/** Waits until a rule has struck, but not for ever: there may be no traffic any more. */
async function struck(rule, ms = 3_000) {
  await Promise.race([rule.hit, sleep(ms)]);
  rule.remove();
}

/** Half of what it says, as a frame that is whole. */
const halved = (frame) => {
  const text = frame.payload.toString("latin1");
  return Buffer.from(text.slice(0, text.length >> 1), "latin1");
};

async function tokens(rig, fate) {
  rig.proxy.tokens = fate;
  await rig.agent("expire_tokens");
  await sleep(2_000);
  rig.proxy.tokens = "pass";
}

const closing = (code) => ({ proxy }) => proxy.closeWith(code, "as tested");

/** Name → what it does. */
export const faults = {
  "cut (RST)": ({ proxy }) => proxy.cut("rst"),
  "cut (FIN)": ({ proxy }) => proxy.cut("fin"),
  "cut, request lost": async ({ proxy }) => {
    const rule = proxy.rule("up", sends, (_, way) => way.link.cut("rst"), 1);
    await struck(rule);
  },
  "cut, reply lost": async ({ proxy }) => {
    const executed = proxy.rule("down", (frame) => frame.message.type === "response" && sends(frame), lost, 1);
    const pushed = proxy.rule("down", pushes, lost);
    await struck(executed);
    pushed.remove();
    proxy.cut("rst");
  },
  "half-open": ({ proxy }) => proxy.silence("up", "down"),
  "half-open (down)": ({ proxy }) => proxy.silence("down"),
  "half-open (up)": ({ proxy }) => proxy.silence("up"),
  stall: async ({ proxy, dice }) => {
    const release = proxy.stall();
    await sleep(dice.between(1_000, 4_000));
    release();
  },
  delay: async ({ proxy, dice }) => {
    proxy.delayMs = dice.between(200, 800);
    await sleep(2_000);
    proxy.delayMs = 0;
  },
  "truncated frame": async ({ proxy }) => {
    await struck(proxy.rule("down", anyText, (frame, way) => way.write(serverFrame(TEXT, halved(frame))), 1));
  },
  "torn frame": async ({ proxy }) => {
    const tear = (frame, way) => {
      way.write(frame.raw.subarray(0, frame.raw.length >> 1));
      way.link.finish();
    };
    await struck(proxy.rule("down", anyText, tear, 1));
  },
  garbage: ({ proxy, dice }) => {
    const [opcode, payload] = dice.one([
      [TEXT, "<html>502 Bad Gateway</html>"],
      [TEXT, '{"action":"incoming_event","type":"push","payload":{"event":7}}'],
      [TEXT, "[".repeat(10_000)],
      [BINARY, "\0\x01\x02"],
    ]);
    proxy.inject(opcode, payload);
  },
  duplicated: async ({ proxy }) => {
    const twice = (frame, way) => [frame, frame].forEach(({ raw }) => way.write(raw));
    await struck(proxy.rule("down", anyText, twice, 4));
  },
  reordered: async ({ proxy }) => {
    // A response overtakes the pushes of its request, and the next ones.
    const waiting = [];
    const late = proxy.rule("down", pushes, (frame, way) => waiting.push([frame, way]), 3);
    await struck(late);
    await sleep(100);
    late.remove();
    for (const [frame, way] of waiting) way.write(frame.raw);
  },
  "close 1000": closing(1000),
  "close 1001": closing(1001),
  "close 1011": closing(1011),
  "close 1012": closing(1012),
  "close 1013": closing(1013),
  "close 4401": closing(4401),
  "server restart": (rig) =>
    rig.atServer(async () => {
      await rig.standin.kill();
      await sleep(rig.dice.between(0, 2_000));
      await rig.standin.start();
    }),
  "no new sockets": async ({ proxy, dice }) => {
    proxy.upgrades = dice.one(["reset", "hang", 503, 429]);
    proxy.cut("rst");
    await sleep(2_000);
    proxy.upgrades = "pass";
  },
  "token service 503": (rig) => tokens(rig, 503),
  // A refusal, and a second one, are an answer: whoever sees that the chat is closed asks for it again.
  "token service 403": async (rig) => {
    await tokens(rig, 403);
    await rig.page.evaluate(() => proof.connect());
  },
  "token service hangs": (rig) => tokens(rig, "hang"),
  "edited while away": async (rig) => {
    // A return reads the newest thread; what was edited in one that ended long ago is seen by who reads it again.
    const known = (await rig.history()).slice(-400);
    const { thread } = known.at(-1);
    const { id, text } = rig.dice.one(known.filter((event) => event.thread === thread && !EDITED.test(event.text)));
    rig.proxy.cut("rst");
    await rig.agent("edit", { event_id: id, text: `${text} (edited)` });
  },
  "closed and reopened while away": async (rig) => {
    rig.proxy.cut("rst");
    await rig.agent("close");
    await rig.agent("reopen");
  },
};
