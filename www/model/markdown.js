// The part of Markdown that people and machines write in chats, as plain data: the view makes elements of it, and nothing
// here or there ever parses HTML. Texts are hostile: every pattern is bounded, so that no text takes long.

/** `` `code` ``, `**strong**`, `*emphasis*`, `[text](address)` */
const INLINE =
  /`([^`\n]{1,1000})`|\*\*(?=\S)([^*\n]{1,1000})\*\*|__(?=\S)([^_\n]{1,1000})__|\*(?=\S)([^*\n]{1,1000})\*|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]{1,1000})_(?![\p{L}\p{N}_])|\[([^\]\n]{1,500})\]\(([^\s()]{1,2000})\)/gu;

/**
 * @typedef {{ kind: "text" | "code" | "strong" | "em", text: string } | { kind: "link", text: string, address: string }} Span
 * @typedef {{ kind: "text" | "heading", spans: Span[] } | { kind: "code", text: string } | { kind: "list", ordered: boolean, items: Span[][] }} Block
 */

/** @returns {Block[]} */
export function blocks(text) {
  const out = [];
  let fence = null;
  for (const line of text.split("\n")) {
    if (/^\s{0,3}```[^`]*$/.test(line)) {
      if (fence === null) fence = [];
      else {
        out.push({ kind: "code", text: fence.join("\n") });
        fence = null;
      }
      continue;
    }
    if (fence !== null) {
      fence.push(line);
      continue;
    }
    addLine(out, line);
  }
  if (fence !== null) out.push({ kind: "code", text: fence.join("\n") });
  for (const block of out) if (block.kind === "text") block.spans = spans(block.lines.join("\n").trim());
  return out.filter((block) => block.kind !== "text" || block.spans.length > 0).map(({ lines, ...block }) => block);
}

function addLine(out, line) {
  const last = out.at(-1);
  const item = /^\s{0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/.exec(line);
  const heading = /^#{1,6}\s+(.*)$/.exec(line);
  if (heading) {
    out.push({ kind: "heading", spans: spans(heading[1]) });
  } else if (item) {
    const ordered = item[1] !== undefined;
    if (last?.kind === "list" && last.ordered === ordered) last.items.push(spans(item[2]));
    else out.push({ kind: "list", ordered, items: [spans(item[2])] });
  } else if (last?.kind === "text") {
    last.lines.push(line);
  } else {
    out.push({ kind: "text", lines: [line] });
  }
}

/** @returns {Span[]} */
function spans(text) {
  const out = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) out.push({ kind: "text", text: text.slice(from, match.index) });
    const [, code, strong, strong2, em, em2, label, address] = match;
    if (code !== undefined) out.push({ kind: "code", text: code });
    else if (address !== undefined) out.push({ kind: "link", text: label, address });
    else if ((strong ?? strong2) !== undefined) out.push({ kind: "strong", text: strong ?? strong2 });
    else out.push({ kind: "em", text: em ?? em2 });
    from = match.index + match[0].length;
  }
  if (from < text.length) out.push({ kind: "text", text: text.slice(from) });
  return out;
}
