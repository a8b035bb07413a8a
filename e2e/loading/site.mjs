// A web server whose .wasm files arrive as a test wants: never, in part, bit by bit, of another build.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { addExport, joinSections, Reader, splitSections } from "../../scripts/lib/wasm.mjs";
import { root } from "../support/standin.mjs";

const pkg = (name) => readFileSync(join(root, "pkg", name));
export const WASM = pkg("palaver_bg.wasm");
export const BUILD = /"(v=[0-9a-f]{8})"/.exec(pkg("index.js"))[1];

const EXPORTS = 7;
/** The module without the export that names its build, as it was before builds had ids. */
export function withoutBuild(wasm) {
  return joinSections(
    splitSections(wasm).map(({ id, body }) => {
      if (id !== EXPORTS) return { id, body };
      const reader = new Reader(body);
      const kept = [];
      for (let count = reader.number(); count > 0; count -= 1) {
        const start = reader.at;
        const name = reader.text();
        reader.byte();
        reader.number();
        if (!name.startsWith("v=")) kept.push(body.subarray(start, reader.at));
      }
      return { id, body: Buffer.concat([Buffer.from([kept.length]), ...kept]) };
    }),
  );
}
/** The module as another build would have named it. */
export const ofBuild = (id) => addExport(withoutBuild(WASM), id);
/** A module that has nothing to do with the package. */
export const STRANGER = Buffer.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

const WASM_TYPE = { "content-type": "application/wasm", "cache-control": "no-store" };

/**
 * `answers`: path → `(response, request)`, before the package's own files at `/`. `asked` lists the addresses that were
 * asked for. `policy` is the page's Content-Security-Policy.
 */
export async function serve(answers = {}, { policy } = {}) {
  const asked = [];
  const page = "<!doctype html>\n<title>Loading</title>\n";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(request.url);
    const answer = answers[pathname];
    if (answer) return void answer(response, request);
    if (pathname === "/" || pathname === "/frame") {
      response.writeHead(200, { "content-type": "text/html", ...(policy && { "content-security-policy": policy }) });
      return void response.end(page);
    }
    if (pathname.endsWith(".wasm")) return void send(response);
    if (!/^\/[a-z-]+\.js$/.test(pathname)) return void response.writeHead(404).end();
    const file = pkg(pathname);
    response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-store" }).end(file);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    answers,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

export const send = (response, bytes = WASM) => void response.writeHead(200, WASM_TYPE).end(bytes);
/** Takes the request and says nothing. */
export const silent = () => {};
/** Sends a part of the file at each call of what this returns. */
export function drip() {
  let response;
  let at = 0;
  const answer = (given) => {
    response = given;
    response.writeHead(200, { ...WASM_TYPE, "content-length": WASM.length });
    response.flushHeaders();
  };
  answer.next = (count = 1000) => response.write(WASM.subarray(at, (at += count)));
  answer.rest = () => response.end(WASM.subarray(at));
  return answer;
}
