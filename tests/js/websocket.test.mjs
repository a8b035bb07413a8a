// The frames that the proxy of the proofs reads and makes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOSE, closeFrame, FrameReader, serverFrame, TEXT } from "../../e2e/support/websocket.mjs";

const read = (bytes) => new FrameReader().read(bytes);

test("frames of every length come back as they were made", () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    const text = "x".repeat(length);
    const bytes = serverFrame(TEXT, text);
    const [frame, ...rest] = read(bytes);
    assert.equal(rest.length, 0);
    assert.equal(frame.payload.toString(), text);
    assert.deepEqual(frame.raw, bytes);
    assert.ok(frame.isLast);
  }
});

test("bytes may come in any pieces", () => {
  const frames = [serverFrame(TEXT, '{"n":1}'), serverFrame(TEXT, "y".repeat(300)), closeFrame(1012, "later")];
  const bytes = Buffer.concat(frames);
  for (const size of [1, 2, 7, 100, bytes.length]) {
    const reader = new FrameReader();
    const got = [];
    for (let at = 0; at < bytes.length; at += size) got.push(...reader.read(bytes.subarray(at, at + size)));
    assert.deepEqual(got.map(({ opcode }) => opcode), [TEXT, TEXT, CLOSE]);
    assert.deepEqual(got.map(({ raw }) => raw), frames);
    assert.equal(got[2].payload.readUInt16BE(0), 1012);
  }
});

test("what clients send is unmasked to be read, and passed on as it came", () => {
  const mask = Buffer.from([1, 2, 3, 4]);
  const text = '{"action":"ping"}';
  const masked = Buffer.from(text).map((byte, index) => byte ^ mask[index & 3]);
  const bytes = Buffer.concat([Buffer.from([0x81, 0x80 | text.length]), mask, masked]);
  const [frame] = read(bytes);
  assert.deepEqual(frame.message, { action: "ping" });
  assert.deepEqual(frame.raw, bytes);
});

test("what is no JSON has no message", () => {
  for (const text of ["", "{", "null", "[".repeat(100_000)]) {
    assert.deepEqual(read(serverFrame(TEXT, text))[0].message, {});
  }
});
