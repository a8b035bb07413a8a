// What the page says in its own words, without a browser.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "@playwright/test";

import { priceWords, recordWords, systemWords } from "../../www/model/system.js";
import { errorWords, isShutOut, lineWords, noticeWords, unknownWords } from "../../www/model/words.js";
import { root } from "../support/standin.mjs";

test("the state of the line in words", () => {
  const world = { now: 1000, onLine: true };
  const words = (line, more) => {
    const { text, countdown = "", action } = lineWords({ wasConnected: false, ...line }, { ...world, ...more });
    return [text + countdown, action];
  };
  expect(words({ state: "connecting", attempt: 1 })).toEqual(["Connecting…", undefined]);
  expect(words({ state: "connected", wasConnected: true })).toEqual(["", undefined]);
  expect(words({ state: "connected", wasConnected: true, restored: true })).toEqual(["Connected again", undefined]);
  expect(words({ state: "connecting", wasConnected: true, attempt: 2, retryAt: 4500 })).toEqual([
    "Connection lost — trying again in 4 s",
    "Try now",
  ]);
  expect(words({ state: "connecting", wasConnected: true, attempt: 2 })).toEqual([
    "Connection lost — trying again…",
    undefined,
  ]);
  expect(words({ state: "connecting", attempt: 3, retryAt: 2000 })).toEqual([
    "The chat cannot be reached — trying again in 1 s",
    "Try now",
  ]);
  expect(words({ state: "connecting", wasConnected: true, retryAt: 9000 }, { onLine: false })).toEqual([
    "This device is offline",
    "Try now",
  ]);
  expect(words({ state: "connecting", wasConnected: true, isBroken: true })).toEqual([
    "Something broke; the chat is starting again…",
    undefined,
  ]);
  expect(words({ state: "connecting", wasConnected: true, isBroken: true, retryAt: 4500 })).toEqual([
    "Connection lost — trying again in 4 s",
    "Try now",
  ]);
  expect(words({ state: "connected", wasConnected: true, restored: true, isBroken: true })).toEqual([
    "Something broke; the chat has started again",
    undefined,
  ]);
  expect(words({ state: "closed", reason: "license_expired" })).toEqual([
    "This shop's chat has been switched off.",
    "Connect",
  ]);
  expect(words({ state: "closed", reason: "new_reason" })).toEqual(["The chat was closed (new_reason).", "Connect"]);
});

test("errors and system messages in words, known or not", () => {
  expect(errorWords({ code: "TOO_MANY_REQUESTS" })).toContain("Too many messages");
  expect(errorWords({ code: "NEW_CODE" })).toContain("NEW_CODE");
  expect(errorWords(undefined)).toBe("It did not work.");
  expect(errorWords({ code: "REQUEST_TIMEOUT", details: { outcome: "unknown" } })).toContain("may or may not");
  const system = (systemMessageType, text, textVars) =>
    systemWords({ type: "system_message", systemMessageType, text, textVars });
  expect(system("manual_archived_agent", "x", { agent: "Ana" })).toBe("Ana ended the conversation");
  expect(system("manual_archived_agent", "Ana archived the chat")).toBe("Ana archived the chat");
  expect(system("agent_joined", "%agent% joined the chat", { agent: "Ana" })).toBe("Ana joined the conversation");
  expect(system("toString", "as it is")).toBe("as it is");
  expect(system(undefined, undefined)).toBe("The conversation changed");
  expect(unknownWords({ type: "rich_message" })).toContain("A card");
  expect(unknownWords({ type: "hologram" })).toContain("cannot show");
});

test("system messages say what happened when a variable is missing, and every known kind has words", () => {
  const source = readFileSync(join(root, "src/api/types/messages.d.ts"), "utf8");
  const kinds = /export type SystemMessageType =([^;]+);/
    .exec(source)[1]
    .match(/"[^"]+"/g)
    .map((kind) => kind.slice(1, -1));
  expect(kinds.length).toBeGreaterThan(30);
  for (const kind of kinds) {
    const words = systemWords({ systemMessageType: kind, text: "The platform's words" });
    expect(words, kind).not.toMatch(/%|undefined/);
    expect(words.length, kind).toBeGreaterThan(5);
  }
  expect(systemWords({ systemMessageType: "routing.archived_inactive" })).toBe("The conversation ended");
  expect(systemWords({ systemMessageType: "agent_added", textVars: { agent: "Ana" } })).toBe(
    "Ana joined the conversation",
  );
  expect(systemWords({ systemMessageType: "agent_added", textVars: null, text: 7 })).toBe("7");
});

test("records of the shop in words, whatever is in them", () => {
  const record = (subtype, details) =>
    recordWords({ type: "system", subtype, details: typeof details === "string" ? details : JSON.stringify(details) });
  expect(
    record("store_order_was_created", { order: { order_number: "7", total_price: "34.5", currency: "EUR" } }),
  ).toBe("Order 7 was placed: €34.50");
  expect(record("store_order_was_created", "[broken")).toBe("An order was placed");
  expect(
    record("store_product_added_to_cart", {
      cart_lines: [{ product: { title: "Fern" } }, null, { product: { title: "Pot" } }],
    }),
  ).toBe("Fern, Pot was added to the cart");
  expect(record("store_product_removed_from_cart", { cart_lines: 3 })).toBe("Something was taken out of the cart");
  expect(record("summary", { summary: { text: "All is well", status: "ok" } })).toBe("All is well");
  expect(record("custom_skill_started", {})).toBeNull();
  expect(priceWords(3, "nonsense")).toBe("3 nonsense");
  expect(priceWords("many", "EUR")).toBe("many");
});

test("the queue, being handed over and nobody there, in words", () => {
  const words = (what) => noticeWords({ queue: null, transfer: null, isAway: false, ...what });
  expect(words({})).toBe("");
  expect(words({ queue: { position: 4, waitTime: 600 } })).toBe("You are number 4 in the queue, about 10 minutes.");
  expect(words({ queue: { position: 1, waitTime: 5 } })).toBe("You are next, about a minute.");
  expect(words({ queue: { position: 2 } })).toBe("You are number 2 in the queue.");
  expect(words({ transfer: { to: "Grace" } })).toBe("You are being connected to Grace.");
  expect(words({ transfer: { to: "" } })).toBe("You are being connected to somebody else.");
  expect(words({ isAway: true })).toContain("Nobody is here");
  expect(words({ isAtRisk: true, queue: { position: 1, waitTime: 5 } })).toContain("Keep this page open");
  expect(isShutOut({ state: "closed", reason: "customer_banned" })).toBe(true);
  expect(isShutOut({ state: "closed", reason: "disconnect" })).toBe(false);
});
