// The memory of WebAssembly modules, which is reachable only where they are made.

/** Has the pages of a page or context show the newest module's memory as `wasmMemory`. */
export const exposeMemory = (target) =>
  target.addInitScript(() => {
    for (const name of ["instantiate", "instantiateStreaming"]) {
      const native = WebAssembly[name];
      WebAssembly[name] = async (...args) => {
        const result = await native(...args);
        globalThis.wasmMemory = (result.instance ?? result).exports.memory;
        return result;
      };
    }
  });
