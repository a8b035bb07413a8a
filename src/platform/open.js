// What the core has open in the browser. A core that breaks in the middle of a step cannot close it any more.

const open = new Set();

/** Notes something that is open; returns it with a `close` that forgets it again. */
export const noted = (it) => {
  const { close } = it;
  open.add(close);
  it.close = () => {
    open.delete(close);
    close();
  };
  return it;
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
