#!/usr/bin/env node
// The system's Firefox, as Playwright can drive it: this script stands in for the browser's program.
//
// Playwright speaks WebDriver BiDi to a Firefox that is not its own, and begins with a command that Firefox 153, which
// distributions keep for a year, does not know. What it would do, emulate a colour scheme, no test needs: it is
// answered here, and everything else passes.

import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { FrameReader, serverFrame, TEXT } from "../../e2e/support/websocket.mjs";
import { firefoxPath } from "./browser.mjs";

const LACKING = new Set(["emulation.setMediaFeaturesOverride"]);

/** Stands between Playwright and the browser: relays connections to the browser's port; resolves with a port of its own. */
function relay(port) {
  const server = createServer((client) => {
    const browser = connect(port, "127.0.0.1");
    const commands = new FrameReader();
    let head = "";
    let isUp = false;
    const pass = (bytes) => {
      for (const frame of commands.read(bytes)) {
        const { id, method } = frame.message;
        if (LACKING.has(method)) client.write(serverFrame(TEXT, JSON.stringify({ type: "success", id, result: {} })));
        else browser.write(frame.raw);
      }
    };
    client.on("data", (bytes) => {
      if (isUp) return pass(bytes);
      head += bytes.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      isUp = true;
      // Firefox answers only to its own address, and compressed commands could not be read here.
      const lines = head.slice(0, end).split("\r\n").filter((line) => !/^(host|sec-websocket-extensions):/i.test(line));
      browser.write(`${[lines[0], `Host: 127.0.0.1:${port}`, ...lines.slice(1)].join("\r\n")}\r\n\r\n`);
      pass(Buffer.from(head.slice(end + 4), "latin1"));
    });
    browser.pipe(client);
    for (const [one, other] of [[client, browser], [browser, client]]) {
      one.on("error", () => {});
      one.on("close", () => other.destroy());
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

const child = spawn(firefoxPath(), process.argv.slice(2), { stdio: ["ignore", "inherit", "pipe"] });
child.once("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.stderr.setEncoding("utf8");
let line = "";
child.stderr.on("data", async (text) => {
  line += text;
  const whole = line.slice(0, line.lastIndexOf("\n") + 1);
  line = line.slice(whole.length);
  const address = /WebDriver BiDi listening on ws:\/\/[^:]+:(\d+)/.exec(whole);
  if (!address) return void process.stderr.write(whole);
  const port = await relay(Number(address[1]));
  process.stderr.write(whole.replace(address[0], `WebDriver BiDi listening on ws://127.0.0.1:${port}`));
});
