// Files of a real disk and of other windows: what cannot be read is never sent, and what is genuine is taken.

import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "./visit.mjs";

/** Chooses files in the page, which then has them as `files`. */
async function choose(page, ...paths) {
  await page.evaluate(() => {
    globalThis.input?.remove();
    globalThis.input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
    document.body.append(input);
  });
  await page.locator("input").setInputFiles(paths);
  await page.evaluate(() => (globalThis.files = [...input.files]));
}
const outcome = (page, index = 0) =>
  page.evaluate(async (index) => {
    const chatId = api.chats()[0].id;
    const done = (promise) => promise.then(({ url }) => (url ? "done" : "nothing"), ({ code, retryable }) => `${code} ${retryable}`);
    return [await done(api.uploadFile({ file: files[index] }).promise), await done(api.sendFile({ chatId, file: files[index] }))];
  }, index);

const fresh = test.extend({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), "files-"));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
  /** The addresses that the page has asked for since it was connected, uploads only. */
  uploads: async ({ context }, use) => {
    const uploads = [];
    context.on("request", (request) => request.url().includes("upload_file") && uploads.push(request.method()));
    await use(uploads);
  },
});

const changes = {
  deleted: (path) => rmSync(path),
  "replaced by a folder": (path) => (rmSync(path), mkdirSync(path)),
  "written to": (path) => (writeFileSync(path, "other, and longer"), utimesSync(path, new Date(), new Date(Date.now() + 9_000))),
  "cut off": (path) => (truncateSync(path, 2), utimesSync(path, new Date(), new Date(Date.now() + 9_000))),
};
for (const [what, change] of Object.entries(changes)) {
  fresh(`a file that was ${what} after it was chosen is refused for good, and not sent`, { tag: "@chromium" }, async ({ visit, folder, uploads }) => {
    const path = join(folder, "note.txt");
    writeFileSync(path, "as it was chosen");
    const page = await visit();
    await choose(page, path);
    expect(await outcome(page)).toEqual(["done", "done"]);
    uploads.length = 0;
    change(path);
    expect(await outcome(page)).toEqual(["FILE_UNREADABLE false", "FILE_UNREADABLE false"]);
    expect(uploads).toEqual([]);
    // Chosen again it is another file.
    rmSync(path, { recursive: true, force: true });
    writeFileSync(path, "anew");
    await choose(page, path);
    expect(await outcome(page)).toEqual(["done", "done"]);
  });
}

fresh("a file that was deleted before the page looked at it is refused for good, and not sent", async ({ visit, folder, uploads }) => {
  const path = join(folder, "gone.txt");
  writeFileSync(path, "gone");
  const page = await visit();
  await choose(page, path);
  rmSync(path);
  expect(await outcome(page)).toEqual(["FILE_UNREADABLE false", "FILE_UNREADABLE false"]);
  expect(uploads).toEqual([]);
});

fresh("an empty file, a blob, and a file whose upload breaks are what they were", async ({ visit, context }) => {
  const page = await visit();
  await page.evaluate(() => (globalThis.files = [new File([], "empty.txt"), new Blob(["blob"], { type: "text/plain" })]));
  expect(await outcome(page, 0)).toEqual(["done", "done"]);
  expect(await outcome(page, 1)).toEqual(["done", "done"]);
  await context.route(/upload_file/, (route) => route.abort());
  expect(await outcome(page, 1)).toEqual(["UPLOAD_FAILED true", "UPLOAD_FAILED true"]);
});

fresh("what comes from another window is taken for what it is", async ({ visit }) => {
  const page = await visit();
  const seen = await page.evaluate(async () => {
    const frame = document.body.appendChild(document.createElement("iframe"));
    const other = frame.contentWindow;
    const chatId = api.chats()[0].id;
    const file = new other.File(["from a frame"], "frame.txt", { type: "text/plain" });
    const told = [];
    const sent = await api.sendFile({ chatId, file, signal: new other.AbortController().signal, onProgress: new other.Function("") });
    const blob = await api.uploadFile({ file: new other.Blob(["x"], { type: "text/plain" }) }).promise;
    const control = new other.AbortController();
    const canceled = api.sendFile({ chatId, file, signal: control.signal }).catch(({ code }) => code);
    control.abort();
    const args = other.JSON.parse(JSON.stringify({ chatId, text: "plain" }));
    const said = await api.sendMessage(other.Object.assign(args, { properties: other.JSON.parse('{"ns":{"a":1}}') }));
    api.on("message_status", other.eval("(told) => ({ status }) => told.push(status)")(told));
    await api.sendMessage({ chatId, text: "heard" });
    const isFile = [file instanceof File, sent.name];
    // Its window may be gone by the time that it is sent.
    frame.remove();
    const late = await api.sendFile({ chatId, file }).then(({ name }) => name, ({ code }) => code);
    return { isFile, blob: typeof blob.url, canceled: await canceled, said: said.text, told: told.at(-1), late };
  });
  expect(seen).toEqual({
    isFile: [false, "frame.txt"],
    blob: "string",
    canceled: "UPLOAD_CANCELED",
    said: "plain",
    told: "sent",
    late: "frame.txt",
  });
});
