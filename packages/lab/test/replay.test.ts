import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { parseGoldenFile, type Trajectory } from "../src/replay/goldenFile.ts";
import { replayFile } from "../src/replay/replayFile.ts";
import { replayTrajectory } from "../src/replay/replayTrajectory.ts";
import { translate } from "../src/replay/translate.ts";

const folder = fileURLToPath(new URL("../../../../shared/golden/", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

/** One step of gradient descent on two numbers: w − 0.1 g. */
const tiny = {
  kind: "trajectory",
  optimizer: "sgd",
  options: { lr: 0.1 },
  tolerance: { abs: 1e-6 },
  params: [{ name: "w", role: "bias", shape: [2], init: [1, 1] }],
  grads: [[[1, 2]]],
  expected: [[[0.9, 0.8]]],
};

/** Files that are not about what is built, with the reason the command gives. */
const skipped: Record<string, RegExp> = {
  lars_kozistr: /trustNorm/,
  racs: /single-pass/,
  shampoo_grafted: /matrixEps/,
  shampoo_half_root: /weightDecayMode/,
  signum_epfml: /momentumInit/,
};
const notBuilt = /^(adamuon|namo)/;

describe("golden trajectories of the official implementations", () => {
  test.each(files)("%s", async (name) => {
    const outcome = await replayFile(folder + name);
    const stem = name.replace(".json", "");
    const reason = skipped[stem] ?? (notBuilt.test(stem) ? /is not built yet/ : undefined);
    if (reason === undefined) expect(outcome).toMatchObject({ ok: true });
    else expect(outcome.skipped).toMatch(reason);
  });
});

describe("what cannot be replayed", () => {
  const cases: [name: string, text: string, message: RegExp][] = [
    ["not JSON", "{", /x\.json: not JSON/],
    ["another kind of file", "{}", /x\.json: kind: /],
    ["a field missing", '{"kind":"trajectory","optimizer":"sgd"}', /x\.json: options: /],
    [
      "too few numbers",
      JSON.stringify({ ...tiny, grads: [[[1]]] }),
      /grads\[0\] of "w" should have 2 entries and has 1/,
    ],
    [
      "steps without expectation",
      JSON.stringify({ ...tiny, expected: [] }),
      /expected should have 1 entries and has 0/,
    ],
  ];
  test.each(cases)("%s is one clear sentence", (_, text, message) => {
    expect(() => parseGoldenFile(text, "x.json")).toThrow(message);
  });

  test("an option that is not understood is a reason to skip, never ignored", () => {
    const golden = parseGoldenFile(JSON.stringify({ ...tiny, options: { lr: 0.1, warp: 9 } }), "x.json");
    expect(() => translate(golden as Trajectory)).toThrow(/option "warp" of sgd is not understood/);
  });

  test("a wrong step is found, with its place", async () => {
    const golden = parseGoldenFile(
      JSON.stringify({ ...tiny, expected: [[[0.9, 0.5]]] }),
      "x.json",
    ) as Trajectory;
    const outcome = await replayTrajectory(golden, "x.json");
    expect(outcome).toMatchObject({ ok: false, firstOutside: "step 0, w" });
    expect(outcome.maxAbsError).toBeCloseTo(0.3, 6);
  });

  test("replaying leaks nothing", async () => {
    const golden = parseGoldenFile(JSON.stringify(tiny), "x.json") as Trajectory;
    expect(await leakedBuffers(() => replayTrajectory(golden, "x.json"))).toBe(0);
  });
});
