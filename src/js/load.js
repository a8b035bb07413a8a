// Loads the .wasm file: fetches, compiles and checks it. Each source has its own attempt; the first success counts for all.

import { ChatError } from "../api/error.js";
import { ADVICE, hasBlocked, watchPolicy } from "../platform/policy.js";
import { begin, isLoaded } from "./instance.js";

/** An attempt fails when nothing has arrived for so long. */
const SILENT_MS = 20_000;

// A browser's storage answers its first question slowly and blocks meanwhile: asked while the core is on its way, the
// wait costs nothing. A browser that refuses even to be asked throws.
const warmStorage = () => {
  try {
    void globalThis.localStorage?.length;
  } catch {}
};

/** The file beside this module, under an address that changes with its content. */
const findFile = () => {
  // Bundlers look for this very expression, and may give the file another name, or none.
  const url = new URL("palaver_bg.wasm", import.meta.url);
  if (/^http/.test(url)) url.search ||= PALAVER_BUILD;
  return url;
};

const describe = async (cause, address) => {
  if (cause instanceof ChatError) return cause;
  const reason = String(cause?.message ?? cause);
  const obstacle =
    typeof WebAssembly === "undefined"
      ? "this browser has no WebAssembly"
      : (await hasBlocked(address))
        ? ADVICE
        : /unsafe-eval|by CSP/.test(reason) &&
          "the page's Content-Security-Policy must allow script-src 'wasm-unsafe-eval'";
  const advice = obstacle || "the .wasm file could not be loaded; pass its address to load()";
  return new ChatError("WASM_UNAVAILABLE", `${advice} (${`${address.slice(0, 200)} ${reason}`.trim()})`, !obstacle);
};

/** A module exports the id of its build as a name of the form `v=…`. */
const checkBuild = (module) => {
  const found = WebAssembly.Module.exports(module).find(({ name }) => name.startsWith("v="))?.name;
  if (found === PALAVER_BUILD) return;
  throw new ChatError(
    "WASM_MISMATCH",
    `the .wasm file is of build ${found}, its JavaScript of ${PALAVER_BUILD}: deploy both together and clear caches`,
  );
};

// Sources may come from another realm: they are told apart by what they have, not by their class.
const attempt = async (source) => {
  // Where there is none, what is given up goes on unheard.
  const control = globalThis.AbortController && new AbortController();
  const signal = control?.signal;
  let address = "";
  let timer, wake;
  const silence = new Promise((_, reject) => {
    wake = () => {
      clearTimeout(timer);
      timer = setTimeout(reject, SILENT_MS, "nothing came for 20 s");
    };
  });

  const request = (it) => {
    it = new Request(it);
    address = it.url;
    // Node's fetch reads no files.
    const fs = /^file:/.test(address) && globalThis.process?.getBuiltinModule?.("fs");
    if (fs) return fs.readFileSync(new URL(address));
    return fetch(it, { signal });
  };
  const transform = (chunk, out) => {
    wake();
    out.enqueue(chunk);
  };
  const run = async () => {
    wake();
    let it = (source?.then ? await source : source) ?? findFile();
    if (typeof it === "string" || it.href || it.method) it = await request(it);
    wake();
    if (it.arrayBuffer) {
      address ||= it.url ?? "";
      if (it.ok === false) throw `status ${it.status}`;
      const body = it.body?.pipeThrough?.(new TransformStream({ transform }), { signal });
      // Not every server knows the type.
      it = new Response(body ?? (await it.arrayBuffer()), { headers: { "content-type": "application/wasm" } });
      it = await (WebAssembly.compileStreaming?.(it) ?? it.arrayBuffer());
    }
    if (it.byteLength !== undefined) it = await WebAssembly.compile(it);
    checkBuild(it);
    await begin(it);
    succeed();
  };

  // Every api comes after this.
  watchPolicy();
  try {
    const running = run();
    warmStorage();
    await Promise.race([running, silence]);
  } catch (cause) {
    throw await describe(cause, address);
  } finally {
    clearTimeout(timer);
    control?.abort();
  }
};

let success, succeed, newest, newestKey;

/** Loads the core, once. See palaver.d.ts. */
export const load = (source) => {
  success ??= new Promise((resolve) => (succeed = resolve));
  if (isLoaded()) return success;
  const key = source?.href ?? source;
  if (newest && (key === newestKey || source == null)) return newest;
  newestKey = key;
  const made = Promise.race([success, attempt(source)]).finally(() => newest === made && (newest = undefined));
  return (newest = made);
};
