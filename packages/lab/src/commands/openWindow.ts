import { spawn } from "node:child_process";

/**
 * Opens the window on a folder in the browser, from a server of its own that ends when no page of it is open any more: the
 * command that asks for it is busy, and pages stay when it ends. `say` gets the address.
 */
export function openWindow(folder: string, say: (line: string) => void): void {
  const [, script = ""] = process.argv;
  if (!/steepest(\.js)?$/.test(script)) return; // another program: it has no such command
  const args = [script, "serve", folder, "--open", "--until-closed", "--port", "0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  child.on("error", (error) => say(`the window cannot be opened: ${error.message}`));
  child.stdout.once("data", (line: Buffer) => say(line.toString().trim()));
  if ("unref" in child.stdout && typeof child.stdout.unref === "function") child.stdout.unref();
  child.unref();
}
