// The way of the .wasm file into the browser.

import { ChatError } from "../api/error.js";
import { begin } from "./instance.js";

const unavailable = (cause) => {
  const reason = String(cause?.message ?? cause);
  const advice =
    typeof WebAssembly === "undefined"
      ? "this browser has no WebAssembly"
      : /unsafe-eval|Content Security Policy/i.test(reason)
        ? "the page's Content-Security-Policy must allow script-src 'wasm-unsafe-eval'"
        : "the .wasm file could not be loaded; pass its address to load()";
  return new ChatError("WASM_UNAVAILABLE", `${advice} (${reason})`, true);
};

// A browser's storage answers its first question slowly and blocks meanwhile: asked while the core is on its way, the
// wait costs nothing. A browser that refuses even to be asked throws.
const warmStorage = () => {
  try {
    void globalThis.localStorage?.length;
  } catch {}
};

const isAddress = (source) =>
  typeof source === "string" ||
  (typeof URL === "function" && source instanceof URL) ||
  (typeof Request === "function" && source instanceof Request);

const compiled = async (source) => {
  if (source instanceof WebAssembly.Module) return source;
  if (!(typeof Response === "function" && source instanceof Response)) return WebAssembly.compile(source);
  if (!source.ok) throw new Error(`${source.url} answers ${source.status} ${source.statusText}`);
  // A server that does not know the type of a .wasm file is forgiven.
  const isStreamable = WebAssembly.compileStreaming && source.headers.get("content-type")?.startsWith("application/wasm");
  return isStreamable ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
};

const fetched = async (source) => {
  const given = source === undefined ? new URL("palaver_bg.wasm", import.meta.url) : source;
  return compiled(await (isAddress(given) ? fetch(given) : given));
};

let loading;

/** Loads the core, once; a load that failed may be tried again. */
export const load = (source) =>
  (loading ??= (async () => {
    try {
      const coming = fetched(source);
      warmStorage();
      await begin(await coming);
    } catch (cause) {
      loading = undefined;
      throw unavailable(cause);
    }
  })());
