// One connection for all tabs of a visitor. Of the tabs that share a line one holds a Web Lock: it leads, and owns the
// only WebSocket. The others follow it over a BroadcastChannel, and to a session the one looks like the other. Without
// a wish to share, without locks or channels, a line is a socket of its own.

import { parse, stringify } from "../json/host.js";
import { happened } from "./clock.js";
import { noted } from "./open.js";
import { isBlocked, POLICY_MS } from "./policy.js";

/** A leader that has not answered for so long is frozen; so are locks that have not. */
const ANSWER_MS = 1_000;
/** Close codes that no server sends: there is no WebSocket class; the page's Content-Security-Policy blocks the address. */
const NO_WEBSOCKET = 1;
const BLOCKED = 2;
/** The platform refuses more requests than these that wait for their answers, */
const MOST_REQUESTS = 10;
/** and one that has waited for so long waits no more. */
const FORGOTTEN_MS = 20_000;
/** What has lain about for so long is not sent any more: its session may be looking whether it has arrived. */
const STALE_MS = 10_000;

// What is said on the channel: [who, to whom ("" is everybody), what, when on the sender's clock, …].
const ATTACH = 0; // a follower comes
const WAIT = 1; // the leader is not logged in yet
const OPEN = 2; // the leader is logged in
const LOGIN = 3; // a follower's frame, and its customer
const WELCOME = 4; // the answer to that
const ALONE = 5; // the leader is another customer
const FRAME = 6; // to the socket, or from it
const CLOSE = 7; // the line is gone, with a close code
const LEAD = 8; // there is a new leader

// Where a line stands, in this order.
const ASKING = 0;
const WAITING = 1;
const OPENED = 2;
const WELCOMED = 3;
const LEADING = 4;
const OVER = 5;

/**
 * What opens lines in a page; `host` is its global object.
 *
 * A line calls `frame` with what arrives, as it arrives, and when if it knows; and `signal` with nothing when it is open and with a close
 * code when it is gone: the socket's own, {@link NO_WEBSOCKET}, {@link BLOCKED}, or 0 when another tab has the socket
 * and it is time to come back at once. `Socket` is a class to use in place of the host's `WebSocket`.
 *
 * `sharing` names the line in `key`, and the fields of a frame: `id` tells requests apart, `kind` is `push` in what the
 * platform says by itself, and `success` is true in the answer to a login that it took.
 */
export const lines = (host) => {
  // The keys that a line of this page shares. One line of a page is enough to lead or to follow.
  const here = new Set();
  // The keys whose leader is another customer: the next line of such a key is a socket of its own.
  const alone = new Set();
  // What is monotonic, if the page has it.
  const now = () => (host.performance ?? host.Date).now();
  // A lead that came to a line which is over, for the line that its session opens now.
  let spare;

  // A socket is detached before it is closed, so that nothing late is heard of it.
  const connect = (url, frame, signal, Socket) => {
    let socket, timer;
    try {
      socket = new (Socket ?? host.WebSocket)(url);
      socket.onopen = () => signal();
      socket.onmessage = ({ data, timeStamp }) => frame(data, timeStamp);
      socket.onclose = ({ code }) => signal(code);
      // Chromium fires no `close` for a blocked address. The `ws` package throws errors that nobody listens to.
      socket.onerror = () => isBlocked(url) && signal(BLOCKED);
    } catch (error) {
      const { name } = error ?? {};
      // Firefox throws for a blocked address, and reports the violation afterwards. What is final must not be told while
      // the api is being made: nobody listens yet.
      const codeOf = () => (name === "TypeError" ? NO_WEBSOCKET : isBlocked(url) ? BLOCKED : 1006);
      if (name === "SyntaxError") signal(1006);
      else timer = host.setTimeout(() => signal(codeOf()), POLICY_MS);
    }
    const send = (text) => {
      try {
        socket.send(text);
      } catch {}
    };
    const close = () => {
      host.clearTimeout(timer);
      if (!socket) return;
      socket.onopen = socket.onmessage = socket.onclose = null;
      // A host's own socket holds no listener while it waits to be collected.
      socket.onerror = Socket ? () => {} : null;
      socket.close();
    };
    return { send, login: send, close };
  };

  const share = (channel, abort, url, { key, id: ID, kind, push, success }, frame, signal, Socket) => {
    const me = Math.random().toString(36).slice(2, 10);
    const untilOver = { signal: abort.signal };
    // Each with its clock's offset: the least difference between this page's clock and its own when a message came.
    const followers = new Map();
    // Requests on the socket and since when, and those that wait for a place there.
    const pending = new Map();
    let queue = [];
    // Nobody follows and the login is done: what comes and goes is not looked at.
    let isDirect = false;
    let stage = ASKING;
    let echo, leader, timer, leave, lead, socket, loginId, customer, welcome;

    // A synchronous throw becomes a rejection.
    const lock = async (name, options, act) => host.navigator.locks.request(name, options, act);
    const post = (to, what, ...rest) => {
      try {
        channel.postMessage([me, to, what, now(), ...rest]);
      } catch {
        fail();
      }
    };
    const withId = (value, id) => stringify({ ...value, [ID]: id });
    const idOf = (value) => (typeof value?.[ID] === "string" ? value[ID] : "");

    const release = () => {
      abort.abort();
      lead?.free();
    };
    const end = (code, isServersWord) => {
      // What keeps this page from a socket need not keep the others from one.
      if (stage === LEADING) post("", CLOSE, code > BLOCKED ? code : 0);
      stage = OVER;
      here.delete(key);
      host.clearTimeout(timer);
      socket?.close();
      channel.onmessage = null;
      channel.close();
      echo?.close();
      leave?.();
      // A follower that got the lead before it heard why would come back before its time. So what the server closed is
      // let go when all have heard, which they show by letting go of their own locks.
      if (!isServersWord || !followers.size) release();
    };
    const lose = (code, isServersWord) => {
      if (stage === OVER) return;
      end(code, isServersWord);
      signal(code);
    };

    // Sharing does not work here: the session comes back at once, on a socket of its own.
    const fail = () => {
      if (stage >= LEADING) return;
      alone.add(key);
      lose(0);
    };
    // Acts unless an answer comes in time. Who was asleep itself may not have read it yet.
    const expect = (act, isSecond) => {
      const since = now();
      host.clearTimeout(timer);
      timer = host.setTimeout(
        () => (!isSecond && now() - since > 1.5 * ANSWER_MS ? expect(act, true) : act()),
        ANSWER_MS,
      );
    };

    // The leader's part.

    const pump = () => {
      const at = now();
      for (const [id, since] of pending) if (at - since > FORGOTTEN_MS) pending.delete(id);
      queue = queue.filter(([, , , said]) => !(at - said >= STALE_MS));
      while (queue.length && pending.size < MOST_REQUESTS) {
        const [, id, text] = queue.shift();
        pending.set(id, at);
        socket.send(text);
      }
      isDirect = welcome && !followers.size && !queue.length;
      if (isDirect) pending.clear();
    };
    const request = (from, text, said) => {
      const value = parse(text);
      const id = idOf(value);
      if (!id) return;
      const own = from ? `${from}.${id}` : id;
      queue.push([from, own, from ? withId(value, own) : text, said]);
      pump();
    };

    const heard = (data, timeStamp) => {
      if (isDirect || typeof data !== "string") return frame(data, timeStamp);
      // Most pushes have none, and are passed on as they are.
      const value = data.includes(`"${ID}"`) ? parse(data) : undefined;
      const id = idOf(value);
      if (!id) {
        post("", FRAME, data);
        return frame(data);
      }
      const [to, own] = id.includes(".") ? id.split(".") : [];
      if (value[kind] === push) {
        const bare = withId(value);
        for (const follower of followers.keys()) post(follower, FRAME, follower === to ? withId(value, own) : bare);
        return frame(to ? bare : data);
      }
      pending.delete(id);
      if (id === loginId && value[success] === true) {
        welcome = value;
        for (const follower of followers.keys()) post(follower, OPEN);
      }
      if (to) post(to, FRAME, withId(value, own));
      pump();
      if (!to) frame(data);
    };

    const serve = (from, what, said, text, who) => {
      const isNew = !followers.has(from);
      // Two pages' clocks differ by any amount. A message is late by what its delay exceeds this follower's shortest.
      const offset = Math.min(followers.get(from) ?? Infinity, now() - said);
      if (what === ATTACH || !isNew) followers.set(from, offset);
      if (what === ATTACH) {
        if (isNew) {
          // Granted when the follower is gone, however it went.
          const gone = () => {
            followers.delete(from);
            queue = queue.filter(([whose]) => whose !== from);
            if (stage !== OVER) pump();
            else if (!followers.size) release();
          };
          lock(`${channel.name}/${from}`, untilOver, gone).catch(() => {});
        }
        isDirect = false;
        post(from, welcome ? OPEN : WAIT);
      } else if (!welcome || isNew || typeof text !== "string") {
        // Nothing that a line says.
      } else if (what === FRAME) {
        request(from, text, said + offset);
      } else if (what === LOGIN) {
        if (who === customer) post(from, WELCOME, withId(welcome, idOf(parse(text))));
        else post(from, ALONE);
      }
    };

    const take = (hold) => {
      if (stage >= OPENED) {
        // The session is logged in on a socket that is gone: it starts anew, on this line's successor.
        spare = { key, hold };
        lose(0);
        if (spare) hold.free();
        spare = undefined;
        return;
      }
      host.clearTimeout(timer);
      stage = LEADING;
      lead = hold;
      // Taken away by somebody to whom this page seemed frozen.
      hold.lost = () => lose(0);
      post("", LEAD);
      socket = connect(url, heard, (code) => (code === undefined ? signal() : lose(code, true)), Socket);
    };
    const requestLead = (options) => {
      const hold = {};
      const granted = () =>
        stage < LEADING &&
        new Promise((free) => {
          hold.free = free;
          take(hold);
        });
      lock(channel.name, options, granted).catch((error) => {
        if (hold.lost) hold.lost();
        // Another robbed at the same moment, and says so.
        else if (error?.name !== "AbortError") fail();
      });
    };

    // The follower's part.

    const ask = () => {
      stage = ASKING;
      // A channel that does not deliver to this page itself does not deliver to a leader either.
      let isHeard = false;
      echo?.close();
      echo = new host.BroadcastChannel(channel.name);
      echo.onmessage = () => {
        isHeard = true;
        echo.close();
      };
      expect(() => {
        if (!isHeard) return fail();
        requestLead({ steal: true });
        expect(fail);
      });
      post("", ATTACH);
    };

    const follow = (from, what, said, first) => {
      if (what === LEAD) {
        if (stage >= OPENED) lose(0);
        else if (leave) ask();
      } else if (what === WAIT || what === OPEN) {
        if (stage >= OPENED) return;
        host.clearTimeout(timer);
        leader = from;
        stage = what === OPEN ? OPENED : WAITING;
        if (what === OPEN) signal();
      } else if (from !== leader) {
        // Somebody who led before.
      } else if (what === CLOSE) {
        lose(first & 0xffff);
      } else if (what === ALONE) {
        alone.add(key);
        lose(0);
      } else if (typeof first === "string" && stage === (what === WELCOME ? OPENED : what === FRAME && WELCOMED)) {
        // What came before the answer to the login is in the summary that is asked for after it.
        stage = WELCOMED;
        frame(first);
      }
    };

    channel.onmessage = ({ data }) => {
      if (!Array.isArray(data)) return;
      const [from, to, ...rest] = data;
      if (typeof from !== "string" || (to !== "" && to !== me)) return;
      if (stage === LEADING) serve(from, ...rest);
      else follow(from, ...rest);
    };
    here.add(key);
    if (spare?.key === key) {
      const { hold } = spare;
      spare = undefined;
      take(hold);
    } else {
      expect(fail);
      requestLead(untilOver);
      // Held as long as this line lives: so a leader learns that it is gone.
      const stay = () =>
        stage < LEADING &&
        new Promise((free) => {
          leave = free;
          ask();
        });
      lock(`${channel.name}/${me}`, untilOver, stay).catch(fail);
    }

    return {
      send(text) {
        if (isDirect) socket.send(text);
        else if (stage === LEADING) request("", text, now());
        else if (stage === WELCOMED) post(leader, FRAME, text);
      },
      login(text, who) {
        if (stage === LEADING) {
          loginId = idOf(parse(text));
          customer = who;
          socket.send(text);
        } else if (stage === OPENED) {
          post(leader, LOGIN, text, who);
        }
      },
      close: () => stage < OVER && end(0),
    };
  };

  return (url, sharing, frame, signal, Socket) => {
    const key = sharing?.key;
    let abort, channel;
    try {
      if (key && !here.has(key) && !alone.delete(key) && host.navigator.locks) {
        abort = new host.AbortController();
        channel = new host.BroadcastChannel(`palaver-tabs-${key}`);
      }
    } catch {
      // Something is missing, or a page may not have it.
    }
    return channel
      ? share(channel, abort, url, sharing, frame, signal, Socket)
      : connect(url, frame, signal, Socket);
  };
};

const open = lines(globalThis);

/**
 * A line for the core. `fields` are the names that {@link lines} wants, in that order; no key is no wish to share.
 * `providers` may bring a WebSocket class.
 */
export const openLine = (url, key, fields, frame, signal, { Socket }) => {
  const [id, kind, push, success] = fields.split(" ");
  const heard = (data, timeStamp) => {
    const value = parse(data);
    happened(timeStamp);
    frame(value);
  };
  return noted(open(url, { key, id, kind, push, success }, heard, signal, Socket));
};
