// Sends a file and says how far it is.

import { parse } from "../json/host.js";

/** What has stood still for so long will not arrive. */
const STALLED_MS = 60_000;

const failure = (type, message) => [0, { error: { type, message } }];

export const upload = (url, token, file, onProgress, signal) =>
  new Promise((resolve) => {
    const canceled = failure("upload_canceled", "the upload was canceled");
    const failed = failure("upload_failed", "the file could not be sent; try again");
    if (signal?.aborted) return resolve(canceled);
    const request = new XMLHttpRequest();
    let watch;
    const end = (answer) => {
      clearTimeout(watch);
      signal?.removeEventListener("abort", cancel);
      resolve(answer);
    };
    const moved = () => {
      clearTimeout(watch);
      watch = setTimeout(() => {
        end(failed);
        request.abort();
      }, STALLED_MS);
    };
    const cancel = () => {
      end(canceled);
      request.abort();
    };
    signal?.addEventListener("abort", cancel);
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      moved();
      try {
        if (lengthComputable && total > 0) onProgress?.(loaded / total);
      } catch (error) {
        reportError(error);
      }
    };
    request.onload = () => end([request.status, parse(request.responseText)]);
    request.onerror = request.onabort = () => end(failed);
    const form = new FormData();
    form.append("file", file);
    try {
      request.open("POST", url);
      request.setRequestHeader("Authorization", `Bearer ${token}`);
      moved();
      request.send(form);
    } catch {
      end(failed);
    }
  });
