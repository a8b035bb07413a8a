// In the page: how long an SDK takes from a frame on the socket to the application's listener.

import { FakeSocket, frames, identityProvider } from "./platform.js";

globalThis.WebSocket = FakeSocket;

const config = {
  organizationId: "0b2f7c1e-52f4-4c7b-9a51-9e4f2f2f6a01",
  clientId: "benchmark",
  identityProvider,
  // Only ours knows these. The socket goes nowhere, whatever its address is.
  endpoints: { api: "http://127.0.0.1:9", accounts: "http://127.0.0.1:9" },
  storage: "memory",
};

const SDKS = {
  palaver: async () => {
    const { default: load, init } = await import("/palaver/index.js");
    await load();
    return init(config);
  },
  "drop-in": async () => (await import("/palaver/customer-sdk.js")).init(config),
  vendor: async () => (await import("/vendor.js")).init(config),
};

/** A task of the event loop: what an SDK has put off until after the frame can run. */
const channel = new MessageChannel();
const nextTask = () =>
  new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });

const subjects = new Map();

/** Starts an SDK with one listener of `event`, and waits until it is connected. */
export async function start(name, sdk, event) {
  const api = await SDKS[sdk]();
  const subject = { api, received: 0, next: 2, lastId: "" };
  const connected = new Promise((resolve) => api.on("connected", resolve));
  api.on(event, (payload) => {
    subject.received += 1;
    subject.lastId = (payload.event ?? payload).id;
  });
  await connected;
  subject.socket = FakeSocket.last;
  subjects.set(name, subject);
}

/** Delivers `count` frames and returns the microseconds per frame until the last listener has been called. */
export async function round(name, count) {
  const subject = subjects.get(name);
  const from = subject.next;
  subject.next += count;
  const events = frames(subject.socket.version, from, count).map((data) => new MessageEvent("message", { data }));
  const expected = subject.received + count;
  await nextTask();

  const start = performance.now();
  for (let i = 0; i < count; i += 1) {
    subject.socket.deliver(events[i]);
    // In a browser each frame is a task of its own; a hundred at a time keep the cost of tasks out of the figure.
    if (i % 100 === 99) await nextTask();
  }
  const patience = performance.now() + 5_000;
  while (subject.received < expected && performance.now() < patience) await nextTask();
  const took = performance.now() - start;

  const lastId = `SC0000AAAA_${from + count - 1}`;
  if (subject.received !== expected || subject.lastId !== lastId) {
    throw new Error(`${name}: ${subject.received} of ${expected} events, the last ${subject.lastId} instead of ${lastId}`);
  }
  return (took * 1000) / count;
}

/** What the benchmark itself costs: the same delivery to a listener that does nothing. */
export async function floor(count) {
  const socket = new FakeSocket("wss://nowhere/v3.6/");
  let bytes = 0;
  socket.onmessage = (event) => (bytes += event.data.length);
  const events = frames("3.6", 1, count).map((data) => new MessageEvent("message", { data }));
  const start = performance.now();
  for (let i = 0; i < count; i += 1) {
    socket.deliver(events[i]);
    if (i % 100 === 99) await nextTask();
  }
  return { micros: ((performance.now() - start) * 1000) / count, bytes: Math.round(bytes / count) };
}
