import { Command, Option } from "commander";

import type { CommandIo } from "../text/commandIo.ts";
import type { ServeFlags } from "./serveFlags.ts";

const help = `
Examples:
  steepest serve --open                       the runs below runs/, in the browser of this machine
  steepest serve runs/book runs/momentum      these folders only
  steepest serve --host 0.0.0.0 --port 8080   for other machines: the address that is printed has a token

Runs that are on their way are shown as they go. Folders are only read. Without --host, only this machine gets answers. Pages load nothing \
from elsewhere. Ctrl-C ends it.`;

/** `steepest serve`: the window on runs. */
export const serveCommand = (io: CommandIo): Command =>
  new Command("serve")
    .argument("[DIR...]", "folders to look for runs in (default runs)")
    .option("--port <N>", "port (default 4242, or any that is free where that is taken; 0: any)")
    .option("--host <ADDRESS>", "where to listen (default 127.0.0.1: this machine only)")
    .option("--open", "open the browser")
    .addOption(new Option("--until-closed").hideHelp()) // ends itself when no page has been open for a while
    .addHelpText("after", help)
    .action(async (folders: string[], flags: ServeFlags) => {
      const { serveRuns } = await import("./serveRuns.ts");
      await serveRuns(folders, flags, io);
    });
