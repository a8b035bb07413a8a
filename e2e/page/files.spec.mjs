// Files: chosen, dropped, pasted; seen on their way up, stopped, refused; shown with what is known about them.

import { deflateSync, crc32 } from "node:zlib";

import { expect, test } from "./shop.mjs";

/** A PNG of one colour. */
function png(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 120);
  for (let row = 0; row < height; row += 1) rows[row * (1 + width * 3)] = 0;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const PICTURE = { name: "leaf.png", mimeType: "image/png", buffer: png(640, 320) };
const choose = (page, ...files) => page.locator(".chat-composer input[type=file]").setInputFiles(files);

async function slowDown(page, bytesPerSecond) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

test("a picture is previewed, described, sent and shown with its thumbnail", async ({ page, shop }) => {
  await shop.open();
  await choose(page, PICTURE);
  const tray = page.getByRole("list", { name: "Files to send" });
  await expect(tray).toContainText("leaf.png");
  await expect(tray.locator("img")).toHaveJSProperty("naturalWidth", 640);
  await tray.getByRole("textbox").fill("A sad leaf");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(tray).toBeHidden();
  const row = shop.row("leaf.png");
  await expect(row).toHaveAttribute("data-status", "sent");
  await expect(row.getByRole("img", { name: "A sad leaf" })).toBeVisible();
  const [event] = await fileEvents(shop);
  expect(event).toMatchObject({
    type: "file",
    name: "leaf.png",
    content_type: "image/png",
    width: 640,
    height: 320,
    alternative_text: "A sad leaf",
  });

  // After a reload there is no copy on this device: what is shown is the server's thumbnail.
  await page.reload();
  await shop.connected();
  const picture = shop.row("leaf.png").getByRole("img", { name: "A sad leaf" });
  await expect(picture).toBeVisible();
  expect(new URL(await picture.getAttribute("src")).origin).toBe(shop.standin.origin);
  await expect(picture).not.toHaveJSProperty("naturalWidth", 0);
  await expect(shop.row("leaf.png").getByRole("link", { name: "leaf.png" })).toHaveAttribute(
    "rel",
    "noopener noreferrer ugc",
  );
});

test("an upload shows how far it is, and can be stopped", async ({ page, shop }) => {
  await shop.open();
  await shop.said("hello");
  await slowDown(page, 400 * 1024);
  await choose(page, {
    name: "video.bin",
    mimeType: "application/octet-stream",
    buffer: Buffer.alloc(3 * 1024 * 1024, 1),
  });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const row = shop.row("video.bin");
  const bar = row.getByRole("progressbar", { name: "Uploading video.bin" });
  await expect(bar).toBeVisible();
  const values = new Set();
  await expect
    .poll(async () => values.add(await bar.evaluate(({ value }) => value)).size, { timeout: 20_000 })
    .toBeGreaterThan(2);
  const seen = [...values];
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.every((value) => value >= 0 && value <= 1)).toBe(true);
  await row.getByRole("button", { name: "Cancel the upload of video.bin" }).click();
  await expect(row).toHaveCount(0);
  await slowDown(page, -1);
  await shop.said("never mind");
  expect(await fileEvents(shop)).toEqual([]);
});

test("several files and a text go in order", async ({ page, shop }) => {
  await shop.open();
  await choose(page, PICTURE, { name: "care.txt", mimeType: "text/plain", buffer: Buffer.from("water it") });
  await page.getByRole("button", { name: "Remove leaf.png" }).click();
  await choose(page, PICTURE);
  await shop.say("both of them");
  await expect(shop.row("both of them")).toHaveAttribute("data-status", "sent");
  await expect(shop.rows).toHaveCount(3);
  for (const row of await shop.rows.all()) await expect(row).toHaveAttribute("data-status", "sent");
  expect((await fileEvents(shop)).map(({ name }) => name).sort()).toEqual(["care.txt", "leaf.png"]);
});

test("too large and empty files are refused with the reason before anything is sent", async ({ page, shop }) => {
  await shop.open();
  await page.evaluate(() => {
    const files = [new File([new Uint8Array(10 * 1024 * 1024 + 1)], "huge.bin"), new File([], "nothing.txt")];
    const data = new DataTransfer();
    for (const file of files) data.items.add(file);
    document
      .querySelector(".chat-panel")
      .dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
  });
  await expect(page.getByRole("alert")).toContainText("huge.bin is too large: 10 MB. The limit is 10 MB.");
  await expect(page.getByRole("alert")).toContainText("nothing.txt is empty.");
  await expect(page.getByRole("list", { name: "Files to send" })).toBeHidden();
});

test("files can be dropped and pasted", async ({ page, shop }) => {
  await shop.open();
  const give = (kind) =>
    page.evaluate((kind) => {
      const data = new DataTransfer();
      data.items.add(new File(["text"], `${kind}.txt`, { type: "text/plain" }));
      if (kind === "pasted") {
        document
          .getElementById("chat-text")
          .dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
        return;
      }
      const panel = document.querySelector(".chat-panel");
      panel.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data }));
      const isCovered = !document.querySelector(".chat-drop").hidden;
      panel.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
      return isCovered;
    }, kind);
  expect(await give("dropped")).toBe(true);
  await expect(page.locator(".chat-drop")).toBeHidden();
  await give("pasted");
  const tray = page.getByRole("list", { name: "Files to send" });
  await expect(tray.getByRole("listitem")).toHaveCount(2);
  await shop.field.press("Enter");
  await expect(shop.row("dropped.txt")).toHaveAttribute("data-status", "sent");
  await expect(shop.row("pasted.txt")).toHaveAttribute("data-status", "sent");
});

test("what the platform refuses says so, and can be discarded", async ({ page, shop }) => {
  await shop.open();
  await shop.said("hello");
  shop.expectRefusals();
  await choose(page, { name: "setup.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ program") });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  const row = shop.row("setup.exe");
  await expect(row).toHaveAttribute("data-status", "failed");
  await row.getByRole("button", { name: "Discard" }).click();
  await expect(row).toHaveCount(0);
  expect(await fileEvents(shop)).toEqual([]);
});

async function fileEvents(shop) {
  return (await shop.servedEvents()).filter((event) => event.type === "file");
}
