// What the project needs from the machine. What can go into the project's own folder is installed; what belongs to the
// system is named with the command that installs it, except the test browser where apt-get may be used.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromiumPath, firefoxPath } from "./browser.mjs";
import { env, root, toolsBin } from "./paths.mjs";
import { ask, Failure, run, step } from "./steps.mjs";

const WASM_TARGET = "wasm32-unknown-unknown";
const WASM_PACK = "0.15.1";

// The command-line tool and the crate must be of the same version, so Cargo.toml is the only place that names it.
function wasmBindgenVersion() {
  const found = /^wasm-bindgen\s*=\s*"=([\d.]+)"/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"));
  if (!found) throw new Failure("Cargo.toml does not pin wasm-bindgen with `=`");
  return found[1];
}

export function needNode() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    throw new Failure(`Node ${process.versions.node} is too old: version 20 or later is needed.\n  https://nodejs.org/en/download, or: nvm install 20`);
  }
}

/** Rust itself, a C compiler (for the stand-in's SQLite), and the wasm target. */
export async function needRust() {
  const rustup = await ask("rustup", ["--version"]);
  if (rustup) await needToolchain();
  if (!(await ask("cargo", ["--version"]))) {
    throw new Failure(
      "Rust is missing. Install it with:\n  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh\nand open a new terminal.",
    );
  }
  if (!(await ask("cc", ["--version"]))) {
    throw new Failure("A C compiler is missing (the stand-in builds SQLite with it). Install it with:\n  sudo apt-get install build-essential\n(macOS: xcode-select --install)");
  }
  const sysroot = await ask("rustc", ["--print", "sysroot"]);
  if (!sysroot) throw new Failure("`rustc --print sysroot` failed: is the Rust installation complete?");
  if (!existsSync(join(sysroot, "lib", "rustlib", WASM_TARGET))) {
    if (!rustup) {
      throw new Failure(`Rust's ${WASM_TARGET} target is missing, and there is no rustup to add it. Install rustup:\n  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh`);
    }
    await step(`install Rust's ${WASM_TARGET} target`, () => run("rustup", ["target", "add", WASM_TARGET]));
  }
}

// rustup would fetch what rust-toolchain.toml names at the first call of cargo, but silently, and not in every version.
async function needToolchain() {
  const channel = /^channel\s*=\s*"([^"]+)"/m.exec(readFileSync(join(root, "rust-toolchain.toml"), "utf8"))?.[1];
  const installed = await ask("rustup", ["toolchain", "list"]);
  if (!channel || installed?.split("\n").some((line) => line.startsWith(channel))) return;
  await step(`install Rust ${channel}`, () =>
    run("rustup", ["toolchain", "install", channel, "--profile", "minimal", "-c", "clippy", "-c", "rustfmt", "-t", WASM_TARGET]),
  );
}

export async function needRustComponents() {
  for (const [component, command] of [["rustfmt", "fmt"], ["clippy", "clippy"]]) {
    if (await ask("cargo", [command, "--version"])) continue;
    await step(`install ${component}`, () => run("rustup", ["component", "add", component]));
  }
}

/** Installs a Rust tool of an exact version into .tools/, so that nothing global changes. */
export async function needTool(crate, version, binary = crate, versionArgs = ["--version"]) {
  const found = await ask(join(toolsBin, binary), versionArgs);
  if (found?.split(/\s+/).includes(version)) return;
  // Without --locked: the lock file that wasm-bindgen-cli ships names a dependency that is gone.
  await step(`install ${crate} ${version} into .tools (once, a few minutes)`, () =>
    run("cargo", ["install", crate, "--version", version, "--root", join(root, ".tools"), "--force"]),
  );
}

export async function needWasmTools() {
  await needTool("wasm-pack", WASM_PACK);
  await needTool("wasm-bindgen-cli", wasmBindgenVersion(), "wasm-bindgen");
}

/** The development tools from npm, again whenever the lock file has changed. */
export async function needNodeModules() {
  const stamp = join(root, "node_modules", ".installed-from");
  const lock = createHash("sha256").update(readFileSync(join(root, "package-lock.json"))).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  await step("install npm packages", async () => {
    // No package that is used here needs its install script; none runs on this machine.
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    writeFileSync(stamp, lock);
  });
}

const onPath = (name) => env.PATH.split(delimiter).map((folder) => join(folder, name)).find((file) => existsSync(file));

/** A browser from the distribution: what `find` finds, of these packages the first that there is. */
async function needFromSystem(name, find, packages, variable) {
  if (find()) return;
  const isRoot = process.getuid?.() === 0;
  const apt = Boolean(onPath("apt-get")) && (isRoot || (await ask("sudo", ["-n", "true"])) !== undefined);
  if (apt) {
    const command = isRoot ? ["apt-get"] : ["sudo", "-n", "apt-get"];
    const install = ["install", "-y", "--no-install-recommends"];
    await step(`install ${packages[0]}`, async () => {
      await run(command[0], [...command.slice(1), "update"]);
      for (const one of packages) {
        const { code } = await run(command[0], [...command.slice(1), ...install, one], {
          allowFailure: true,
          extraEnv: { DEBIAN_FRONTEND: "noninteractive" },
        });
        if (code === 0) break;
      }
    });
  }
  if (!find()) {
    throw new Failure(`${name} is missing. Install it with:\n  sudo apt-get install ${packages[0]}\nor set ${variable} to its path.`);
  }
}

/** Chromium, from the distribution. */
export const needBrowser = () => needFromSystem("Chromium", chromiumPath, ["chromium"], "CHROMIUM");

/** Firefox; Debian's is the one of extended support. */
export const needFirefox = () => needFromSystem("Firefox", firefoxPath, ["firefox-esr", "firefox"], "FIREFOX");

/** Everything that a build needs. */
export async function needBuildTools() {
  needNode();
  await needRust();
  await needWasmTools();
  await needNodeModules();
}
