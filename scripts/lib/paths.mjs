import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the project; every script works from there, wherever it was called. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const toolsBin = join(root, ".tools", "bin");
export const nodeBin = join(root, "node_modules", ".bin");
export const pkgDir = join(root, "pkg");

/** The environment of every child: the project's own tools come first on the PATH. */
export const env = { ...process.env, PATH: [toolsBin, nodeBin, process.env.PATH].join(":") };
