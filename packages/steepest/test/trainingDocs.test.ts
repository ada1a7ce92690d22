import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import * as schedules from "../src/core/schedules/index.ts";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");
const copy = fileURLToPath(new URL("./trainingExample.tmp.ts", import.meta.url));

test("docs/training.md starts with a loop that learns, saves and goes on", async () => {
  const code = /```ts\n(.*?)```/s.exec(await read("docs/training.md"))?.[1];
  if (code === undefined) throw new Error("docs/training.md has no ts example");
  const folder = await mkdtemp(join(tmpdir(), "steepest-docs-"));
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await writeFile(
      copy,
      code.replace(/"run\.safetensors"/g, JSON.stringify(join(folder, "run.safetensors"))),
    );
    await import(copy);
    const [first, , , , last] = log.mock.calls.map(([, value]) => value as number);
    expect(last).toBeLessThan((first ?? 0) / 10);
    expect(log.mock.lastCall?.[0]).toBe(50); // where the file was written
  } finally {
    log.mockRestore();
    await rm(copy, { force: true });
    await rm(folder, { recursive: true });
  }
});

test("docs/training.md has a line for every schedule", async () => {
  const text = await read("docs/training.md");
  for (const name of Object.keys(schedules).filter((name) => !["rateAt"].includes(name)))
    expect(text, name).toContain(`\`${name}`);
});
