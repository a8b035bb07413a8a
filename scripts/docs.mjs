// `npm run docs`: the documentation of the code, for those who work on it; broken links are errors.

import { join } from "node:path";
import { root } from "./lib/paths.mjs";
import { needNode, needRust } from "./lib/prerequisites.mjs";
import { main, run, say } from "./lib/steps.mjs";

await main(async () => {
  needNode();
  await needRust();
  const extraEnv = { RUSTDOCFLAGS: "-D warnings" };
  await run("cargo", ["doc", "--workspace", "--no-deps", "--document-private-items"], { extraEnv });
  // The half that only browsers see; the same crate, so a folder of its own.
  await run(
    "cargo",
    ["doc", "--no-deps", "--document-private-items", "--lib", "--target", "wasm32-unknown-unknown"],
    { extraEnv },
  );
  say(`native   ${join(root, "target/doc/palaver/index.html")}`);
  say(`browser  ${join(root, "target/wasm32-unknown-unknown/doc/palaver/index.html")}`);
});
