// What the core has open in the browser. A core that breaks in the middle of a step cannot close it any more.

const open = new Set();

/** Notes what has a `close` method until it is closed. */
export const noted = (thing) => {
  const { close } = thing;
  const closeOnce = (...how) => {
    if (open.delete(closeOnce)) close(...how);
  };
  open.add(closeOnce);
  return { ...thing, close: closeOnce };
};

/** Closes whatever is open. */
export const abandonAll = () => {
  for (const close of [...open]) {
    try {
      close();
    } catch {}
  }
};
