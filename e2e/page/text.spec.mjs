// What the page does with text, without a browser: links, pictures, names, sizes, words.

import { expect, test } from "@playwright/test";

import { byteLength, cleanName, initials, MAX_TEXT_BYTES, safeImage, safeUrl, sizeWords, tokens, wellFormed } from "../../www/text.js";
import { errorWords, lineWords, systemWords, unknownWords } from "../../www/words.js";

const links = (text) => tokens(text).filter((token) => token.href).map((token) => token.href);

test("addresses become links, and nothing of the text is lost", () => {
  for (const [text, expected] of [
    ["see https://a.example/x?y=1#z now", ["https://a.example/x?y=1#z"]],
    ["(https://a.example/x_(y)).", ["https://a.example/x_(y)"]],
    ["http://a.example, HTTPS://B.example!", ["http://a.example/", "https://b.example/"]],
    ["www.a.example/b", ["https://www.a.example/b"]],
    ["write a.b+c@d.example.", ["mailto:a.b+c@d.example"]],
    ["mailto:a@b.example tel:+49-123", ["mailto:a@b.example", "tel:+49-123"]],
    ["one\nhttps://a.example\ntwo", ["https://a.example/"]],
    ["no links here: 10:30, a/b, x.y", []],
  ]) {
    expect(links(text)).toEqual(expected);
    expect(tokens(text).map((token) => token.text).join("")).toBe(text);
  }
});

test("no other scheme becomes a link, however it is written", () => {
  for (const text of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\u0000script:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x blob:y file:///etc/passwd about:blank",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "http://",
    "https://user@evil.example/ https://good.example:x@evil.example/",
  ]) {
    expect(links(text), text).toEqual([]);
  }
  for (const address of ["javascript:1", " javascript:1", "data:text/html,x", "blob:https://a/b", "nonsense", ""]) expect(safeUrl(address)).toBeNull();
});

test("a link that looks like another host says where it leads", () => {
  const [link] = tokens("https://аpple.com/login");
  expect(link).toMatchObject({ href: "https://xn--pple-43d.com/login", host: "xn--pple-43d.com" });
  expect(tokens("https://apple.com/login")[0].host).toBeUndefined();
});

test("marks that turn the direction of text end an address", () => {
  expect(links("https://a.example/\u202egpj.exe")).toEqual(["https://a.example/"]);
});

test("long hostile texts take linear time", () => {
  // A text that long would take many minutes otherwise, and end the test by its timeout.
  const n = 400_000;
  for (const text of ["a".repeat(n), "a.".repeat(n), "x@".repeat(n), `https://x${")".repeat(n)}`, "(".repeat(n), "https://x".repeat(n / 8), `a@${"b.".repeat(n)}`]) {
    expect(tokens(text).map((token) => token.text).join("").length).toBe(text.length);
  }
});

test("pictures come from https, data of an image or the page's own host only", () => {
  const origin = "http://127.0.0.1:8080";
  expect(safeImage("https://a.example/b.png", origin)).toBe("https://a.example/b.png");
  expect(safeImage("cdn.a.example/b.png", origin)).toBe("https://cdn.a.example/b.png");
  expect(safeImage("//cdn.a.example/b.png", origin)).toBe("https://cdn.a.example/b.png");
  expect(safeImage("/files/b.png", origin)).toBe("http://127.0.0.1:8080/files/b.png");
  expect(safeImage("data:image/png;base64,AAAA", origin)).toBe("data:image/png;base64,AAAA");
  for (const bad of ["http://a.example/b.png", "javascript:alert(1)", "data:text/html,x", "blob:x", "file:///x", "  ", undefined, null, 7, {}]) {
    expect(safeImage(bad, origin)).toBeNull();
  }
});

test("names stay on their line and in their direction", () => {
  expect(cleanName("Ana\u202e\n\tgrace")).toBe("Ana grace");
  expect(cleanName("", "Support")).toBe("Support");
  expect(cleanName(undefined, "Support")).toBe("Support");
  expect(initials("Ana Maria Petrova")).toBe("AP");
  expect(initials("<b>Zoë</b>")).toBe("B");
  expect(initials("")).toBe("?");
  expect(initials("👩‍🌾")).toBe("?");
  expect(initials("𝔘nicode")).toBe("𝔘");
});

test("sizes are measured in bytes as the server does", () => {
  expect(byteLength("ü👋")).toBe(6);
  expect(MAX_TEXT_BYTES).toBe(16_384);
  expect(sizeWords(16_384)).toBe("16 KB");
  expect(sizeWords(512)).toBe("512 bytes");
  expect(sizeWords(1_572_864)).toBe("1.5 MB");
  expect(sizeWords(undefined)).toBe("");
  expect(wellFormed("a\ud83d")).toBe("a\ufffd");
});

test("the state of the line in words", () => {
  const world = { now: 1000, onLine: true };
  const words = (line, more) => {
    const { text, countdown = "", action } = lineWords({ wasConnected: false, ...line }, { ...world, ...more });
    return [text + countdown, action];
  };
  expect(words({ state: "connecting", attempt: 1 })).toEqual(["Connecting…", undefined]);
  expect(words({ state: "connected", wasConnected: true })).toEqual(["", undefined]);
  expect(words({ state: "connected", wasConnected: true, restored: true })).toEqual(["Connected again", undefined]);
  expect(words({ state: "connecting", wasConnected: true, attempt: 2, retryAt: 4500 })).toEqual(["Connection lost — trying again in 4 s", "Try now"]);
  expect(words({ state: "connecting", wasConnected: true, attempt: 2 })).toEqual(["Connection lost — trying again…", undefined]);
  expect(words({ state: "connecting", attempt: 3, retryAt: 2000 })).toEqual(["The chat cannot be reached — trying again in 1 s", "Try now"]);
  expect(words({ state: "connecting", wasConnected: true, retryAt: 9000 }, { onLine: false })).toEqual(["This device is offline", "Try now"]);
  expect(words({ state: "closed", reason: "license_expired" })).toEqual(["This shop's chat has been switched off.", "Connect"]);
  expect(words({ state: "closed", reason: "new_reason" })).toEqual(["The chat was closed (new_reason).", "Connect"]);
});

test("errors and system messages in words, known or not", () => {
  expect(errorWords({ code: "TOO_MANY_REQUESTS" })).toContain("Too many messages");
  expect(errorWords({ code: "NEW_CODE" })).toContain("NEW_CODE");
  expect(errorWords(undefined)).toBe("It did not work.");
  expect(errorWords({ code: "REQUEST_TIMEOUT", details: { outcome: "unknown" } })).toContain("may or may not");
  const system = (systemMessageType, text, textVars) => systemWords({ type: "system_message", systemMessageType, text, textVars });
  expect(system("manual_archived_agent", "x", { agent: "Ana" })).toBe("Ana ended the conversation");
  expect(system("manual_archived_agent", "Ana archived the chat")).toBe("Ana archived the chat");
  expect(system("agent_joined", "%agent% joined the chat", { agent: "Ana" })).toBe("Ana joined the chat");
  expect(system("toString", "as it is")).toBe("as it is");
  expect(system(undefined, undefined)).toBe("The conversation changed");
  expect(unknownWords({ type: "rich_message" })).toContain("A card");
  expect(unknownWords({ type: "hologram" })).toContain("cannot show");
});
