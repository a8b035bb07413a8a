// Files: the one kind of argument that is no data. The core checks them by name, type and size and decides the rest.

import { ChatError, wrong } from "../api/error.js";

const canceled = () => new ChatError("UPLOAD_CANCELED", "the upload was canceled");

const checked = ({ file, onProgress, signal } = {}) => {
  if (!(file instanceof Blob)) throw wrong("file", "a Blob or File");
  if (onProgress != null && typeof onProgress !== "function") throw wrong("onProgress", "a function");
  if (signal != null && !(signal instanceof AbortSignal)) throw wrong("signal", "an AbortSignal");
};

export const files = (core) => {
  const upload = async (options) => {
    checked(options ?? undefined);
    const { file, onProgress, signal } = options;
    if (signal?.aborted) throw canceled();
    const { name, type, size } = file;
    const sent = core.upload({ name, type, size }, file, onProgress, signal);
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
      return { promise: upload({ ...options, signal: control.signal }), cancel: () => control.abort() };
    },
    sendFile: async ({ file, onProgress, signal, ...message } = {}) => {
      // Asked first: an upload for a chat that cannot be named would be for nothing.
      if (typeof message.chatId !== "string" || !message.chatId) throw wrong("chatId", "a non-empty string");
      const { url } = await upload({ file, onProgress, signal });
      return core.call("sendFile", { ...message, url });
    },
  };
};
