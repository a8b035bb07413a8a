// wasm-bindgen's glue is a module: one instance of the core, for ever. Ours is a function, so that an instance that broke
// can be replaced: each has its own `wasm`, memory views and closures, and nothing late reaches the next one.

/** What the glue has to look like, and what is made of it. Glue of another form must fail here, not in a browser. */
const EDITS = [
  // Its own loader; ours is src/js/load.js.
  [/^let wasmModule, wasmInstance, wasm;\n[^]*$/m, ""],
  [/^export (?=class Core\b)/m, ""],
  [/^if \(Symbol\.dispose\) .*\n/m, ""],
  [/^\/\*\*(?:(?!\*\/)[^])*\*\/\nexport function start\(\) \{\n[^}]*\}\n/m, ""],
  // Nobody frees a core by hand.
  [/^ {4}__destroy_into_raw\(\) \{[^]*?^ {4}\}\n {4}free\(\) \{[^]*?^ {4}\}\n/m, ""],
  // What every engine has that runs the core.
  [/\(typeof FinalizationRegistry === 'undefined'\)\n.*\n\s+: (?=new FinalizationRegistry)/g, ""],
  [/^if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]*?^\}\n/m, ""],
  [/^ {4}if \(realloc === undefined\) \{[^]*?^ {4}\}\n/m, ""],
  // What a page's function did while the core waited for it may have been the end of this instance.
  [/return f\.apply\(this, args\);/, "const value = f.apply(this, args); wasm.unwind(); return value;"],
];

/** The core calls its imports as plain functions: arrows are shorter. */
export const withArrows = (glue) =>
  glue
    .replace(
      /^( {8}\w+): function\(\) \{ return handleError\(function \(([^)]*)\) \{([^]*?)\}, arguments\); \},$/gm,
      "$1: (...args) => handleError(($2) => {$3}, args),",
    )
    .replace(/^( {8}\w+): function\(([^)]*)\) \{$/gm, "$1: ($2) => {");

/**
 * @param {string} glue wasm-bindgen's JavaScript for `--target web`
 * @returns {string} a module with `glue()`: `{ imports, start }`, where `start(exports)` gives the class `Core`
 */
export function asFactory(glue) {
  let text = glue;
  for (const [pattern, replacement] of EDITS) {
    if (!pattern.test(text)) throw new Error(`wasm-bindgen's glue has nothing like ${pattern}`);
    text = text.replace(pattern, replacement);
  }
  const lines = text.split("\n");
  const isImport = (line) => line.startsWith("import ");
  return [
    ...lines.filter(isImport),
    "export function glue() {",
    "let wasm;",
    ...lines.filter((line) => !isImport(line)),
    "const start = (exports) => { wasm = exports; wasm.__wbindgen_start(); return Core; };",
    "return { imports: __wbg_get_imports(), start };",
    "}",
    "",
  ].join("\n");
}
