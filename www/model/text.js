// Text of other people, made safe to show. No DOM: strings go in, plain data comes out, and the view turns it into
// text nodes and links. Nothing here or there ever parses HTML.

const SCHEMES = new Set(["https:", "http:", "mailto:", "tel:"]);

// Marks that turn the direction of the text after them, and control characters: never part of an address.
const DIRECTION = "\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";
const STOP = `\\s<>"\\u0000-\\u001f\\u007f-\\u009f${DIRECTION}`;
const ADDRESS = new RegExp(
  `\\b(?:https?:\\/\\/|mailto:|tel:|www\\.)[^${STOP}]+|\\b[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,8}`,
  "gi",
);
const MARKS = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f${DIRECTION}]`, "g");

/** An address that may be opened, as a `URL`; otherwise `null`. */
export function safeUrl(address, base) {
  try {
    const url = new URL(address, base);
    // Nobody writes a user name into a link except to make another host look like this one.
    return SCHEMES.has(url.protocol) && !url.username && !url.password ? url : null;
  } catch {
    return null;
  }
}

/**
 * The address of an image that may be loaded, or `null`. Platforms leave the scheme out of some avatars.
 * @param {string} [address]
 * @param {string} origin of the page
 */
export function safeImage(address, origin) {
  if (typeof address !== "string" || !address.trim()) return null;
  const text = address.trim();
  const whole =
    /^[a-z][a-z\d+.-]*:(?!\d)/i.test(text) || /^\/(?!\/)/.test(text) ? text : `https://${text.replace(/^\/\//, "")}`;
  try {
    const url = new URL(whole, origin);
    // A `blob:` address has its maker's origin, and is not for others to name.
    const isOwn = url.protocol === "http:" && url.origin === origin;
    return (url.protocol === "https:" || isOwn) && !url.username && !url.password ? url.href : null;
  } catch {
    return null;
  }
}

// Where the platform keeps what is sent through it, as a policy names hosts.
const PLATFORM = ["https://*.livechat-files.com", "https://*.livechatinc.com", "https://*.livechat-static.com"];

/** The hosts whose pictures a Content-Security-Policy lets in: its `img-src` without keywords and bare schemes. */
export function pictureHosts(policy) {
  const directive = policy.split(";").find((directive) => /^\s*img-src\s/i.test(directive)) ?? "";
  return directive.trim().split(/\s+/).filter((source) => /^https:\/\/[^*]|^https:\/\/\*\./i.test(source));
}

/**
 * A picture tells its host who looks at it. The page's own host and the platform's know that anyway; of others nothing is
 * loaded.
 * @param {string} address a result of `safeImage`
 * @param {string[]} [hosts] as `pictureHosts` names them
 */
export function isOwnHost(address, origin, hosts = PLATFORM) {
  const url = new URL(address, origin);
  const isIn = (host) => (host.startsWith("https://*.") ? url.host.endsWith(host.slice(9)) : url.origin === host);
  return url.origin === origin || (url.protocol === "https:" && hosts.some(isIn));
}

/** Do some words read like the name of a host? */
export const namesHost = (words) => /[\p{L}\p{N}]\.\p{L}{2}/u.test(words);

/**
 * The host that a link leads to, unless its words, an address, say just that: `""` then. What counts is the place where
 * browsers look for a host; it may stand somewhere behind as well.
 * @param {string} words  @param {URL} url
 */
export function hiddenHost(words, url) {
  const shown = /^(?:https?:\/\/)?([^/?#\\]*)/i.exec(words.trim())[1].toLowerCase();
  return shown === url.host ? "" : url.host;
}

/** A telephone number that may be dialled, or `null`. */
export function safePhone(number) {
  const digits = String(number ?? "")
    .replace(/^tel:/i, "")
    .replace(/[^\d+*#]/g, "");
  return /\d/.test(digits) ? `tel:${encodeURI(digits).replace(/#/g, "%23")}` : null;
}

/** A name on one line, without characters that turn the direction of what stands beside it. */
export function cleanName(name, fallback = "") {
  const text = typeof name === "string" ? name.replace(MARKS, " ").replace(/\s+/g, " ").trim() : "";
  return text || fallback;
}

/** Up to two letters for a person without a picture. */
export function initials(name) {
  const words = cleanName(name).match(/[\p{L}\p{N}][^\s]*/gu) ?? [];
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/**
 * Splits a text into what is text and what is a link.
 * @returns {{ text: string, href?: string, host?: string }[]} `host` where the text does not show where the link leads
 */
export function tokens(text) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimmed(match[0]);
    const url = safeUrl(withScheme(found));
    if (!url || (/^https?:$/.test(url.protocol) && !url.hostname)) continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index) });
    const token = { text: found, href: url.href };
    const host = hiddenHost(found, url);
    if (host) token.host = host;
    out.push(token);
    from = match.index + found.length;
  }
  if (from < text.length) out.push({ text: text.slice(from) });
  return out;
}

function withScheme(found) {
  if (/^www\./i.test(found)) return `https://${found}`;
  return /^(?:https?|mailto|tel):/i.test(found) ? found : `mailto:${found}`;
}

/** Without the full stop or bracket that belongs to the sentence around the address. */
function trimmed(found) {
  const left = { ")": 0, "]": 0, "}": 0 };
  for (const character of found) {
    if (character in left) left[character] += 1;
    else if (character in OPENS) left[OPENS[character]] -= 1;
  }
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found[end - 1];
    if (left[last] > 0) left[last] -= 1;
    else if (!/[.,;:!?'*…]/.test(last)) break;
  }
  return found.slice(0, end);
}

const OPENS = { "(": ")", "[": "]", "{": "}" };

/** The longest text the server takes, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 16_384;

export const byteLength = (text) => new TextEncoder().encode(text).length;

/** Half an emoji, left by a cut, becomes U+FFFD: the server refuses it otherwise. */
export const wellFormed = (text) =>
  text.toWellFormed ? text.toWellFormed() : new TextDecoder().decode(new TextEncoder().encode(text));

/** `17 KB`, `1.2 MB`; the unit is 1024 bytes. */
export function sizeWords(bytes) {
  if (!Number.isFinite(bytes) || bytes < 0) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  const [value, unit] = bytes < 1024 * 1024 ? [bytes / 1024, "KB"] : [bytes / 1024 / 1024, "MB"];
  return `${value.toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}`;
}
