import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { optimizersTable } from "#test-support/optimizersTable.ts";

const readme = fileURLToPath(new URL("../../../README.md", import.meta.url));
const copy = fileURLToPath(new URL("./readmeExample.tmp.ts", import.meta.url));

test("the example of the README trains", async () => {
  const code = /```ts\n(.*?)```/s.exec(await readFile(readme, "utf8"))?.[1];
  if (code === undefined) throw new Error("README.md has no ts example");
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await writeFile(copy, code);
    await import(copy);
    const loss = log.mock.lastCall?.[0] as number;
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(0.01); // about 1 at the start: the target is standard normal
  } finally {
    log.mockRestore();
    await rm(copy, { force: true });
  }
});

test("the README's table has every optimizer", async () => {
  expect(await readFile(readme, "utf8")).toContain(optimizersTable());
});
