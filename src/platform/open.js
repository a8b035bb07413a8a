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

/** A socket, noted from its first moment; it is detached before it is closed, so that nothing late is heard of it. */
export const open_socket = (url) => {
  const socket = new WebSocket(url);
  closers.set(socket, opened(() => close_socket(socket)));
  return socket;
};
const closers = new WeakMap();
export const close_socket = (socket) => {
  closers.get(socket)?.();
  socket.onopen = socket.onmessage = socket.onclose = null;
  socket.close();
};
