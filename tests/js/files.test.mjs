// Files as arguments: recognised by what they can do, and never sent when they cannot be read.

import assert from "node:assert/strict";
import { afterEach, mock, test } from "node:test";

import { files } from "../../src/js/files.js";
import { upload } from "../../src/platform/upload.js";

const FILE = new File(["text"], "a.txt", { type: "text/plain" });
const trap = () => {
  throw new Error("trap");
};
const trapped = (name) => Object.defineProperty({}, name, { get: trap, enumerable: true });
const pending = () => new Promise(() => {});

/** A core's check of a message that has no address yet. */
const check = ({ chatId, url }) => {
  const argument = typeof chatId !== "string" ? "chatId" : url === undefined ? "url" : undefined;
  if (argument) throw Object.assign(new Error(argument), { name: "ChatError", code: "VALIDATION", details: { argument } });
};

/** The shell over a core that takes every message with an address, and notes it. */
const shell = (answer = async () => ({ url: "https://x" })) => {
  const asked = [];
  const core = {
    upload: (...given) => (asked.push(given), answer(...given)),
    call: async (...given) => (check(given[1]), asked.push(given), {}),
  };
  return { ...files(core), asked };
};
const refusal = async (promise) => {
  const error = await promise.then(() => assert.fail("it was taken"), (error) => error);
  assert.equal(error.name, "ChatError", String(error));
  return [error.code, error.details?.argument];
};

test("what is no file, signal or function is refused by its name, whatever it pretends", async () => {
  const blob = { size: 1, type: "", name: "a", slice: () => FILE, [Symbol.toStringTag]: "File" };
  const wrong = {
    file: [undefined, null, 7, "a.txt", {}, blob, new Proxy(FILE, {}), trapped("name"), Object.create(File.prototype)],
    signal: [7, "no", false, {}, new AbortController(), trapped("addEventListener")],
    onProgress: [7, "no", {}],
  };
  for (const [name, values] of Object.entries(wrong)) {
    for (const value of values) {
      const { sendFile, uploadFile, asked } = shell();
      const options = { file: FILE, [name]: value };
      assert.deepEqual(await refusal(sendFile({ chatId: "c", ...options })), ["VALIDATION", name]);
      if (name !== "signal") assert.deepEqual(await refusal(uploadFile(options).promise), ["VALIDATION", name]);
      assert.deepEqual(asked, []);
    }
  }
});

test("options that cannot be read are refused, not thrown", async () => {
  const { sendFile, uploadFile } = shell();
  for (const options of [trapped("file"), new Proxy({}, { ownKeys: trap })]) {
    assert.deepEqual(await refusal(sendFile(options)), ["VALIDATION", "options"]);
    assert.deepEqual(await refusal(uploadFile(options).promise), ["VALIDATION", "options"]);
  }
  for (const options of [undefined, null, 7]) {
    assert.deepEqual(await refusal(sendFile(options)), ["VALIDATION", "chatId"]);
    assert.deepEqual(await refusal(uploadFile(options).promise), ["VALIDATION", "file"]);
  }
});

test("a file goes with what it is, and its signal is let go", async () => {
  const { sendFile, asked } = shell();
  const control = new AbortController();
  const remove = mock.method(control.signal, "removeEventListener");
  await sendFile({ chatId: "c", file: FILE, signal: control.signal, customId: "m" });
  const [[about, file], [method, message]] = asked;
  assert.deepEqual([about.file, file], [{ name: "a.txt", type: "text/plain", size: 4 }, FILE]);
  assert.deepEqual([method, message], ["sendFile", { chatId: "c", customId: "m", url: "https://x" }]);
  await Promise.resolve();
  assert.equal(remove.mock.callCount(), 1);
});

test("an upload that is taken back ends at once, and one that was before is not begun", async () => {
  const { sendFile, uploadFile, asked } = shell(pending);
  const control = new AbortController();
  const sent = sendFile({ chatId: "c", file: FILE, signal: control.signal });
  const uploaded = uploadFile({ file: FILE });
  await new Promise(setImmediate);
  control.abort();
  uploaded.cancel();
  assert.deepEqual(await refusal(sent), ["UPLOAD_CANCELED", undefined]);
  assert.deepEqual(await refusal(uploaded.promise), ["UPLOAD_CANCELED", undefined]);
  assert.equal(asked.length, 2);
  assert.deepEqual(await refusal(sendFile({ chatId: "c", file: FILE, signal: control.signal })), ["UPLOAD_CANCELED", undefined]);
  assert.equal(asked.length, 2);
});

/** A browser that sends, in small. */
class Request {
  static made = [];
  upload = {};
  steps = [];
  constructor() {
    Request.made.push(this);
  }
  open() {
    this.steps.push("open");
  }
  setRequestHeader() {}
  send() {
    this.steps.push("send");
  }
  abort() {
    this.steps.push("abort");
  }
}
globalThis.XMLHttpRequest = Request;
afterEach(() => {
  for (const request of Request.made) request.onabort?.();
  mock.restoreAll();
  mock.timers.reset();
  read = readable;
  Request.made = [];
});

const unreadable = async () => {
  throw new DOMException("no", "NotReadableError");
};
const readable = async () => new ArrayBuffer(1);
/** What reading the disk does. */
let read = readable;
globalThis.Response = class {
  arrayBuffer = () => read();
};
const settle = () => new Promise(setImmediate);
const begin = (file, signal) => {
  const state = {};
  upload("https://x", "t", file, undefined, signal).then(([status, body]) => Object.assign(state, { status, ...body?.error }));
  return state;
};
const sends = () => Request.made.flatMap(({ steps }) => steps).filter((step) => step === "send").length;

test("a file that cannot be read is refused before anything is sent", async () => {
  read = unreadable;
  const state = begin(FILE);
  await settle();
  assert.deepEqual([state.type, sends()], ["file_unreadable", 0]);
});

test("a file that changes while it is sent is not tried again; the network's failure is", async () => {
  for (const [later, type] of [[unreadable, "file_unreadable"], [readable, "upload_failed"]]) {
    read = readable;
    const state = begin(FILE);
    await settle();
    assert.equal(sends(), 1);
    read = later;
    Request.made.at(-1).onerror();
    await settle();
    assert.equal(state.type, type);
    Request.made = [];
  }
});

test("a file whose reading never ends is given up, and not sent when it ends at last", async () => {
  for (const isStuckLater of [false, true]) {
    mock.timers.enable({ apis: ["setTimeout"] });
    let answer;
    const stuck = () => new Promise((resolve) => (answer = resolve));
    read = isStuckLater ? readable : stuck;
    const state = begin(FILE);
    await settle();
    read = stuck;
    if (isStuckLater) Request.made.at(-1).onerror();
    mock.timers.tick(59_000);
    await settle();
    assert.deepEqual(state, {});
    mock.timers.tick(1_000);
    await settle();
    assert.equal(state.type, "upload_failed");
    answer();
    await settle();
    assert.equal(sends(), isStuckLater ? 1 : 0);
    mock.timers.reset();
    Request.made = [];
  }
});

test("a success without an address is none", async () => {
  for (const [status, text, outcome] of [
    [200, "<html>Welcome to our Wi-Fi</html>", [0, "upload_failed"]],
    [200, "{}", [0, "upload_failed"]],
    [200, '{"url":"https://x"}', [200, undefined]],
    [400, '{"error":{"type":"validation"}}', [400, "validation"]],
    [413, "<html>too large</html>", [413, undefined]],
  ]) {
    const state = begin(FILE);
    await settle();
    const request = Request.made.at(-1);
    Object.assign(request, { status, responseText: text });
    request.onload();
    await settle();
    assert.deepEqual([state.status, state.type], outcome);
  }
});

test("an upload that is taken back while its file is read is never sent", async () => {
  let answer;
  const control = new AbortController();
  read = () => new Promise((resolve) => (answer = resolve));
  const state = begin(FILE, control.signal);
  await settle();
  control.abort();
  answer();
  await settle();
  assert.deepEqual([state.status, sends()], [0, 0]);
});

test("an empty file and a blob without a name are sent", async () => {
  for (const file of [new File([], "empty"), new Blob(["x"])]) {
    begin(file);
    await settle();
  }
  assert.equal(sends(), 2);
});

test("a request that cannot be made is a failure", async () => {
  mock.method(Request.prototype, "open", trap);
  const state = begin(FILE);
  await settle();
  assert.equal(state.type, "upload_failed");
});
