// `npm run size`: what a visitor downloads, beside the vendor's SDK. `-- --deps` says what each dependency costs,
// and names the largest functions (`--top 50`: more of them).

import { copyFileSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { pkgDir, root } from "./lib/paths.mjs";
import { dim, green, main, red, run, say, step, table } from "./lib/steps.mjs";

const budgets = () => JSON.parse(readFileSync(join(root, "budgets.json"), "utf8"));
// zlib at level 9, as web servers have it; the command `gzip -9` differs by half a percent in either direction.
const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;
const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
const shown = (bytes) => bytes.toLocaleString("en-US");

const row = (label, ...files) => [
  label,
  ...[(bytes) => bytes.length, gzip, brotli].map((measure) => files.reduce((sum, file) => sum + measure(file), 0)),
];

/**
 * Prints the table of the built package beside its budget, which is where we want to be, and its ceiling, which no
 * change may pass; true when it is below the ceiling. A change that shrinks the package lowers the ceiling with it.
 */
export async function printSize() {
  // Not at the top: npm packages may be installed only after this module is loaded.
  const { buildSync } = await import("esbuild");
  const wasm = readFileSync(join(pkgDir, "palaver_bg.wasm"));
  const js = readFileSync(join(pkgDir, "index.js"));
  const dropIn = readFileSync(join(pkgDir, "customer-sdk.js"));
  const total = row("wasm + JS", wasm, js);
  const { livechat: budget, livechatCeiling: ceiling } = budgets().size;
  const vendor = buildSync({
    stdin: { contents: 'export { init } from "@livechat/customer-sdk";', resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  }).outputFiles[0].contents;
  const rows = [row("palaver_bg.wasm", wasm), row("index.js", js), total, row("customer-sdk.js: the drop-in adds", dropIn), row("vendor's SDK 4.0.2, one bundle", vendor)];
  say(table([["", "bytes", "gzip -9", "brotli 11"], ...rows.map(([label, ...sizes]) => [label, ...sizes.map(shown)])]));
  say();
  const within = total[2] <= budget;
  const words = `${shown(total[2])} bytes of ${shown(budget)} (gzip -9, wasm + JS): ${Math.round((total[2] / budget) * 100)} %`;
  say(within ? green(`within the budget: ${words}`) : red(`OVER THE BUDGET: ${words}`));
  if (total[2] > ceiling) say(red(`OVER THE CEILING: ${shown(ceiling)} bytes is the most that any change may bring it to`));
  else if (!within) say(`below the ceiling of ${shown(ceiling)} bytes; \`npm run size -- --deps\` shows what stands in the way`);
  return total[2] <= ceiling;
}

/**
 * The release module once more, this time with its function names kept through the optimizer: what is counted is the
 * code that ships. A function that was inlined counts for the one it went into.
 */
async function printDependencies() {
  const { bundleOptions, optimize, refine } = await import("./build.mjs");
  const { crateOf, readWasm } = await import("./lib/wasm.mjs");
  const folder = join(root, "target/size");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await step("build a module with names", async () => {
    const target = "wasm32-unknown-unknown";
    await run("cargo", ["build", "--quiet", "--release", "--lib", "--target", target]);
    const built = join(root, "target", target, "release/palaver.wasm");
    await run("wasm-bindgen", ["--target", "web", "--no-typescript", "--out-dir", folder, built]);
    copyFileSync(join(folder, "palaver_bg.wasm"), join(folder, "named.wasm"));
    await optimize(join(folder, "named.wasm"), { named: true });
  });

  const { functions } = readWasm(readFileSync(join(folder, "named.wasm")));
  const { sections } = readWasm(readFileSync(join(pkgDir, "palaver_bg.wasm")));
  const crates = new Map();
  for (const { name, size } of functions) {
    const crate = crateOf(name, "palaver");
    const entry = crates.get(crate) ?? { size: 0, count: 0 };
    crates.set(crate, { size: entry.size + size, count: entry.count + 1 });
  }
  const parts = [
    ...[...crates].map(([crate, { size, count }]) => [`code of ${crate}`, size, count]),
    ["data: texts, tables", sections.get("data") ?? 0, ""],
    ["the module's own tables", [...sections].filter(([name]) => name !== "code" && name !== "data").reduce((sum, [, size]) => sum + size, 0), ""],
  ].sort((a, b) => b[1] - a[1]);
  const raw = parts.reduce((sum, [, size]) => sum + size, 0);
  const packed = gzip(readFileSync(join(pkgDir, "palaver_bg.wasm")));
  say(
    table([
      ["in the wasm", "bytes", "share", "≈ gzip", "functions"],
      ...parts.map(([label, size, count]) => [label, shown(size), `${((size / raw) * 100).toFixed(1)} %`, shown(Math.round((size / raw) * packed)), count]),
      ["all", shown(raw), "100 %", shown(packed), functions.length],
    ]),
  );
  say(dim("\n≈ gzip: the part's share of the compressed module; compression does not divide exactly."));

  const at = process.argv.indexOf("--top");
  const top = at < 0 ? 15 : Number(process.argv[at + 1]);
  const biggest = [...functions].sort((a, b) => b.size - a.size).slice(0, top);
  say();
  const short = (name) => name.replace(/\[[0-9a-f]+\]/g, "").replace(/::h[0-9a-f]{16}$/, "");
  say(table([["largest functions", "bytes"], ...biggest.map(({ name, size }) => [short(name).slice(0, 90), shown(size)])]));

  const { build: esbuild } = await import("esbuild");
  const id = refine(join(folder, "palaver_bg.wasm"), join(folder, "palaver.js"));
  const { metafile } = await esbuild({ ...bundleOptions(join(folder, "palaver.js"), id), outdir: folder, write: false, metafile: true });
  const inputs = Object.entries(Object.values(metafile.outputs)[0].inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  say();
  say(table([["in index.js", "bytes"], ...inputs.map(([path, { bytesInOutput }]) => [path.endsWith("size/palaver.js") ? "wasm-bindgen's glue" : path, shown(bytesInOutput)])]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const { needBuildTools } = await import("./lib/prerequisites.mjs");
    const { build } = await import("./build.mjs");
    await needBuildTools();
    await build();
    say();
    const within = await printSize();
    if (process.argv.includes("--deps")) {
      say();
      await printDependencies();
    }
    return within ? 0 : 1;
  });
}
