// In a page, before anything else: keeps the ledger of what scripts have open.

(() => {
  const open = { listeners: [], timers: new Set(), sockets: new Set(), channels: new Set(), databases: new Set() };
  let most = 0;
  let made = 0;

  // Where the page's life is heard of; what a script listens to on its own objects goes with them.
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const isShared = (target) => target === undefined || target === globalThis || target === document;
  EventTarget.prototype.addEventListener = function (type, listener, ...rest) {
    if (isShared(this) && listener) open.listeners.push([this ?? globalThis, type, listener]);
    return addEventListener.call(this ?? globalThis, type, listener, ...rest);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, ...rest) {
    const target = this ?? globalThis;
    open.listeners = open.listeners.filter(
      ([where, what, who]) => where !== target || what !== type || who !== listener,
    );
    return removeEventListener.call(target, type, listener, ...rest);
  };

  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  globalThis.setTimeout = (act, millis, ...rest) => {
    const timer = setTimeout(() => {
      open.timers.delete(timer);
      act(...rest);
    }, millis);
    open.timers.add(timer);
    return timer;
  };
  globalThis.setInterval = (...given) => {
    const timer = setInterval(...given);
    open.timers.add(timer);
    return timer;
  };
  globalThis.clearTimeout = globalThis.clearInterval = (timer) => {
    open.timers.delete(timer);
    clearTimeout(timer);
    clearInterval(timer);
  };

  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      made += 1;
      open.sockets.add(this);
      most = Math.max(most, living().length);
    }
  };
  const living = () =>
    [...open.sockets].filter(
      ({ readyState, onopen, onmessage, onclose }) => readyState < 2 || onopen || onmessage || onclose,
    );

  const Channel = globalThis.BroadcastChannel;
  globalThis.BroadcastChannel = class extends Channel {
    constructor(name) {
      super(name);
      open.channels.add(this);
    }
    close() {
      open.channels.delete(this);
      super.close();
    }
  };

  const { open: openDatabase } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (...given) {
    const request = openDatabase.apply(this, given);
    addEventListener.call(request, "success", () => open.databases.add(request.result));
    return request;
  };
  const { close } = IDBDatabase.prototype;
  IDBDatabase.prototype.close = function () {
    open.databases.delete(this);
    close.call(this);
  };

  let before = { listeners: [], timers: [] };
  /** What is open now is not counted: the page's own. */
  globalThis.startLedger = () => {
    before = { listeners: [...open.listeners], timers: [...open.timers] };
  };
  /** What is open now. */
  globalThis.ledger = async () => {
    const { held, pending } = (await navigator.locks?.query()) ?? { held: [], pending: [] };
    const locks = [...held, ...pending].filter(({ name }) => name.startsWith("palaver-"));
    return {
      listeners: open.listeners
        .filter((entry) => !before.listeners.includes(entry))
        .map(([, type]) => type)
        .toSorted(),
      timers: [...open.timers].filter((timer) => !before.timers.includes(timer)).length,
      sockets: living().length,
      channels: open.channels.size,
      databases: open.databases.size,
      locks: locks.map(({ name }) => name),
    };
  };
  /** The sockets that were made, and the most at once. */
  globalThis.socketsMade = () => ({ made, most });
})();
