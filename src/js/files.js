// Files: the one kind of argument that is no data. The core checks them by name, type and size and decides the rest.

import { ChatError, wrong } from "../api/error.js";

const canceled = () => new ChatError("UPLOAD_CANCELED", "the upload was canceled");

const checked = (file, onProgress, signal) => {
  if (!(file instanceof Blob)) throw wrong("file", "a Blob or File", file);
  if (onProgress != null && typeof onProgress !== "function") throw wrong("onProgress", "a function", onProgress);
  if (signal != null && !(signal instanceof AbortSignal)) throw wrong("signal", "an AbortSignal", signal);
};

export const files = (core) => {
  const upload = async (options, signal) => {
    const { file, onProgress, ...more } = options ?? {};
    checked(file, onProgress, signal);
    if (signal?.aborted) throw canceled();
    const { name, type, size } = file;
    const sent = core.upload({ ...more, file: { name, type, size } }, file, onProgress, signal);
    if (!signal) return sent;
    // Taken back while it waits for a token, it is not even begun.
    return new Promise((resolve, reject) => {
      const cancel = () => reject(canceled());
      signal.addEventListener("abort", cancel);
      sent.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
    });
  };
  return {
    uploadFile: (options) => {
      const control = new AbortController();
      return { promise: upload(options, control.signal), cancel: () => control.abort() };
    },
    sendFile: async (options) => {
      const { file, onProgress, signal, ...message } = options ?? {};
      // Asked first, without an address: an upload for a message that is refused would be for nothing.
      await core.call("sendFile", { ...message, url: undefined }).catch((error) => {
        if (error.details?.argument !== "url") throw error;
      });
      const { url } = await upload({ file, onProgress }, signal);
      return core.call("sendFile", { ...message, url });
    },
  };
};
