// `npm run build`: the npm package's files, in pkg/. Does nothing when nothing has changed (`--force` builds anyhow).

import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { asFactory, withArrows } from "./lib/factory.mjs";
import { breakLines } from "./lib/lines.mjs";
import { trapOnPanic } from "./lib/panics.mjs";
import { pkgDir, root } from "./lib/paths.mjs";
import { needBuildTools } from "./lib/prerequisites.mjs";
import { shortenNames } from "./lib/shorten.mjs";
import { Failure, main, run, say, seconds, step } from "./lib/steps.mjs";
import { addExport } from "./lib/wasm.mjs";

/** What is published, and nothing else stays in pkg/. */
const SHIPPED = ["index.js", "index.d.ts", "types", "customer-sdk.js", "customer-sdk.d.ts", "palaver_bg.wasm"];

const INPUTS = [
  ...["src", ".cargo", "Cargo.toml", "Cargo.lock", "rust-toolchain.toml"],
  ...["package-lock.json", "scripts/build.mjs"],
  ...["factory", "lines", "panics", "shorten", "wasm"].map((name) => `scripts/lib/${name}.mjs`),
];
const entry = join(root, "src/js/index.js");
const stamp = join(root, "target", "package.stamp");

/** Builds pkg/ unless it is up to date. The tools must be there: see `needBuildTools`. */
export async function build({ force = false } = {}) {
  const inputs = fingerprint();
  const upToDate = existsSync(stamp) && readFileSync(stamp, "utf8") === inputs && SHIPPED.every((file) => existsSync(join(pkgDir, file)));
  if (upToDate && !force) {
    say("pkg/ is up to date");
    return;
  }
  const start = Date.now();
  rmSync(stamp, { force: true });
  // A file of a former build must not end up in the bundle.
  rmSync(pkgDir, { recursive: true, force: true });

  await step("compile the core to WebAssembly", () =>
    run("wasm-pack", ["build", "--mode", "no-install", "--release", "--target", "web", "--no-typescript", "--no-pack", "--out-dir", "pkg", "--out-name", "palaver"]),
  );
  await step("optimize it", () => optimize(join(pkgDir, "palaver_bg.wasm")));
  await step("bundle the package's modules", async () => {
    await bundle(refine(join(pkgDir, "palaver_bg.wasm"), join(pkgDir, "palaver.js")));
    await bundleCustomerSdk();
  });
  copyFileSync(join(root, "src/api/palaver.d.ts"), join(pkgDir, "index.d.ts"));
  cpSync(join(root, "src/api/types"), join(pkgDir, "types"), { recursive: true });
  copyFileSync(join(root, "src/customer-sdk/customer-sdk.d.ts"), join(pkgDir, "customer-sdk.d.ts"));

  // wasm-pack writes a package.json of its own and a .gitignore that would keep npm from packing anything.
  for (const name of readdirSync(pkgDir)) {
    if (!SHIPPED.includes(name)) rmSync(join(pkgDir, name), { recursive: true });
  }
  mkdirSync(join(root, "target"), { recursive: true });
  // The first build writes Cargo.lock, so the fingerprint is taken again.
  writeFileSync(stamp, fingerprint());
  say(`pkg/ is built: ${seconds(Date.now() - start)}`);
}

// Flattened and looped anew, twice, then ordered by name: what is alike stands together, and a hundredth less is
// downloaded. A function of one caller is not inlined: a call costs nothing, a large function much.
const OPTIMIZE = [
  ...["--one-caller-inline-max-function-size=0", "--always-inline-max-function-size=6", "--low-memory-unused"],
  ...["--flatten", "--rereloop", "-Oz", "--flatten", "--rereloop", "--dae2", "-Oz", "--converge"],
];

/** What the optimizer makes of a module that wasm-bindgen left; with the functions' names if they are wanted. */
export async function optimize(file, { named = false } = {}) {
  writeFileSync(file, trapOnPanic(readFileSync(file)));
  // What only panics called is gone then, and with it what shows that anything is formatted.
  await run("wasm-opt", ["--remove-unused-module-elements", "-g", file, "-o", file]);
  writeFileSync(file, trapOnPanic(readFileSync(file)));
  await run("wasm-opt", [...OPTIMIZE, ...(named ? ["-g"] : ["--reorder-functions-by-name"]), file, "-o", file]);
}

/**
 * Short names between a module and its glue, in both files; the glue becomes a function. Returns the build's id, a hash
 * of the module, by which the two files of a build know each other: the module exports it as a name, src/js/load.js
 * compares it and asks for the file under it.
 */
export function refine(wasmFile, glueFile) {
  const { wasm, glue } = shortenNames(readFileSync(wasmFile), asFactory(readFileSync(glueFile, "utf8")));
  const id = `v=${createHash("sha256").update(wasm).digest("hex").slice(0, 8)}`;
  writeFileSync(wasmFile, addExport(wasm, id));
  writeFileSync(glueFile, withArrows(glue));
  return id;
}

/** Bundles the package's module; the options are shared with `npm run size`, which looks into the result. */
export function bundleOptions(glue, id) {
  return {
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    // Engines older than this lack what the compiled core needs as well.
    target: "es2022",
    define: id ? { PALAVER_BUILD: JSON.stringify(id) } : {},
    legalComments: "none",
    logLevel: "warning",
    plugins: [
      {
        name: "one of each",
        setup({ onResolve }) {
          // wasm-bindgen copies the JS files that the core imports. Where the entry imports one as well, both must get
          // the same module: a class that exists twice breaks `instanceof`.
          onResolve({ filter: /\/snippets\/palaver-[0-9a-f]+\/src\/.*\.js$/ }, ({ path }) => ({
            path: join(root, path.replace(/^.*\/snippets\/palaver-[0-9a-f]+\//, "")),
          }));
          onResolve({ filter: /\/pkg\/palaver\.js$/ }, () => ({ path: glue }));
        },
      },
    ],
  };
}

/**
 * One ES module out of the hand-written entry and wasm-bindgen's glue. `new URL("palaver_bg.wasm", import.meta.url)`
 * passes through esbuild as it stands, so users' bundlers and servers find the file beside the module.
 */
async function bundle(id) {
  if (!existsSync(entry)) throw new Failure("src/js/index.js, the package's entry, does not exist");
  const { build: esbuild } = await import("esbuild");
  const outfile = join(pkgDir, "index.js");
  try {
    await esbuild({ ...bundleOptions(join(pkgDir, "palaver.js"), id), outfile });
  } catch {
    // esbuild has said what is wrong, with the place.
    throw new Failure("the package's module could not be bundled");
  }
  await tighten(outfile);
  if (!/new URL\("palaver_bg\.wasm",import\.meta\.url\)/.test(readFileSync(outfile, "utf8"))) {
    throw new Failure("the bundle no longer finds its .wasm with `new URL(…, import.meta.url)`: bundlers would not ship it");
  }
}

/** The second entry: a layer over the first, which stays outside of it, so that both entries share one core. */
export async function bundleCustomerSdk(outfile = join(pkgDir, "customer-sdk.js")) {
  const { build: esbuild } = await import("esbuild");
  const main = {
    name: "the package's main entry",
    setup({ onResolve }) {
      onResolve({ filter: /\/js\/index\.js$/ }, () => ({ path: "./index.js", external: true }));
    },
  };
  const entryPoints = [join(root, "src/customer-sdk/index.js")];
  await esbuild({ ...bundleOptions(), entryPoints, outfile, plugins: [main] });
  await tighten(outfile);
}

/** Minifies a bundle once more, which makes it smaller, and keeps its lines short. */
async function tighten(file) {
  const { transformSync } = await import("esbuild");
  const options = { minify: true, format: "esm", target: "es2022", legalComments: "none", logLevel: "silent" };
  const minify = (text) => transformSync(text, options).code;
  writeFileSync(file, breakLines(minify(readFileSync(file, "utf8")), minify));
}

/** A hash over the names and contents of everything that the package is made from. */
function fingerprint() {
  const hash = createHash("sha256");
  const add = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) add(join(path, name));
    } else {
      hash.update(`${relative(root, path)}\0`).update(readFileSync(path)).update("\0");
    }
  };
  for (const input of INPUTS) add(join(root, input));
  return hash.digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await needBuildTools();
    await build({ force: process.argv.includes("--force") });
  });
}
