import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { parseGoldenFile, type Trajectory } from "../src/golden/goldenFile.ts";
import { replayFile } from "../src/golden/replayFile.ts";
import { replayTrajectory } from "../src/golden/replayTrajectory.ts";
import { goldenFolder, storedGolden } from "../src/golden/storedGolden.ts";
import { translate } from "../src/golden/translate.ts";
import { cli, temporaryFolder } from "./support/microRun.ts";

const stored = storedGolden();

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
  test.each([...stored])("%s", async (name, file) => {
    const outcome = await replayFile(file);
    const reason = skipped[name] ?? (notBuilt.test(name) ? /is not built yet/ : undefined);
    if (reason === undefined) expect(outcome).toMatchObject({ ok: true });
    else expect(outcome.skipped).toMatch(reason);
  });
});

describe("the stored files", () => {
  test("each is bit for bit what was recorded, by SHA256SUMS, and named in the README with its source", () => {
    const sums = readFileSync(join(goldenFolder(), "SHA256SUMS"), "utf8").trim().split("\n");
    const readme = readFileSync(join(goldenFolder(), "README.md"), "utf8");
    expect(sums.length).toBe(111);
    for (const [i, [name, file]] of [...stored].entries()) {
      const text = gunzipSync(readFileSync(file));
      expect(sums[i]).toBe(`${createHash("sha256").update(text).digest("hex")}  ${name}.json`);
      const { source } = JSON.parse(text.toString("utf8")) as { source: string };
      expect(readme).toMatch(new RegExp(`^\\| ${name} \\| .*`, "m"));
      expect(readme, name).toContain(source.split(":")[0]);
    }
    const files = readdirSync(goldenFolder()).filter((name) => name.endsWith(".gz"));
    expect(files.sort()).toEqual([...stored.keys()].map((name) => `${name}.json.gz`));
  });

  test("their bytes do not depend on when and where they were compressed", () => {
    for (const file of stored.values()) {
      // Method deflate, no flags, no time, smallest size, unknown system.
      expect([...readFileSync(file).subarray(0, 10)]).toEqual([31, 139, 8, 0, 0, 0, 0, 0, 2, 255]);
    }
  });
});

describe("replay as a command", () => {
  test("a stored name, a plain file and a compressed one are the same replay", async () => {
    const folder = temporaryFolder();
    const [plain, packed] = [join(folder, "a.json"), join(folder, "b.json.gz")];
    writeFileSync(plain, gunzipSync(readFileSync(stored.get("sgd") ?? "")));
    writeFileSync(packed, gzipSync(readFileSync(plain)));
    const { code, out } = await cli("replay", "sgd", plain, packed, "--json");
    expect(code).toBe(0);
    const [first, ...others] = JSON.parse(out.at(-1) ?? "").map(
      ({ maxAbsError, ok }: { maxAbsError: number; ok: boolean }) => [maxAbsError, ok],
    );
    expect(first[1]).toBe(true);
    expect(others).toEqual([first, first]);
  });

  test.each([
    [["muon_kellar"], /"muon_kellar" is neither a file nor a stored trajectory.*"?muon_keller"?/],
    [["--all", "sgd"], /FILEs or --all, not both/],
    [[], /at least one FILE, or --all/],
    [["no/such.json"], /no\/such\.json.*does not exist/],
  ])("%j is one clear sentence", async (argv, message) => {
    const { code, err } = await cli("replay", ...argv);
    expect(code).not.toBe(0);
    expect(err.join("\n")).toMatch(message);
  });

  test("a damaged compressed file is one clear sentence", async () => {
    const file = join(temporaryFolder(), "half.json.gz");
    writeFileSync(file, readFileSync(stored.get("sgd") ?? "").subarray(0, 900));
    const { code, err } = await cli("replay", file);
    expect(code).toBe(1);
    expect(err.join("\n")).toMatch(/half\.json\.gz: cannot be decompressed/);
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
