// What the core has open in the browser. A core that breaks in the middle of a step cannot close it any more.

const open = new Set();

/** Notes how something is closed; returns what forgets it again. */
export const opened = (close) => {
  open.add(close);
  return () => open.delete(close);
};

/** Closes whatever is open. */
export const abandonAll = () => {
  for (const close of open) {
    try {
      close();
    } catch {}
  }
  open.clear();
};
