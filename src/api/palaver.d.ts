/**
 * Palaver: a customer-side chat SDK.
 *
 * Importing this module touches nothing: no WebAssembly, no globals, no network.
 * `await load()` compiles the core once; `init(config)` makes a connection's {@link Api}.
 */

import type { Api } from "./types/api.js";
import type { Config } from "./types/config.js";
import type { ChatError } from "./types/errors.js";

export type * from "./types/api.js";
export type * from "./types/chats.js";
export type * from "./types/config.js";
export type * from "./types/connection.js";
export * from "./types/errors.js";
export type * from "./types/events.js";
export type * from "./types/forms.js";
export type * from "./types/greetings.js";
export type * from "./types/messages.js";
export type * from "./types/organization.js";
export type * from "./types/outbox.js";
export type * from "./types/people.js";
export type * from "./types/values.js";

/**
 * Where the core's `.wasm` comes from. Without one, `load` finds the file beside the package's own module, under an address
 * that changes with its content; in Node it reads the file from disk. Objects of other realms (an iframe's) are fine.
 */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/**
 * Compiles the core, once. A call without a source joins the load that is under way; one with another source starts a
 * load of its own beside it. The first success resolves all of them, and every later call.
 *
 * Rejects with a {@link ChatError}; the next call then starts anew:
 * - `WASM_UNAVAILABLE` says what stood in the way. It is `retryable` (nothing came for 20 s, where each byte starts the
 *   20 s anew; no network; a file not found), unless this browser or the page's Content-Security-Policy does not allow
 *   it: then the message names the directive (`'wasm-unsafe-eval'`, `connect-src`).
 * - `WASM_MISMATCH`: the file is of another build than this JavaScript, or of something else. The message names both
 *   builds. Deploy both files of a build together, and clear the cache that holds the old one.
 */
export default function load(source?: WasmSource | PromiseLike<WasmSource>): Promise<void>;

/**
 * Makes an api and, unless `autoConnect` is `false`, starts connecting.
 * @throws {ChatError} `NOT_LOADED` before `load()` has resolved, `VALIDATION` naming the option that is wrong.
 */
export function init(config: Config): Api;
