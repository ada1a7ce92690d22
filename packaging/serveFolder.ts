import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

export interface FolderServer extends AsyncDisposable {
  readonly address: string;
  /** Files that were sent. */
  requests(): number;
  /** What they would weigh gzipped. */
  zippedBytes(): number;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

/** Serves the files of a folder on this machine, isolated, so that pages may have threads. */
export async function serveFolder(folder: string): Promise<FolderServer> {
  let requests = 0;
  let bytes = 0;
  const server = createServer((request, response) => {
    const path = normalize(decodeURI((request.url ?? "/").split("?")[0] ?? "/"));
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    try {
      const body = readFileSync(file);
      requests++;
      bytes += gzipSync(body).length;
      response
        .writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests: () => requests,
    zippedBytes: () => bytes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
