// Short lines for a minified module. An error prints the whole line that threw.

/** No line of a bundle is longer. */
const MOST = 480;
const LEAST = 200;

/**
 * Where a line may end, the cheapest first: a line break in place of a semicolon, or one more character. Bundlers look
 * for `import.meta.url` with patterns that know no line breaks.
 */
const PLACES = [/;(?=(?:const|let|return|if|for|throw)\b)/g, /(?<=[{};,])(?!import\.meta)(?=[\w$[("'])/g];

/**
 * Breaks lines where no text is. `minify` must give the same for a text and its broken form: that proves the places.
 * @param {string} text a minified module, in one line or more
 * @param {(text: string) => string} minify
 */
export function breakLines(text, minify) {
  const lines = [];
  const goal = minify(text);
  let rest = text;
  for (let end; (end = rest.indexOf("\n")) >= 0 || rest.length > MOST; ) {
    const isShort = end >= 0 && end <= MOST;
    const [before, after] = isShort ? [rest.slice(0, end), rest.slice(end + 1)] : split(rest, lines, goal, minify);
    lines.push(before);
    rest = after;
  }
  return [...lines, rest].join("\n");
}

/** The first line of `rest`, and what follows it. */
function split(rest, lines, goal, minify) {
  for (const place of PLACES) {
    for (const { index } of [...rest.slice(0, MOST).matchAll(place)].reverse()) {
      if (index < LEAST) break;
      const after = rest.slice(rest[index] === ";" ? index + 1 : index);
      const before = rest.slice(0, index);
      if (minified([...lines, before, after].join("\n"), minify) === goal) return [before, after];
    }
  }
  throw new Error(`no line can end within ${MOST} characters of ${rest.slice(0, 60)}`);
}

/** A break within a text or an expression is no module any more. */
function minified(text, minify) {
  try {
    return minify(text);
  } catch {
    return undefined;
  }
}
