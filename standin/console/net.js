// The line to the server: it comes back by itself, and says so.

/** @param {{ onMessage: (message: object) => void, onLink: (up: boolean) => void }} listeners */
export function connect({ onMessage, onLink }) {
  let socket = null;
  let attempt = 0;
  const open = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/agent/ws`);
    socket.onopen = () => {
      attempt = 0;
      onLink(true);
    };
    socket.onmessage = ({ data }) => onMessage(JSON.parse(data));
    socket.onclose = () => {
      onLink(false);
      attempt += 1;
      setTimeout(open, Math.min(300 * attempt, 3000));
    };
  };
  open();
  return {
    get isUp() {
      return socket.readyState === WebSocket.OPEN;
    },
    /** Does something as an agent; what goes wrong comes back as a message. */
    send(verb, fields = {}) {
      if (this.isUp) socket.send(JSON.stringify({ do: verb, ...fields }));
    },
  };
}
