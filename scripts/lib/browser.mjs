// The browsers of tests and benchmarks: the system's Chromium, started with the switches of webdriver.json, and its
// Firefox.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** `$CHROMIUM`, or where systems put it. Undefined when there is none: the caller says what to install. */
export function chromiumPath() {
  return process.env.CHROMIUM || candidates.find((path) => existsSync(path));
}

// Who runs `wasm-pack test` by hand gets the same switches from webdriver.json. Playwright sets the kind of headlessness
// on its own.
export const chromiumArgs = JSON.parse(readFileSync(join(root, "webdriver.json"), "utf8"))[
  "goog:chromeOptions"
].args.filter((arg) => !arg.startsWith("--headless"));

const foxes = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/** `$FIREFOX`, or where systems put it. Undefined when there is none. */
export function firefoxPath() {
  return process.env.FIREFOX || foxes.find((path) => existsSync(path));
}

/** How Playwright starts either. */
export const launches = {
  chromium: () => ({ executablePath: chromiumPath(), args: chromiumArgs }),
  firefox: () => ({ channel: "moz-firefox", executablePath: join(root, "scripts/lib/firefox.mjs") }),
};
