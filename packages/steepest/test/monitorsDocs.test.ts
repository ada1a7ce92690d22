import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { impliedConstraint } from "steepest/steps";
import { expect, test, vi } from "vitest";
import * as monitors from "../src/monitors/index.ts";

const read = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), "utf8");
const copy = fileURLToPath(new URL("./monitorsExample.tmp.ts", import.meta.url));

test("docs/monitors.md starts with a loop that runs and says what its comments promise", async () => {
  const code = /```ts\n(.*?)```/s.exec(await read("docs/monitors.md"))?.[1];
  if (code === undefined) throw new Error("docs/monitors.md has no ts example");
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  try {
    await writeFile(copy, code);
    await import(copy);
    const rows = log.mock.calls.filter(([first]) => typeof first === "number");
    expect(rows.length).toBe(6);
    const values = rows.map(([, row]) => row as Record<"loss" | "dual" | "gap" | "used", number>);
    for (const { loss, dual, gap, used } of values) {
      expect(dual).toBeGreaterThan(0);
      expect(gap).toBeGreaterThan(0);
      expect(used).toBeLessThanOrEqual(1.14); // keller's largest singular value is 1.13
      expect(loss).toBeLessThan(64);
    }
    expect(values.at(-1)?.loss).toBeLessThan((values[0]?.loss ?? 0) / 2);
    const [, l0, , l1] = log.mock.lastCall as unknown as [string, number, string, number];
    // f = |w − t|²: the gradient changes by 2·step; in the operator norm at most 2·rank·ρ² = 1024, Scion's ball having radius 8.
    expect(l0 + l1).toBeGreaterThan(0);
    expect(l0).toBeLessThan(2 * 8 * 64 * 1.2);
  } finally {
    log.mockRestore();
    await rm(copy, { force: true });
  }
});

test("docs/monitors.md names every monitor; README.md and docs/norms.md lead to it", async () => {
  const text = await read("docs/monitors.md");
  for (const name of [...Object.keys(monitors), "impliedConstraint", "impliedDecay", "scionNorm"])
    if (name !== "weightBound") expect(text).toContain(name);
  expect(await read("README.md")).toContain("(docs/monitors.md)");
  expect(await read("docs/norms.md")).toContain("(monitors.md)");
  expect(impliedConstraint({ learningRate: 0.02, weightDecay: 0.1 })).toEqual({
    step: 0.002,
    radius: 10,
  });
});
