import { join } from "node:path";
import { root } from "./paths.mjs";
import { run, step } from "./steps.mjs";

/** The server: `$STANDIN_BIN`, for those who have one built elsewhere, or what cargo builds here. */
export const standinBinary = () => process.env.STANDIN_BIN || join(root, "target/debug/standin");

/** Builds the stand-in server. */
export async function buildStandin() {
  if (process.env.STANDIN_BIN) return;
  // The whole workspace is selected, so that its dependencies are compiled with the features that `cargo test
  // --workspace` gives them, and not twice.
  await step("build the stand-in server", () => run("cargo", ["build", "--workspace", "--bin", "standin"]));
}
