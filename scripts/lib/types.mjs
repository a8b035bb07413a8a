// The types, as those who install the package meet them: samples, the documents' code and what pages really get must
// compile, what is wrong must not, the packed package must resolve, and the surface must be whole.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { Failure, red, run, say } from "./steps.mjs";

const READ = { capture: true, allowFailure: true };
const samplesDir = join(root, "tests/types");
const writtenDir = join(root, "target/type-samples");

/** Needs the built package. Resolves with `{ passed, failed }`: a sample is a test, any other check fails as one. */
export async function checkTypes() {
  rmSync(writtenDir, { recursive: true, force: true });
  mkdirSync(writtenDir, { recursive: true });
  writeDocumentSamples();
  let failed = await failures(writeAnswers);
  const samples = [...sampleNames(samplesDir), ...sampleNames(writtenDir)];
  const { code, output } = await run("tsc", ["-p", samplesDir, "--pretty", "false"], READ);
  const broken = samples.filter((name) => output.includes(`${name}(`)).length;
  // An error outside of the samples, e.g. in the declarations or the configuration, is one failure too.
  failed += code === 0 ? 0 : Math.max(broken, 1);
  failed += (await failures(checkPacked)) + (await failures(checkSurface));
  return { passed: samples.length - broken, failed };
}

/** Does not let one check keep the next from being made. */
async function failures(check) {
  try {
    await check();
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(red(error.message));
    return 1;
  }
}

const sampleNames = (folder) => readdirSync(folder).filter((name) => name.endsWith(".ts"));

/** Writes the code of the documents into files. A piece that begins in the middle gets an `api` to go on with. */
function writeDocumentSamples() {
  const guides = readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  for (const document of ["README.md", ...guides]) {
    const blocks = readFileSync(join(root, document), "utf8").matchAll(/^```(?:ts|js)\n([^]*?)^```$/gm);
    for (const [index, [, code]] of [...blocks].entries()) {
      const imports = [...code.matchAll(/^import [^]*? from "([^"]+)"/gm)].map((found) => found[1]);
      const isOurs = imports.some((name) => /^palaver(\/|$)/.test(name));
      // What is about another package, or about none, is not ours to compile.
      if (!isOurs && (imports.length > 0 || !/\bapi\.|\binit\(/.test(code))) continue;
      const name = `${document.replace(/^.*\//, "").replace(/\.md$/, "")}-${index + 1}.ts`;
      writeFileSync(join(writtenDir, name), isOurs ? code : PRELUDE + code);
    }
  }
}

const PRELUDE = `import { init } from "palaver";
import type { Api } from "palaver";
declare const api: Api;
`;

/** What pages are told and answered, as a native story writes it down. */
async function writeAnswers() {
  const story = "documents_are_true::every_method_answers_as_typed";
  const extraEnv = { PALAVER_TOLD: join(writtenDir, "answers.ts") };
  await run("cargo", ["test", "--quiet", "--test", "it", "--", "--exact", story], { capture: true, extraEnv });
}

/** The tarball that npm would publish, seen by the resolution of every tool. ES modules only: so says the profile. */
async function checkPacked() {
  const folder = mkdtempSync(join(tmpdir(), "palaver-pack-"));
  try {
    await run("npm", ["pack", "--silent", "--pack-destination", folder], { capture: true });
    const tarball = join(folder, readdirSync(folder)[0]);
    const checks = [
      ["attw", [tarball, "--profile", "esm-only", "--exclude-entrypoints", "palaver_bg.wasm", "--format", "ascii"]],
      ["publint", ["run", tarball, "--strict"]],
    ];
    for (const [command, args] of checks) await run(command, args, { capture: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkSurface() {
  // It reads all the sources when it is loaded: nobody else should wait for that, or hear what is wrong with them.
  const { complaints } = await import("../surface.mjs");
  const wrong = complaints();
  if (wrong.length > 0) throw new Failure(wrong.join("\n"));
}
