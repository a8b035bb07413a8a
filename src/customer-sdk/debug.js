// An instance that says on the console what it is asked, answers and tells.

const logged = (label, method) =>
  function (...args) {
    console.info(`${label}() ===>`, ...args);
    const result = method(...args);
    if (typeof result?.then !== "function") return result;
    return result.then(
      (value) => {
        console.info(`${label}() <===`, value);
        return value;
      },
      (error) => {
        console.error(`${label}() <===`, error);
        throw error;
      },
    );
  };

const all = (methods, prefix) =>
  Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, logged(`${prefix}.${name}`, method)]));

/** The same members as `sdk`; both may be used side by side. */
export function debug(sdk) {
  const { on, once, off, auth, getChatHistory, uploadFile, ...methods } = sdk;
  // What stands for a listener, so that `off` finds it: by listener, then by event.
  const stand = new WeakMap();

  const listen = (add, label) => (event, listener) => {
    if (typeof listener !== "function") return add(event, listener);
    const known = stand.get(listener) ?? new Map();
    stand.set(listener, known);
    if (!known.has(event)) {
      known.set(event, (...payload) => {
        console.info(`.${label}("${event}") <===`, ...payload);
        listener(...payload);
      });
    }
    return add(event, known.get(event));
  };

  return Object.freeze({
    ...all(methods, ""),
    auth: Object.freeze(all(auth, ".auth")),
    on: listen(on, "on"),
    once: listen(once, "once"),
    off: (event, listener) => {
      console.info(`.off() ===>`, event, listener);
      off(event, listener && (stand.get(listener)?.get(event) ?? listener));
    },
    getChatHistory: (options) => {
      console.info(".getChatHistory() ===>", options);
      const history = getChatHistory(options);
      return { ...history, next: logged("history.next", history.next) };
    },
    uploadFile: (options) => {
      const upload = uploadFile(options);
      return { ...upload, promise: logged(".uploadFile", () => upload.promise)() };
    },
  });
}
