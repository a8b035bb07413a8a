// Files: the one kind of argument that is no data. The core checks them by name, type and size and decides the rest.

import { ChatError, wrong } from "../api/error.js";

// Other windows have classes of their own, so an argument is known by what it can do. Looking at it may throw.
const given = (argument, value, expected, look) => {
  try {
    return look();
  } catch {
    throw wrong(argument, expected, value);
  }
};
const copied = (options) => given("options", options, "plain data", () => ({ ...options }));

export const files = (core) => {
  const upload = ({ file, onProgress, ...more }, signal) =>
    new Promise((resolve, reject) => {
      const about = given("file", file, "a Blob or File", () => {
        const { name, type, size } = file;
        Blob.prototype.slice.call(file);
        return { name, type, size };
      });
      if (onProgress != null && typeof onProgress !== "function") throw wrong("onProgress", "a function", onProgress);
      const cancel = () => reject(new ChatError("UPLOAD_CANCELED", "the upload was canceled"));
      given("signal", signal, "an AbortSignal", () => signal?.addEventListener("abort", cancel));
      if (signal?.aborted) return cancel();
      // Taken back while it waits for a token, it is not even begun.
      core
        .upload({ ...more, file: about }, file, onProgress, signal)
        .then(resolve, reject)
        .finally(() => signal?.removeEventListener("abort", cancel));
    });
  return {
    uploadFile: (options) => {
      const control = globalThis.AbortController && new AbortController();
      const begin = async () => upload(copied(options), control?.signal);
      return { promise: begin(), cancel: () => control?.abort() };
    },
    sendFile: async (options) => {
      const { file, onProgress, signal, ...message } = copied(options);
      // Asked first, without an address: an upload for a message that is refused would be for nothing.
      await core.call("sendFile", { ...message, url: undefined }).catch((error) => {
        if (error.details?.argument !== "url") throw error;
      });
      const { url } = await upload({ file, onProgress }, signal);
      return core.call("sendFile", { ...message, url });
    },
  };
};
