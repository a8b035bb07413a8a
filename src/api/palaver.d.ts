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

/** Where the core's `.wasm` comes from. Without one, `load` finds the file beside the package's own module. */
export type WasmSource = string | URL | Request | Response | BufferSource | WebAssembly.Module;

/**
 * Compiles the core. Every call returns the promise of the first one; a failed load may be tried again.
 * Rejects with a {@link ChatError} `WASM_UNAVAILABLE` that says what stood in the way (no WebAssembly, a
 * Content-Security-Policy without `'wasm-unsafe-eval'`, a file not found).
 */
export default function load(source?: WasmSource | Promise<Response>): Promise<void>;

/**
 * Makes an api and, unless `autoConnect` is `false`, starts connecting.
 * @throws {ChatError} `NOT_LOADED` before `load()` has resolved, `VALIDATION` naming the option that is wrong.
 */
export function init(config: Config): Api;
