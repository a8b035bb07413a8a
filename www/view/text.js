// Words of other people as nodes: text, links, and Markdown where the event says that it is some.

import { blocks } from "../model/markdown.js";
import { safeUrl, tokens } from "../model/text.js";
import { h } from "./dom.js";

/** Of every link in what others wrote. */
export const REL = "noopener noreferrer ugc";

/** A text with its addresses made into links. */
export function textParts(text) {
  return tokens(String(text ?? "")).map(({ text, href, host }) =>
    href ? link(text, href, host) : document.createTextNode(text),
  );
}

export function markdownParts(text) {
  return blocks(String(text ?? "")).map((block) => {
    switch (block.kind) {
      case "code":
        return h("pre", {}, block.text);
      case "heading":
        return h("p", {}, h("strong", {}, ...block.spans.flatMap(span)));
      case "list":
        return h(block.ordered ? "ol" : "ul", {}, ...block.items.map((spans) => h("li", {}, ...spans.flatMap(span))));
      default:
        return h("p", {}, ...block.spans.flatMap(span));
    }
  });
}

function span({ kind, text, address }) {
  if (kind === "text") return textParts(text);
  if (kind !== "link") return [h(kind, {}, ...(kind === "code" ? [text] : textParts(text)))];
  const url = safeUrl(address);
  // The words of such a link are its author's, so where it leads is always said.
  return url ? [link(text, url.href, url.host || url.href)] : textParts(text);
}

function link(text, href, host) {
  const external = /^https?:/.test(href);
  const anchor = h("a", { href, rel: REL, target: external && "_blank" }, h("bdi", {}, text));
  return host ? h("span", {}, anchor, " ", leadsTo(host)) : anchor;
}

/** Where a link leads, when its words do not say so. */
export const leadsTo = (host) => h("small", { class: "quiet", dir: "ltr" }, "(leads to ", h("bdi", {}, host), ")");
