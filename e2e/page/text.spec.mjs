// What the page does with text, without a browser: links, pictures, names, sizes, Markdown.

import { expect, test } from "@playwright/test";

import {
  byteLength,
  cleanName,
  hiddenHost,
  initials,
  isOwnHost,
  MAX_TEXT_BYTES,
  namesHost,
  pictureHosts,
  safeImage,
  safePhone,
  safeUrl,
  sizeWords,
  tokens,
  wellFormed,
} from "../../www/model/text.js";
import { blocks } from "../../www/model/markdown.js";
import { ADDRESSES, ALL, NESTINGS } from "./corpus.mjs";

const links = (text) =>
  tokens(text)
    .filter((token) => token.href)
    .map((token) => token.href);

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
    expect(
      tokens(text)
        .map((token) => token.text)
        .join(""),
    ).toBe(text);
  }
});

test("no other scheme becomes a link, however it is written", () => {
  // What stands behind such a scheme may look like an address, and lead there.
  const isSafe = (address) => /^(https?:\/\/|mailto:|tel:)/.test(address);
  for (const text of ALL) for (const address of links(text)) expect(isSafe(address), text).toBe(true);
  for (const text of ["<a href='javascript:alert(1)'>x</a>", "[x](javascript:alert(1))", "http://"])
    expect(links(text), text).toEqual([]);
  for (const address of ADDRESSES) {
    const url = safeUrl(address);
    expect(url === null || /^https?:$/.test(url.protocol), address).toBe(true);
    expect(address.includes("@") && url, address).toBeFalsy();
    expect(safeImage(address, "https://shop.example") ?? "https:", address).toMatch(/^https:/);
  }
  for (const address of ["nonsense", ""]) expect(safeUrl(address)).toBeNull();
});

test("a link that looks like another host says where it leads", () => {
  const [link] = tokens("https://аpple.com/login");
  expect(link).toMatchObject({ href: "https://xn--pple-43d.com/login", host: "xn--pple-43d.com" });
  for (const [address, host] of [
    ["https://apple.com/login", undefined],
    ["HTTPS://Apple.COM:8443?x#y", undefined],
    ["www.apple.com", undefined],
    // The host is where browsers look for it.
    ["https://аpple.com/xn--pple-43d.com", "xn--pple-43d.com"],
    ["https://аpple.com?xn--pple-43d.com", "xn--pple-43d.com"],
    ["https:///evil.example/apple.com", "evil.example"],
    ["https://apple.com\\.evil.example/", undefined],
    ["https://0x7f.1/", "127.0.0.1"],
    ["https://apple%2ecom/", "apple.com"],
    ["https://apple。com/", "apple.com"],
    ["https://ap\u00adple.com/", "apple.com"],
  ]) {
    expect(tokens(address)[0].host, address).toBe(host);
  }
  expect(hiddenHost("apple.com", new URL("https://evil.example/apple.com"))).toBe("evil.example");
  expect(hiddenHost("Apple.com/x", new URL("https://apple.com/y"))).toBe("");
  for (const words of ["apple.com", "go to https://apple.com", "яблоко.рф"]) expect(namesHost(words)).toBe(true);
  for (const words of ["Buy now", "Wait... what?", "12.50", ""]) expect(namesHost(words)).toBe(false);
});

test("marks that turn the direction of text end an address", () => {
  expect(links("https://a.example/\u202egpj.exe")).toEqual(["https://a.example/"]);
});

test("long hostile texts take linear time", () => {
  // A text that long would take many minutes otherwise, and end the test by its timeout.
  const n = 400_000;
  for (const text of [
    "a".repeat(n),
    "a.".repeat(n),
    "x@".repeat(n),
    `https://x${")".repeat(n)}`,
    "(".repeat(n),
    "https://x".repeat(n / 8),
    `a@${"b.".repeat(n)}`,
  ]) {
    expect(
      tokens(text)
        .map((token) => token.text)
        .join("").length,
    ).toBe(text.length);
  }
});

test("pictures come from https or the page's own host only", () => {
  const origin = "http://127.0.0.1:8080";
  expect(safeImage("https://a.example/b.png", origin)).toBe("https://a.example/b.png");
  expect(safeImage("cdn.a.example/b.png", origin)).toBe("https://cdn.a.example/b.png");
  expect(safeImage("//cdn.a.example/b.png", origin)).toBe("https://cdn.a.example/b.png");
  expect(safeImage("/files/b.png", origin)).toBe("http://127.0.0.1:8080/files/b.png");
  for (const bad of [
    "http://a.example/b.png",
    "javascript:alert(1)",
    "data:text/html,x",
    "data:image/png;base64,AAAA",
    "blob:x",
    `blob:${origin}/0`,
    `filesystem:${origin}/0`,
    "file:///x",
    "  ",
    undefined,
    null,
    7,
    {},
  ]) {
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

test("telephone numbers and hosts", () => {
  expect(safePhone("tel:+49 (30) 555-01 00")).toBe("tel:+49305550100");
  expect(safePhone("javascript:alert(1)")).toBe("tel:1");
  for (const none of ["", "call us", null, undefined]) expect(safePhone(none)).toBeNull();
  expect(isOwnHost("https://shop.example/a.png", "https://shop.example")).toBe(true);
  expect(isOwnHost("https://cdn.livechat-files.com/a.png", "https://shop.example")).toBe(true);
  for (const other of ["https://livechat-files.com.evil.example/a.png", "https://evil-livechat-files.com/a.png"])
    expect(isOwnHost(other, "https://shop.example")).toBe(false);
});

test("a policy names the hosts of pictures", () => {
  const sources = "'self' blob: data: https: * https://*.cdn.example https://pictures.example";
  const policy = `default-src 'none'; img-src ${sources}; x-y`;
  const hosts = pictureHosts(policy);
  expect(hosts).toEqual(["https://*.cdn.example", "https://pictures.example"]);
  for (const [address, isIn] of [
    ["https://a.cdn.example/b.png", true],
    ["https://a.b.cdn.example/b.png", true],
    ["https://pictures.example/b.png", true],
    ["https://cdn.example/b.png", false],
    ["https://evilcdn.example/b.png", false],
    ["https://a.cdn.example:8443/b.png", false],
    ["http://a.cdn.example/b.png", false],
    ["https://a.cdn.example.evil.example/b.png", false],
    ["https://sub.pictures.example/b.png", false],
    ["https://cdn.livechat-files.com/b.png", false],
  ]) {
    expect(isOwnHost(address, "https://shop.example", hosts), address).toBe(isIn);
  }
  expect(pictureHosts("default-src 'self'")).toEqual([]);
  expect(pictureHosts("")).toEqual([]);
});

test("Markdown becomes blocks and spans, and all of its words stay", () => {
  expect(
    blocks(
      "# Ferns\n\nThey like it **humid**, _really_, `not` *dry*: [more](https://a.example/x).\n\n- one\n- two **2**\n1. first\n\n```js\n<b>**code**</b>\n```\nend",
    ),
  ).toEqual([
    { kind: "heading", spans: [{ kind: "text", text: "Ferns" }] },
    {
      kind: "text",
      spans: [
        { kind: "text", text: "They like it " },
        { kind: "strong", text: "humid" },
        { kind: "text", text: ", " },
        { kind: "em", text: "really" },
        { kind: "text", text: ", " },
        { kind: "code", text: "not" },
        { kind: "text", text: " " },
        { kind: "em", text: "dry" },
        { kind: "text", text: ": " },
        { kind: "link", text: "more", address: "https://a.example/x" },
        { kind: "text", text: "." },
      ],
    },
    {
      kind: "list",
      ordered: false,
      items: [
        [{ kind: "text", text: "one" }],
        [
          { kind: "text", text: "two " },
          { kind: "strong", text: "2" },
        ],
      ],
    },
    { kind: "list", ordered: true, items: [[{ kind: "text", text: "first" }]] },
    { kind: "code", text: "<b>**code**</b>" },
    { kind: "text", spans: [{ kind: "text", text: "end" }] },
  ]);
  expect(blocks("snake_case_name and 2 * 3 * 4")).toEqual([
    { kind: "text", spans: [{ kind: "text", text: "snake_case_name and 2 * 3 * 4" }] },
  ]);
  expect(blocks("")).toEqual([]);
  expect(blocks("```\nnever closed")).toEqual([{ kind: "code", text: "never closed" }]);
});

test("long hostile Markdown takes linear time, and no word of it is lost", () => {
  const n = 200_000;
  for (const text of [
    ...NESTINGS.map((nesting) => nesting.repeat(10)),
    "*".repeat(n),
    "**a".repeat(n / 3),
    "[".repeat(n),
    "[a](".repeat(n / 4),
    "_a".repeat(n / 2),
    "`".repeat(n),
    "```\n".repeat(n / 4),
    "- ".repeat(n / 2),
    "-\n".repeat(n / 2),
    "# ".repeat(n / 2),
  ]) {
    const kept = blocks(text).flatMap(
      (block) => block.text ?? (block.items?.flat() ?? block.spans).map((span) => span.text),
    );
    expect(/[xa]/.test(kept.join("")), text.slice(0, 20)).toBe(/[xa]/.test(text));
  }
});
