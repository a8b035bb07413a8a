// WebSocket frames (RFC 6455) as a proxy meets them: cut out of a stream of bytes, and made.

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;

/** One frame: its bytes as they came, and what they say. */
export class Frame {
  #message;

  constructor(raw, isLast, opcode, payload) {
    this.raw = raw;
    this.isLast = isLast;
    this.opcode = opcode;
    this.payload = payload;
  }

  /** A text frame's JSON; an empty object when there is none. */
  get message() {
    if (this.#message === undefined) {
      this.#message = {};
      try {
        if (this.opcode === TEXT) this.#message = JSON.parse(this.payload.toString("utf8")) ?? {};
      } catch {
        // Not JSON: a frame like any other.
      }
    }
    return this.#message;
  }
}

/** Takes in bytes as they arrive, gives the frames that are whole. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  read(chunk) {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    const frames = [];
    for (let frame = this.#next(); frame; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next() {
    const bytes = this.#rest;
    if (bytes.length < 2) return undefined;
    const isMasked = (bytes[1] & 0x80) !== 0;
    let length = bytes[1] & 0x7f;
    let at = 2;
    if (length >= 126) {
      const size = length === 126 ? 2 : 8;
      if (bytes.length < at + size) return undefined;
      length = size === 2 ? bytes.readUInt16BE(at) : Number(bytes.readBigUInt64BE(at));
      at += size;
    }
    const mask = isMasked ? bytes.subarray(at, at + 4) : undefined;
    if (isMasked) at += 4;
    const end = at + length;
    if (bytes.length < end) return undefined;
    const payload = Buffer.from(bytes.subarray(at, end));
    if (mask) for (let i = 0; i < length; i += 1) payload[i] ^= mask[i & 3];
    this.#rest = bytes.subarray(end);
    return new Frame(bytes.subarray(0, end), (bytes[0] & 0x80) !== 0, bytes[0] & 0x0f, payload);
  }
}

/** The bytes of a whole frame, as servers send them (without a mask). */
export function serverFrame(opcode, payload) {
  const body = Buffer.from(payload);
  const head = [0x80 | opcode];
  if (body.length < 126) head.push(body.length);
  else if (body.length < 65_536) head.push(126, body.length >> 8, body.length & 0xff);
  else {
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(BigInt(body.length));
    head.push(127, ...size);
  }
  return Buffer.concat([Buffer.from(head), body]);
}

/** A server's close frame. */
export function closeFrame(code, reason = "") {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code);
  payload.write(reason, 2);
  return serverFrame(CLOSE, payload);
}
