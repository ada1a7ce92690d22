/**
 * Installs the libraries beside which `steepest bench` measures, at the versions of requirements.txt, into a virtual
 * environment of their own: bench/peers/venv. PyTorch comes with its libraries for GPUs: about 5 GB on the disk.
 *
 *   npm run peers [-- --python FILE] [--remove]
 */
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { scriptFlags } from "#test-support/scriptFlags.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const venv = join(folder, "venv");
const python = join(venv, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

const values = scriptFlags("npm run peers [-- --python FILE] [--remove]", {
  python: process.platform === "win32" ? "python" : "python3",
  remove: false,
});

if (values.remove) {
  rmSync(venv, { recursive: true, force: true });
  console.log(`${venv} is gone`);
} else {
  if (!existsSync(python)) {
    run(values.python, ["-m", "venv", venv], "Debian has the module venv in: apt-get install python3-venv");
  }
  console.log("downloading about 2 GB, some minutes; --remove takes it away again");
  run(
    python,
    ["-m", "pip", "install", "--quiet", "-r", join(folder, "requirements.txt")],
    "see what pip says above",
  );
  run(python, [join(folder, "about.py")], "the libraries are installed and cannot be imported");
}

/** Runs a program with our output; ends this one with a sentence where it fails. */
function run(command: string, args: readonly string[], advice: string): void {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status === 0) return;
  console.error(`peers: ${command} ${args.join(" ")} failed${error ? ` (${error.message})` : ""}; ${advice}`);
  process.exit(1);
}
