import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";

import { hasCode } from "../files/fileError.ts";
import { numberFlag } from "../plan/numberFlag.ts";
import { UsageError } from "../plan/usageError.ts";
import { appFolder } from "../serve/appFolder.ts";
import { firstPage } from "../serve/firstPage.ts";
import { openBrowser } from "../serve/openBrowser.ts";
import { type RunningServer, type ServerSettings, startServer } from "../serve/startServer.ts";
import type { CommandIo } from "../text/commandIo.ts";
import type { ServeFlags } from "./serveFlags.ts";

const USUAL_PORT = 4242;
const LOOPBACK: readonly string[] = ["127.0.0.1", "localhost", "::1"];
/** `--until-closed`: without a page for so long, nobody looks any more. */
const ALONE_MS = 60_000;
const LOOK_MS = 5000;

/** What `steepest serve` does: answers until it is stopped. */
export async function serveRuns(folders: readonly string[], flags: ServeFlags, io: CommandIo): Promise<void> {
  const asked = numberFlag("--port", flags.port, { least: 0, most: 65_535, whole: true });
  const host = flags.host ?? "127.0.0.1";
  const token = LOOPBACK.includes(host) ? undefined : randomBytes(18).toString("base64url");
  if (folders.length === 0 && !existsSync("runs"))
    throw new UsageError("there is no folder runs here: train makes one, or name a folder with runs");
  const app = await appFolder(io.err);
  const settings = { folders: folders.length > 0 ? folders : ["runs"], app, host, token };
  const server = await onPort(settings, asked);
  const name = host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "127.0.0.1" : host;
  const address = new URL(firstPage(folders), `http://${name}:${server.port}`);
  if (token !== undefined) address.searchParams.set("token", token);
  io.out(`window: ${address.href}`);
  if (token !== undefined)
    io.err("whoever has this address can read the runs; what is sent is not encrypted");
  if (flags.open === true && !openBrowser(address.href))
    io.err("no browser could be opened: open the address yourself");
  await until(io.signal, flags.untilClosed === true ? server : undefined);
  await server.close();
}

/** On the port that was asked for; where nobody asked, on the usual one or any that is free. */
async function onPort(settings: Omit<ServerSettings, "port">, asked?: number): Promise<RunningServer> {
  try {
    return await startServer({ ...settings, port: asked ?? USUAL_PORT });
  } catch (error) {
    if (asked === undefined && hasCode(error, "EADDRINUSE")) return startServer({ ...settings, port: 0 });
    const why = hasCode(error, "EADDRINUSE")
      ? `port ${asked} is taken: choose another with --port, or 0 for any`
      : hasCode(error, "EACCES")
        ? `port ${asked} is not for this user: choose one from 1024 on`
        : hasCode(error, "EADDRNOTAVAIL") || hasCode(error, "ENOTFOUND")
          ? `this machine has no address ${settings.host} (--host)`
          : undefined;
    throw why === undefined ? error : new UsageError(why, { cause: error });
  }
}

/** Until the signal, or (where pages are counted) until none has been open for a while. */
function until(signal: AbortSignal, counted: RunningServer | undefined): Promise<void> {
  return new Promise((resolve) => {
    let last = Date.now();
    const timer = setInterval(() => {
      if (counted === undefined) return;
      if (counted.streams > 0) last = Date.now();
      else if (Date.now() - last > ALONE_MS) end();
    }, LOOK_MS);
    const end = (): void => {
      clearInterval(timer);
      resolve();
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
