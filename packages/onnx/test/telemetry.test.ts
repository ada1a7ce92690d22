import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const runtime = fileURLToPath(new URL("../src/runtime/ortApi.ts", import.meta.url));

test("a process that loads the runtime leaves nothing in the folders of its user", () => {
  const folder = mkdtempSync(join(tmpdir(), "steepest-telemetry-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  const script = `
    const { ortApi } = await import(${JSON.stringify(runtime)});
    console.log(ortApi().version);`;
  const argv = ["--import", "tsx", "--input-type=module", "-e", script];
  const { stdout } = spawnSync(process.execPath, argv, {
    env: { ...env, HOME: folder, XDG_CACHE_HOME: folder, TMPDIR: folder, TSX_DISABLE_CACHE: "1" },
    encoding: "utf8",
  });
  expect(stdout).toMatch(/^1\.\d+/);
  const left = readdirSync(folder).filter((name) => !name.startsWith("tsx-")); // of the loader
  expect(left).toEqual([]);
});
