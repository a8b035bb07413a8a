// The core of one api, through all instances that it lives in.

import { attachCaller } from "../api/caller.js";
import { Calls } from "../api/calls.js";
import { Emitter } from "../api/emitter.js";
import { ChatError } from "../api/error.js";
import { plain } from "../json/host.js";
import { enter, join, leave, unwinding } from "./instance.js";

const MESSAGE = "the core broke and was replaced";

// A copy, for the cores to come: the application may change what it gave. What cannot be copied is refused by the core.
const copied = (config) => {
  if (typeof config !== "object") return config;
  try {
    const { identityProvider, customerDataProvider, webSocket } = config;
    return Object.assign(plain(config), { identityProvider, customerDataProvider, webSocket });
  } catch {
    return config;
  }
};

const broken = () =>
  new ChatError("INTERNAL", "the core broke while this was under way: whether it was done is unknown", true);

export const createCore = (given) => {
  const config = copied(given);
  const emitter = new Emitter(unwinding);
  const calls = new Calls();
  let core;
  let hasEnded = false;

  const build = (config) => {
    core = undefined;
    enter((Core) => (core = new Core(config, emitter, calls)));
  };
  // What is asked of a core that has just broken is asked of the next.
  const act = (what) => {
    if (!hasEnded) enter(() => hasEnded || what(core));
  };
  const ask = (what, otherwise) => {
    let answer;
    act((core) => (answer = what(core)));
    return answer ?? otherwise();
  };
  // The wish outlives a core that breaks of it.
  const steer = (state, what) => () => {
    emitter.state = state;
    act(what);
  };
  const answered = (begin) => {
    const caller = new Error();
    return new Promise((resolve, reject) => {
      const refuse = (error) => reject(attachCaller(error, caller));
      act((core) => begin(core, calls.add(resolve, refuse)));
      if (hasEnded) refuse(broken());
    });
  };

  const tenant = {
    revive() {
      const { state } = emitter;
      calls.abandon(broken);
      emitter.adopt();
      const isUp = state === "connecting" || state === "connected";
      build({ ...config, autoConnect: false, resume: Object.fromEntries(emitter.last) });
      emitter.emit("error", { code: "INTERNAL", message: MESSAGE });
      if (isUp) act((core) => core.connect());
    },
    end() {
      const { state } = emitter;
      hasEnded = true;
      calls.abandon(broken);
      emitter.emit("error", { code: "INTERNAL", message: MESSAGE });
      emitter.emit("state", { state: "closed", previous: state, reason: "internal_error" });
      emitter.emit("disconnected", "internal_error");
    },
  };

  try {
    build(config);
    if (!core) throw broken();
  } catch (error) {
    throw attachCaller(error, new Error());
  }
  join(tenant);

  return {
    emitter,
    get state() {
      return ask((core) => core.state, () => emitter.state);
    },
    chats: () => ask((core) => core.chats(), () => []),
    outbox: () => ask((core) => core.outbox(), () => []),
    can: (method) => ask((core) => core.can(method), () => false),
    call: (method, options) => answered((core, call) => core.call(call, method, options)),
    upload: (...given) => answered((core, call) => core.upload(call, ...given)),
    connect: steer("connecting", (core) => core.connect()),
    reconnect: steer("connecting", (core) => core.reconnect()),
    disconnect: steer("closed", (core) => core.disconnect()),
    destroy() {
      // First of all: whatever is still to be told is told to nobody.
      emitter.finish();
      leave(tenant);
      act((core) => core.destroy());
      // If the core breaks before it has answered, nobody else will.
      queueMicrotask(() => calls.abandon(() => new ChatError("SDK_DESTROYED", "the api was destroyed")));
    },
  };
};
