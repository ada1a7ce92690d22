import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const zip = promisify(gzip);

export interface AppFile {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content: a browser need not ask again. */
  readonly immutable: boolean;
  readonly bytes: Buffer;
  /** Made when it is first asked for. */
  zipped(): Promise<Buffer>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** The files of the built app by the path of their address. They are looked up, never opened by what a request says. */
export function readAppFiles(folder: string): ReadonlyMap<string, AppFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const address = path.slice(folder.length).replaceAll("\\", "/");
        return [address, appFile(path, address.startsWith("/assets/"))];
      }),
  );
}

function appFile(path: string, immutable: boolean): AppFile {
  const bytes = readFileSync(path);
  let zipped: Promise<Buffer> | undefined;
  return {
    type: types[extname(path)] ?? "application/octet-stream",
    etag: `"${createHash("sha256").update(bytes).digest("hex").slice(0, 20)}"`,
    immutable,
    bytes,
    zipped() {
      zipped ??= zip(bytes);
      return zipped;
    },
  };
}
