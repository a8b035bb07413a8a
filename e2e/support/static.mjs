// A web server for pages of tests and benchmarks: an origin of its own, so that the stand-in's CORS rules are in play.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * Serves on a free port of 127.0.0.1.
 *
 * @param {Record<string, string | { text: string, type: string }>} routes path → file or folder on disk (a folder's
 *   path ends with `/`), or a text of a type such as `".html"`
 * @param {{ headers?: Record<string, string> }} [options] headers of every answer
 */
export async function serveStatic(routes, { headers = { "cache-control": "no-store" } } = {}) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const reply = (status, type, send) => {
      response.writeHead(status, { ...headers, "content-type": type });
      send();
    };
    const missing = () => reply(404, "text/plain", () => response.end("not found"));
    const exact = routes[path];
    if (exact && typeof exact === "object") return reply(200, TYPES[exact.type], () => response.end(exact.text));
    const folder = Object.keys(routes).find((route) => route.endsWith("/") && route !== "/" && path.startsWith(route));
    const file = exact ?? (folder && join(routes[folder], normalize(path.slice(folder.length - 1))));
    if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile()) return missing();
    reply(200, TYPES[extname(file)] ?? "application/octet-stream", () => createReadStream(file).pipe(response));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
