// One request for a token at a time. The token service knows a visitor by the cookie of its first answer: two first
// requests at once are two customers. Within a page whoever asks meanwhile gets the same answer. Between tabs a Web Lock
// is held from a look into storage until the token is there; without locks it is a lease in storage.

import { parse } from "../json/host.js";
import { noted } from "./open.js";

/** No asker waits longer for another's request: its core gives up soon after (`TOKEN_MS`). */
const PATIENCE_MS = 8_000;
/** Working locks grant a free one within this time. */
const GRANT_MS = 1_000;
/** Other tabs see a write to storage within this time. */
const STORED_MS = 100;

const HELD = 1;

/** What gives turns in a page; `host` is its global object. */
export const turns = (host) => {
  // The request that is under way, by scope: a promise of its answer, or of nothing if it takes too long.
  const requests = new Map();
  const sleep = (millis) => new Promise((done) => host.setTimeout(done, millis));
  const lock = async (...request) => host.navigator.locks.request(...request);
  const read = (key) => {
    try {
      return host.localStorage.getItem(key);
    } catch {}
  };

  return {
    /**
     * Waits for this page's turn in a `scope`, whose tokens are stored under `slot` if at all. Resolves with a function
     * that takes the answer to the request that is to follow; or with another's answer; or, in the place of its status
     * and body, with 0 and the token that is stored. `isFresh`: only with one that was stored after this call.
     */
    async take(scope, slot, isFresh) {
      const known = isFresh && read(slot);
      for (let request; (request = requests.get(scope)); ) {
        const answer = await request;
        if (answer && (answer[0] || !isFresh)) return answer;
      }
      const name = `palaver-token-${scope}`;
      const me = String(host.Date.now() + Math.random());
      let give, timer;
      const over = new Promise((done) => {
        give = done;
        timer = host.setTimeout(done, PATIENCE_MS);
      });
      requests.set(scope, over);
      // A core that breaks answers nobody.
      over.then(noted({ close: give }).close);
      const granted = await new Promise((begin) => {
        over.then(() => {
          host.clearTimeout(timer);
          if (requests.get(scope) === over) requests.delete(scope);
          begin();
        });
        const hold = () => {
          begin(HELD);
          return over.then(() => sleep(STORED_MS));
        };
        lock(name, hold).catch(begin);
        const grantTimer = host.setTimeout(begin, GRANT_MS);
        lock(name + me, () => host.clearTimeout(grantTimer)).catch(begin);
      });
      if (granted !== HELD && slot) {
        // The lease carries its time, so that a dead page's lease expires.
        const isMine = () => read(name) === me;
        try {
          while (!isMine() && requests.get(scope) === over) {
            if (!(Math.abs(host.Date.now() - read(name)) < PATIENCE_MS)) host.localStorage.setItem(name, me);
            await sleep(STORED_MS);
          }
        } catch {}
        over.then(() => sleep(STORED_MS)).then(() => isMine() && host.localStorage.removeItem(name));
      }
      const text = read(slot);
      const token = text !== known && parse(text);
      if (!token) return give;
      const answer = [0, token];
      give(answer);
      return answer;
    },
    /** Whoever asks next gets nothing of what is under way: the customer has logged out. */
    forget: (scope) => requests.delete(scope),
  };
};

const { take, forget } = turns(globalThis);
export { forget as forgetTurn, take as takeTurn };
