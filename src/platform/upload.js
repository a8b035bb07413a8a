// Sends a file and says how far it is.

import { parse } from "../json/host.js";

/** What has stood still for so long will not arrive. */
const STALLED_MS = 60_000;

const failure = (type, message) => [0, { error: { type, message } }];

export const upload = (url, token, file, onProgress, signal) =>
  new Promise((resolve) => {
    const failed = failure("upload_failed", "the file could not be sent; try again");
    const unreadable = failure("file_unreadable", "the file cannot be read; choose it again");
    // Whoever took it back knows.
    if (signal?.aborted) return resolve(failed);
    const request = new XMLHttpRequest();
    let watch;
    const end = (answer) => {
      watch = clearTimeout(watch);
      signal?.removeEventListener("abort", stop);
      resolve(answer);
    };
    const stop = () => {
      end(failed);
      request.abort();
    };
    const moved = () => {
      clearTimeout(watch);
      watch = setTimeout(stop, STALLED_MS);
    };
    // A file that was deleted before anybody looked at it has no size. One whose window was closed answers nothing itself.
    const whenReadable = (act) =>
      new Response(file.size ? file.slice(0, 1) : file)
        .arrayBuffer()
        .then(act, () => end(unreadable))
        .catch(() => end(failed));
    signal?.addEventListener("abort", stop);
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      moved();
      try {
        if (lengthComputable && total > 0) onProgress?.(loaded / total);
      } catch (error) {
        reportError(error);
      }
    };
    request.onload = () => {
      const body = parse(request.responseText);
      // Somebody else's page in between may say that all is well.
      end(request.status < 300 && !body?.url ? failed : [request.status, body]);
    };
    // A browser does not say whether the network failed or the file.
    request.onerror = () => whenReadable(() => end(failed));
    request.onabort = () => end(failed);
    moved();
    // First: a file that cannot be read now cannot be sent later either.
    whenReadable(() => {
      if (!watch) return;
      const form = new FormData();
      form.append("file", file);
      request.open("POST", url);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      moved();
      request.send(form);
    });
  });
