// `npm start`: from a fresh clone to a conversation. Arguments go to the stand-in: `npm start -- --port 9000`.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { build } from "./build.mjs";
import { root } from "./lib/paths.mjs";
import { needBuildTools } from "./lib/prerequisites.mjs";
import { buildStandin, standinBinary } from "./lib/standin.mjs";
import { bold, dim, Failure, green, main, say } from "./lib/steps.mjs";

const given = process.argv.slice(2);

/** The value of `--name value` or `--name=value`. */
function option(name) {
  const inline = given.find((arg) => arg.startsWith(`${name}=`));
  if (inline) return inline.slice(name.length + 1);
  const at = given.indexOf(name);
  return at >= 0 ? given[at + 1] : undefined;
}

async function needFreePort(host, port) {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(
        new Failure(
          error.code === "EADDRINUSE"
            ? `Port ${port} is in use. Stop what listens there, or choose another port:\n  npm start -- --port ${port + 1}`
            : `Cannot listen on ${host}:${port}: ${error.message}`,
        ),
      ),
    );
    server.listen(port, host, () => server.close(resolve));
  });
}

/** Runs the server until it ends or the person says so. */
function serve(args) {
  return new Promise((resolve, reject) => {
    const server = spawn(standinBinary(), args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let stopping = false;
    const stop = () => {
      if (stopping) return;
      stopping = true;
      say("\nstopping …");
      // Ctrl-C in a terminal has reached the server as well; asking twice is harmless.
      server.kill("SIGTERM");
      setTimeout(() => server.kill("SIGKILL"), 5_000).unref();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

    let start = "";
    server.stdout.on("data", (chunk) => {
      if (start === undefined) return void process.stdout.write(chunk);
      start += chunk;
      const address = /standin listening on (http:\/\/\S+)/.exec(start)?.[1];
      if (!address) return;
      start = undefined;
      say();
      say(green(bold("Palaver is running.")));
      say();
      say(`  the page, as a customer sees it   ${bold(`${address}/`)}`);
      say(`  the console, to answer as agent   ${bold(`${address}/agent`)}`);
      say();
      say(dim("  Ctrl-C stops it. Chats are kept for the next start."));
      say();
    });
    server.once("error", (error) => reject(new Failure(`the stand-in could not be started: ${error.message}`)));
    server.once("exit", (code, signal) => {
      if (stopping || code === 0) return resolve(0);
      reject(new Failure(`the stand-in ended by itself (${signal ?? `exit code ${code}`})`));
    });
  });
}

await main(async () => {
  const host = option("--host") ?? "127.0.0.1";
  const port = Number(option("--port") ?? process.env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Failure("--port takes a number from 0 to 65535");
  // Asked before the build, which may take minutes.
  await needFreePort(host, port);
  await needBuildTools();
  await build();
  await buildStandin();
  const args = ["--www", "www", "--bot", ...given];
  if (option("--host") === undefined) args.push("--host", host);
  if (option("--port") === undefined) args.push("--port", String(port));
  return serve(args);
});
