import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { appFolder } from "../packages/lab/src/serve/appFolder.ts";
import { startServer } from "../packages/lab/src/serve/startServer.ts";

/** A server of the window, for a test. */
export interface WindowServer extends AsyncDisposable {
  /** `http://127.0.0.1:4711` */
  readonly address: string;
}

/** Serves the app, built where its sources have changed, and the runs in `folders` (default none). */
export async function windowServer(folders?: readonly string[]): Promise<WindowServer> {
  const empty = mkdtempSync(join(tmpdir(), "steepest-window-"));
  const app = await appFolder(() => {});
  const server = await startServer({ folders: folders ?? [empty], app, host: "127.0.0.1", port: 0 });
  return {
    address: `http://127.0.0.1:${server.port}`,
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(empty, { recursive: true, force: true });
    },
  };
}
