import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project; every script works from there, wherever it was called. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const toolsBin = join(root, ".tools", "bin");
export const nodeBin = join(root, "node_modules", ".bin");
export const pkgDir = join(root, "pkg");

/**
 * Panic messages carry the paths of their sources. What is published must not tell whose machine built it, nor differ
 * from machine to machine: dependencies are named by crate. (What rustc itself brought compiled stays as it is.)
 */
const remapped = () => {
  const cargo = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const rustup = process.env.RUSTUP_HOME ?? join(homedir(), ".rustup");
  const folders = (folder, inner = "") => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, inner)) : []);
  const sources = [
    ...folders(join(cargo, "registry/src")),
    ...folders(join(rustup, "toolchains"), "lib/rustlib/src/rust/library"),
  ];
  return sources.map((folder) => `--remap-path-prefix=${folder}/=`).join(" ");
};

/** The environment of every child: the project's own tools come first on the PATH. */
export const env = {
  ...process.env,
  PATH: [toolsBin, nodeBin, process.env.PATH].join(":"),
  // Read when a child starts: on a new machine the folders come with the first download.
  get CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS() {
    return remapped();
  },
};
