// A proxy in front of a stand-in that spoils what passes: HTTP requests and WebSocket frames, at the level of TCP.
//
// What passes is changed by rules, which see every frame, and by switches of the whole proxy. Nothing here is random:
// who strikes decides when.

import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { closeFrame, FrameReader, serverFrame } from "./websocket.mjs";

/** Starts a proxy in front of `http://127.0.0.1:<port of target>`; `target.port` is read for each connection. */
export async function startProxy(target) {
  const proxy = new Proxy(target);
  await proxy.listen();
  return proxy;
}

class Proxy {
  /** Frames from now on leave this many milliseconds later. */
  delayMs = 0;
  /** What happens to new sockets: `"pass"`, `"reset"`, `"hang"` (accepted, never answered) or an HTTP status. */
  upgrades = "pass";
  /** What happens to requests of the token service: `"pass"`, `"hang"`, `"reset"` or an HTTP status. */
  tokens = "pass";
  /** How many sockets were opened so far. */
  opened = 0;
  /** Those that are. */
  links = new Set();
  #target;
  #rules = [];
  #sockets = new Set();
  #server;

  constructor(target) {
    this.#target = target;
    this.#server = createServer((request, response) => this.#http(request, response));
    this.#server.on("connection", (socket) => this.#own(socket));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get origin() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  listen() {
    return new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close() {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * Has `act(frame, way)` decide over each of the next `times` frames in that direction (`"up"`: to the server) for
   * which `match(frame)` holds. What `act` does not give to `way.write` is lost. The rule's `hit` resolves at the
   * first.
   */
  rule(direction, match, act, times = Infinity) {
    const rule = { direction, match, act, times };
    rule.hit = new Promise((resolve) => (rule.strike = resolve));
    rule.remove = () => (this.#rules = this.#rules.filter((other) => other !== rule));
    this.#rules.push(rule);
    return rule;
  }

  /** Closes every connection: with a RST (`"rst"`), or a FIN and no close frame (`"fin"`). */
  cut(how = "rst") {
    for (const link of this.links) link.cut(how);
  }

  /** Sends every client a close frame of that code and hangs up. */
  closeWith(code, reason) {
    for (const link of this.links) {
      link.down.write(closeFrame(code, reason));
      link.finish();
    }
  }

  /** Gives every client a frame that the server did not send. */
  inject(opcode, payload) {
    for (const link of this.links) link.down.write(serverFrame(opcode, payload));
  }

  /** From now on the present connections carry nothing in these directions, and tell nobody; new ones do. */
  silence(...directions) {
    for (const link of this.links) for (const direction of directions) link[direction].isDeaf = true;
  }

  /** Keeps what the present connections carry until the function that is returned is called. */
  stall() {
    const held = [...this.links].flatMap((link) => [link.up, link.down]);
    for (const way of held) way.hold();
    return () => held.forEach((way) => way.release());
  }

  /** All switches off, no rule left; a connection that was silenced stays so. */
  heal() {
    this.delayMs = 0;
    this.upgrades = "pass";
    this.tokens = "pass";
    this.#rules = [];
  }

  /** What becomes of a frame. */
  pass(frame, way) {
    const rule = this.#rules.find(
      ({ direction, match, times }) => direction === way.direction && times > 0 && match(frame),
    );
    if (!rule) return way.write(frame.raw);
    rule.times -= 1;
    rule.act(frame, way);
    rule.strike(frame);
  }

  #own(socket) {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #http(request, response) {
    const isToken = request.method !== "OPTIONS" && /\/customer\/.*token/.test(request.url);
    const fate = isToken ? this.tokens : "pass";
    if (fate === "hang") return;
    if (fate === "reset") return void request.socket.resetAndDestroy();
    if (fate !== "pass") return refuse(request, response, fate);
    const { method, url, headers } = request;
    const onward = httpRequest({ host: "127.0.0.1", port: this.#target.port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    // A server that is away looks from here as it does without a proxy.
    onward.on("error", () => request.socket.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(request, client, head) {
    if (this.upgrades === "hang") return;
    if (this.upgrades === "reset") return void client.resetAndDestroy();
    if (this.upgrades !== "pass") return void client.end(`HTTP/1.1 ${this.upgrades} No\r\ncontent-length: 0\r\n\r\n`);
    const server = connect(this.#target.port, "127.0.0.1");
    this.#own(server);
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      const name = request.rawHeaders[i];
      // Compressed frames could not be read here.
      if (!/^sec-websocket-extensions$/i.test(name)) lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
    }
    server.write(`${lines.join("\r\n")}\r\n\r\n`);
    const link = new Link(this, client, server);
    this.links.add(link);
    this.opened += 1;
    if (head.length) link.up.take(head);
  }
}

/** An answer that a gateway makes, legible to the page. */
function refuse(request, response, status) {
  response.writeHead(status, {
    "access-control-allow-origin": request.headers.origin ?? "*",
    "access-control-allow-credentials": "true",
    "content-type": "application/json",
  });
  response.end("{}");
}

/** One WebSocket connection through the proxy. */
class Link {
  constructor(proxy, client, server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
    this.up = new Way(this, "up", client, server, false);
    this.down = new Way(this, "down", server, client, true);
    for (const socket of [client, server]) socket.on("close", () => this.#ended(socket));
  }

  cut(how) {
    this.proxy.links.delete(this);
    this.server.destroy();
    if (how === "rst") this.client.resetAndDestroy();
    else this.client.destroy();
  }

  /** Hangs up once everything is delivered. */
  finish() {
    this.proxy.links.delete(this);
    this.client.end();
    this.server.destroy();
  }

  #ended(socket) {
    const way = socket === this.client ? this.up : this.down;
    this.proxy.links.delete(this);
    // Behind a silent line nobody hears that the other one left.
    if (way.isDeaf) return;
    way.end();
  }
}

/** One direction of a connection. */
class Way {
  isDeaf = false;
  #reader = new FrameReader();
  #queue = [];
  #isHeld = false;
  #isEnding = false;
  #timer;
  #from;
  #to;
  #isHead;

  /** `isHead`: the answer to the upgrade comes first. */
  constructor(link, direction, from, to, isHead) {
    this.link = link;
    this.direction = direction;
    this.#from = from;
    this.#to = to;
    this.#isHead = isHead;
    from.on("data", (chunk) => this.take(chunk));
  }

  take(chunk) {
    if (this.isDeaf) return;
    let frames = chunk;
    if (this.#isHead) {
      const end = chunk.indexOf("\r\n\r\n");
      this.#isHead = end < 0;
      frames = end < 0 ? Buffer.alloc(0) : chunk.subarray(end + 4);
      this.write(chunk.subarray(0, chunk.length - frames.length));
    }
    for (const frame of this.#reader.read(frames)) this.link.proxy.pass(frame, this);
  }

  /** Sends bytes on, behind those that wait. */
  write(bytes) {
    if (this.isDeaf) return;
    this.#queue.push({ at: Date.now() + this.link.proxy.delayMs, bytes });
    this.#pump();
  }

  hold() {
    this.#isHeld = true;
  }

  release() {
    this.#isHeld = false;
    this.#pump();
  }

  /** The other end has left. */
  end() {
    this.#isEnding = true;
    this.#pump();
  }

  #pump() {
    clearTimeout(this.#timer);
    if (this.#isHeld) return;
    while (this.#queue.length > 0 && this.#queue[0].at <= Date.now()) {
      const { bytes } = this.#queue.shift();
      if (!this.#to.destroyed) this.#to.write(bytes);
    }
    if (this.#queue.length > 0) this.#timer = setTimeout(() => this.#pump(), this.#queue[0].at - Date.now());
    else if (this.#isEnding) this.#to.end();
  }
}
