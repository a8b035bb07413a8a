// What is proved: one row each, with what is demanded of it and how it is run. `docs/reliability.md` shows the rows in
// this order, with the figures of their last runs.
//
// How: the module of `tests/proof`, the file of `e2e/proof`, or a run of its own (proof-runs.mjs); one or several.

export const proofs = [
  {
    id: 1,
    what: "Simulation: messages both ways over random faults, against a server that does not de-duplicate",
    demand: "1,000 seeds of 10,000 messages each way and 500 faults; 0 lost, 0 doubled, 0 misordered",
    native: "simulation",
  },
  {
    id: 2,
    what: "The same through the real WebAssembly in Chromium, a proxy that injects faults in front of the stand-in",
    demand: "1,000 messages each way, 50 faults; 0 lost, 0 doubled, 0 misordered",
    chromium: "faults.spec.mjs",
  },
  {
    id: 3,
    what: "A crash at every step of a send: storage working, refused, full, corrupt; random scripts in which pages die",
    demand: "delivered exactly once after reopening, or shown as failed; never both, never neither",
    native: ["crash", "deaths"],
    chromium: "crash.spec.mjs",
  },
  {
    id: 4,
    what: "A dead line is noticed",
    demand: "with a send pending p99 ≤ 5 s; idle ≤ 20 s; after a wake ≤ 2.5 s; 0 false alarms in 24 h of throttled timers",
    native: "half_open",
  },
  {
    id: 5,
    what: "A storm: 100,000 clients come back at once",
    demand: "≤ 1,800 attempts in any 100 ms, ≤ 700 after an outage of 60 s, p99 back ≤ 28 s; own network change ≤ 100 ms",
    native: "storm",
  },
  {
    id: 6,
    what: "The state machine: every state × every input, and random scripts",
    demand: "a row and a test for each; invariants hold in every script",
    native: ["states", "scripts"],
  },
  {
    id: 7,
    what: "At most one live socket per client",
    demand: "asserted in every test that drives a session: the simulation, the stories, the scripts of the fuzzer",
  },
  {
    id: 8,
    what: "Re-entrancy: every event × every method called from its listener; listeners that throw, leave, destroy",
    demand: "all pairs",
    chromium: "reentrancy.spec.mjs",
  },
  {
    id: 9,
    what: "Five tabs of one visitor, the leader killed again and again",
    demand: "50 kills; the same view in all, takeover ≤ 1 s, 0 lost, 0 doubled",
    chromium: "tabs.spec.mjs",
  },
  {
    id: 10,
    what: "Soak: 24 simulated hours of reconnects and messages; a shorter one in Chromium with forced collection",
    demand: "no growth of memory after the first hour; no growth of listeners, timers, handles",
    native: "soak",
    chromium: "soak.spec.mjs",
  },
  {
    id: 11,
    what: "Fuzzing: frames, scripts of everything that can happen, what storage holds, arguments",
    demand: "no panic, no hang, bounded memory",
    run: "fuzz",
  },
  {
    id: 12,
    what: "Tokens: expiry, revocation, clocks that are off by a day, providers that fail, hang and lie",
    demand: "≤ 1 refresh in flight, ≤ 12 calls in 10 minutes of total failure, terminal within 2 refusals",
    native: "tokens",
  },
  {
    id: 13,
    what: "Mutation testing of the core: its code changed at random",
    demand: "the tests notice ≥ 85 %",
    run: "mutants",
  },
  {
    id: 14,
    what: "Firefox beside Chromium: the suites that run in a browser",
    demand: "both green",
    run: "browsers",
  },
  {
    id: 15,
    what: "LiveChat's own SDK under the same faults",
    demand: "the table below",
    chromium: "vendor.spec.mjs",
  },
  {
    id: 16,
    what: "A trap in the WebAssembly, at every way in and out of it; random scripts in which cores break",
    demand: "an `error` event, a fresh instance, the outbox intact, one socket",
    native: "breaks",
    chromium: "containment.spec.mjs",
  },
];

/** The runs of a row, in order: `{ kind, name }`. */
export const runsOf = (row) =>
  ["native", "chromium", "run"].flatMap((kind) => [row[kind] ?? []].flat().map((name) => ({ kind, name })));
