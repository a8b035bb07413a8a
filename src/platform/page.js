// Signs of the page's life.

import { noted } from "./open.js";

const WINDOW = ["online", "offline", "pagehide", "pageshow"];
// `resume`: the tab was frozen.
const DOCUMENT = ["visibilitychange", "resume"];

/** Calls `report` with the place of the sign in the first list; what is not there means that the page woke. */
export const openWatch = (report) => {
  const { document } = globalThis;
  const tell = ({ type }) => {
    if (type !== "visibilitychange" || !document.hidden) report(WINDOW.indexOf(type));
  };
  const each = (act) => {
    for (const type of WINDOW) globalThis[act]?.(type, tell);
    for (const type of DOCUMENT) document?.[act](type, tell);
  };
  each("addEventListener");
  return noted({ close: () => each("removeEventListener") });
};
