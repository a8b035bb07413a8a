// The field an answer is written in: says that somebody types, sends texts and files.

import { byId } from "./dom.js";

const TYPING_ENDS_MS = 4000;
const MAX_BYTES = 10 * 1024 * 1024;

/** @param {{ act: (verb: string, fields?: object) => boolean, fail: (words: string) => void }} office `act` says whether it was sent */
export function composer({ act, fail }) {
  const field = byId("text");
  let typing = false;
  let timer = 0;

  const stopTyping = () => {
    clearTimeout(timer);
    if (typing) act("typing", { is_typing: false });
    typing = false;
  };
  const grow = () => {
    field.style.height = "auto";
    // Hidden fields have no height to measure.
    field.style.height = field.scrollHeight ? `${Math.min(field.scrollHeight + 2, 144)}px` : "";
  };
  const sendFile = async (file) => {
    if (file.size > MAX_BYTES) return fail(`${file.name} is larger than 10 MB`);
    const content = await base64(file);
    act("file", { name: file.name, content, ...(file.type && { content_type: file.type }) });
  };

  field.addEventListener("input", () => {
    grow();
    if (!field.value) return stopTyping();
    if (!typing) typing = act("typing", { is_typing: true });
    clearTimeout(timer);
    timer = setTimeout(stopTyping, TYPING_ENDS_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    byId("form").requestSubmit();
  });
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    stopTyping();
    if (!act("message", { text })) return;
    field.value = "";
    grow();
  });
  byId("attach").addEventListener("click", () => byId("files").click());
  byId("files").addEventListener("change", ({ target }) => {
    for (const file of target.files) void sendFile(file);
    target.value = "";
  });
  byId("chat").addEventListener("dragover", (event) => event.preventDefault());
  byId("chat").addEventListener("drop", (event) => {
    event.preventDefault();
    for (const file of event.dataTransfer.files) void sendFile(file);
  });

  return {
    leave() {
      stopTyping();
      field.value = "";
      grow();
    },
  };
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
