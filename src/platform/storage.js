// What is kept between page loads. Browsers may refuse storage, even the mere look at it (`pitfalls` 63); then nothing is
// kept and nothing breaks.

import { parse, stringify } from "../json/host.js";

/** What was kept; nothing if it cannot be read. */
export const readKept = (key) => {
  try {
    return parse(localStorage.getItem(key));
  } catch {}
};

/** Keeps a value, or forgets it. */
export const keep = (key, value) => {
  try {
    if (value === undefined || value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, stringify(value));
  } catch {}
};
