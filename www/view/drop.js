// Files dragged over the chat window.

import { h, icon, ICONS } from "./dom.js";

/** @param {HTMLElement} target  @param {(files: FileList) => void} onFiles */
export function dropZone(target, onFiles) {
  const cover = h(
    "div",
    { class: "chat-drop", hidden: true, "aria-hidden": "true" },
    icon(ICONS.clip, 36),
    h("p", {}, "Drop files to send them"),
  );
  target.append(cover);
  const hasFiles = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes("Files");
  target.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    cover.hidden = false;
  });
  target.addEventListener("dragleave", ({ relatedTarget }) => {
    if (!target.contains(relatedTarget)) cover.hidden = true;
  });
  target.addEventListener("drop", (event) => {
    cover.hidden = true;
    if (!hasFiles(event)) return;
    event.preventDefault();
    onFiles(event.dataTransfer.files);
  });
}
