// Deliberate differences of the connection: how it comes about, breaks, ends.

import { expect } from "../page.mjs";
import { CUSTOMER } from "../script.js";
import { farewell, names } from "./words.mjs";

export const connection = [
  {
    what: "WebAssembly that cannot be loaded",
    theirs: "needs none",
    ours: "`disconnected` with `wasm_unavailable`, once; calls reject with `WASM_UNAVAILABLE`; `connect()` tries again",
    why: "the core is WebAssembly",
    prove: async ({ both, page }) => {
      await page.route("**/*.wasm?*", (route) => route.abort());
      const failed = await page.evaluate(async () => {
        both.begin();
        const call = both.sdks.ours.listChats().catch(({ code, retryable }) => ({ code, retryable }));
        await both.told(() => call);
        const { ours } = await both.heardSince();
        return { call: await call, later: await both.sdks.ours.getCustomer().catch(({ code }) => code), ours };
      });
      expect(failed).toEqual({
        call: { code: "WASM_UNAVAILABLE", retryable: true },
        later: "WASM_UNAVAILABLE",
        ours: [{ name: "disconnected", payload: { reason: "wasm_unavailable" } }],
      });
      await page.unroute("**/*.wasm?*");
      const again = await page.evaluate(() => {
        const connected = both.connectedAgain("ours");
        both.sdks.ours.connect();
        return connected;
      });
      expect(again.customer.id).toBe(CUSTOMER);
    },
  },
  {
    what: "A call without a connection",
    theirs: "rejects with `NO_CONNECTION` at once",
    ours: "waits: requests for 30 s, messages for an hour (`sendTimeoutMs`); only then it rejects",
    why: "a phone in a tunnel is no error",
    prove: async ({ both, page }) => {
      await both.start();
      await both.drop();
      const codes = await page.evaluate(async () => {
        const vendor = await both.sdks.vendor.getPredictedAgent().catch(({ code }) => code);
        const ours = await both.sdks.ours.getPredictedAgent();
        return { vendor, ours };
      });
      expect(codes).toEqual({ vendor: "NO_CONNECTION", ours: {} });
    },
  },
  {
    what: "A connection lost with calls in flight",
    theirs: "all reject with `CONNECTION_LOST`; the outcome is unknown",
    ours: "what may be repeated is sent again, a message unless it had arrived; only what cannot be repeated rejects",
    why: "nobody can do this better than who knows what was sent",
    prove: async ({ both, page }) => {
      await both.start();
      const outcome = await page.evaluate(async () => {
        both.silence("get_predicted_agent");
        const calls = ["vendor", "ours"].map((kind) => both.sdks[kind].getPredictedAgent().catch(({ code }) => code));
        await both.settle();
        both.silence();
        await both.drop();
        return Promise.all(calls);
      });
      expect(outcome).toEqual(["CONNECTION_LOST", {}]);
    },
  },
  {
    what: "`connect()` while connecting or connected",
    theirs: "throws",
    ours: "does nothing",
    why: "it is what was wanted",
    prove: async ({ both, page }) => {
      await both.start();
      const thrown = await page.evaluate(() =>
        Object.values(both.sdks).map((sdk) => {
          try {
            return sdk.connect() ?? null;
          } catch ({ message }) {
            return message;
          }
        }),
      );
      expect(thrown).toEqual([expect.stringMatching(/already/i), null]);
    },
  },
  {
    what: "`disconnect()` with calls in flight",
    theirs: "leaves their promises open forever",
    ours: "rejects them with `CONNECTION_LOST`; unsent messages wait for `connect()`",
    why: "every promise settles",
    prove: async ({ both, page }) => {
      await both.start();
      const outcome = await page.evaluate(async () => {
        both.silence("get_predicted_agent");
        const calls = Object.values(both.sdks).map((sdk) =>
          Promise.race([sdk.getPredictedAgent().catch(({ code }) => code), both.settle().then(() => "open")]),
        );
        for (const sdk of Object.values(both.sdks)) sdk.disconnect();
        return Promise.all(calls);
      });
      expect(outcome).toEqual(["open", "CONNECTION_LOST"]);
    },
  },
  {
    what: "A reason to stay away: `inactivity_timeout`, `license_expired`, `users_limit_reached`",
    theirs: "connects again after 100 ms, again and again",
    ours: "stays away until `connect()`",
    why: "the platform's documentation says so",
    prove: async ({ both, page }) => {
      await both.start();
      const { vendor, ours } = await both.push(farewell("inactivity_timeout"));
      for (const events of [vendor, ours]) {
        expect(events).toContainEqual({ name: "disconnected", payload: { reason: "inactivity_timeout" } });
      }
      await page.waitForTimeout(600);
      const logins = await both.loginCounts();
      expect(logins).toEqual({ vendor: 2, ours: 1 });
    },
  },
  {
    what: "A final reason, e.g. `customer_banned` or `logged_out_remotely`",
    theirs: "destroys the instance: its listeners are gone, it cannot connect again",
    ours: "closes it: listeners stay, and `connect()` may be called again",
    why: "a lifted ban or a new login should not need a new instance; calls reject with the reason in upper case meanwhile",
    prove: async ({ both, page }) => {
      await both.start();
      const { vendor, ours } = await both.push(farewell("customer_banned"));
      for (const events of [vendor, ours])
        expect(events).toEqual([{ name: "disconnected", payload: { reason: "customer_banned" } }]);
      const again = await page.evaluate(async () => {
        const codes = await Promise.all(
          Object.values(both.sdks).map((sdk) => sdk.getPredictedAgent().catch(({ code }) => code)),
        );
        both.sdks.ours.connect();
        await new Promise((resolve) => both.sdks.ours.once("connected", resolve));
        return codes;
      });
      expect(again).toEqual(["SDK_DESTROYED", "CUSTOMER_BANNED"]);
    },
  },
  {
    what: "`customer_temporarily_blocked`",
    theirs: "destroys the instance and leaves the promises of calls open forever",
    ours: "connects again when the time is over that the platform names",
    why: "it is temporary",
    prove: async ({ both }) => {
      await both.start();
      const { vendor, ours } = await both.push(farewell("customer_temporarily_blocked", { timeout: 1 }));
      for (const events of [vendor, ours]) expect(names(events)).toEqual(["disconnected"]);
      expect((await both.connectedAgain("ours")).customer.id).toBe(CUSTOMER);
      expect(await both.loginCounts()).toEqual({ vendor: 1, ours: 2 });
    },
  },
  {
    what: "`misdirected_connection`, `service_temporarily_unavailable`, `too_many_unauthorized_connections`",
    theirs: "are not told",
    ours: "are told as `disconnected` with their reason; `connected` follows",
    why: "LiveChat's documentation promises it, and the application sees why it waits",
    prove: async ({ both }) => {
      await both.start();
      const { vendor, ours } = await both.push(farewell("service_temporarily_unavailable"));
      expect(names(vendor)).toEqual([]);
      expect(ours).toEqual([{ name: "disconnected", payload: { reason: "service_temporarily_unavailable" } }]);
    },
  },
  {
    what: "A token that belongs to another customer than before",
    theirs: "destroys the instance: `disconnected` with `identity_mismatch`",
    ours: "goes on as that customer: `identity_changed`, then `connected`",
    why: "5.x does so too; where third-party cookies are blocked it happens in mid-session",
    prove: async ({ both }) => {
      await both.start();
      await both.becomeSomebodyElse("somebody-else");
      await both.push(farewell("access_token_expired"));
      await expect.poll(async () => names((await both.heardSince()).ours)).toContain("connected");
      await expect.poll(async () => names((await both.heardSince()).vendor)).toEqual(["disconnected", "disconnected"]);
      const seen = await both.heardSince();
      expect(seen.vendor[1].payload).toEqual({ reason: "identity_mismatch" });
      expect(seen.ours).toContainEqual({
        name: "identity_changed",
        payload: { previousId: CUSTOMER, newId: "somebody-else" },
      });
    },
  },
  {
    what: "What is reported to LiveChat",
    theirs: "each `startChat` and `resumeChat` loads an image from a host for logs",
    ours: "nothing",
    why: "no telemetry; a strict Content-Security-Policy needs no entry for it",
    prove: async ({ both }) => {
      await both.start();
      const script = { start_chat: { error: { type: "chat_limit_reached", message: "one is enough" } } };
      await both.call({ method: "startChat", args: [], script });
      const { vendor, total } = await both.imageCounts();
      expect([vendor, total]).toEqual([1, 1]);
    },
  },
  {
    what: "Requests that the application did not ask for",
    theirs: "none after the login",
    ours: "`list_chats` after each login, `list_threads` after an outage; `user_data` is told of whom they name",
    why: "what was missed can be told, and it is known from the start which chats are open",
    prove: async ({ both }) => {
      await both.start();
      const frames = await both.allFrames();
      expect(frames.vendor.map(({ action }) => action)).toEqual(["login"]);
      expect(frames.ours.map(({ action }) => action)).toEqual(["login", "list_chats"]);
    },
  },
  {
    what: "Signs of life",
    theirs: "none: a dead connection is noticed by the operating system",
    ours: "a `ping` after 15 s of silence, and at once when the network or the page comes back",
    why: "the platform's documentation asks for it",
    prove: async ({ both, page }) => {
      await both.start();
      await both.network("online");
      await page.waitForTimeout(100);
      const pings = await both.framesOf("ping");
      expect(pings.vendor).toEqual([]);
      expect(pings.ours.length).toBeGreaterThan(0);
    },
  },
];
