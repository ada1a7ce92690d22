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
  racs: /single-pass/,
  shampoo_grafted: /matrixEps/,
  shampoo_half_root: /weightDecayMode/,
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

  test("a file that fails leaves the others their rows", async () => {
    const folder = temporaryFolder();
    const [damaged, misfit] = [join(folder, "damaged.json"), join(folder, "misfit.json")];
    writeFileSync(damaged, "{");
    const dion = JSON.parse(gunzipSync(readFileSync(stored.get("dion") ?? "")).toString("utf8"));
    dion.params[0].state.Q = { shape: [12, 2], data: Array(24).fill(0.1) };
    writeFileSync(misfit, JSON.stringify(dion));
    const { code, out, err } = await cli("replay", damaged, misfit, "sgd", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(out.at(-1) ?? "")).toMatchObject([
      { optimizer: null, ok: false, error: expect.stringMatching(/damaged\.json: not JSON/) },
      { optimizer: "dion", ok: false, error: expect.stringMatching(/state dion.*basis of dion is \[12,4\]/) },
      { optimizer: "sgd", ok: true },
    ]);
    expect(err.join("\n")).toMatch(/2 of 3 files could not be replayed: damaged\.json, misfit\.json/);
    expect((await cli("replay", damaged, "sgd")).out.join("\n")).toMatch(
      /sgd +ok[\s\S]*failed damaged: .*not JSON[\s\S]*1 within tolerance, 0 outside, 1 failed, 0 skipped/,
    );
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

  const hidden = { ...tiny, params: [{ name: "w", role: "hidden", shape: [2, 1], init: [1, 1] }] };
  const given = (optimizer: string, options: object, more: object = {}): Trajectory =>
    parseGoldenFile(JSON.stringify({ ...hidden, optimizer, options, ...more }), "x.json") as Trajectory;

  test.each([
    ["normuon", "microsoft/dion:dion/normuon.py", { eps: 1e-8, coefficientType: "quintic" }, "optax"],
    ["muon", "microsoft/dion:dion/muon_reference.py", { eps: 1e-8 }, "optax"],
    ["muon", "NVIDIA-NeMo/Emerging-Optimizers:muon.py", {}, "nvidia"],
    ["muon", "KellerJordan/Muon:muon.py", {}, "keller"],
  ])("%s of %s divides before Newton-Schulz as that code", (optimizer, source, own, normalization) => {
    const golden = given(optimizer, own, { source });
    expect(translate(golden).options).toMatchObject({ normalization });
  });

  test("a normalization that has no name here is a reason to skip", () => {
    const polarExpress = { eps: 1e-8, coefficientType: "polar_express_dion" };
    expect(() => translate(given("normuon", polarExpress, { source: "microsoft/dion:x" }))).toThrow(
      /x\/\(1\.02·‖x‖ \+ 1e-8\)/,
    );
  });

  test("every weight of dion has the file's rank, whatever its short side", () => {
    const params = [
      { ...hidden.params[0], name: "a", shape: [6, 7], init: Array(42).fill(1) },
      { ...hidden.params[0], name: "b", shape: [10, 9], init: Array(90).fill(1) },
    ];
    const twoFold = params.map(({ init }) => init);
    const golden = given("dion", { rank: 3 }, { params, grads: [twoFold], expected: [twoFold] });
    const { groups } = translate(golden).options as { groups: { rankFraction: number }[] };
    expect(groups.map(({ rankFraction }, i) => Math.ceil(rankFraction * (i === 0 ? 6 : 9)))).toEqual([3, 3]);
  });

  test("decay of weights that are brought back to a sphere is a longer step, or nothing", () => {
    const hyperball = translate(given("muon_hyperball", { lr: 0.1, weightDecay: 2, momentumMode: "sgd" }));
    expect(hyperball.options).toMatchObject({ learningRate: 0.1 / 0.8, momentumForm: "sum" });
    expect(translate(given("sso", { lr: 0.1, weightDecay: 2 })).options).not.toHaveProperty("weightDecay");
  });

  test("MOP without the nuclear norm is NVIDIA's Muon with an exact polar factor", () => {
    const { optimizer, options } = translate(given("mop", { lr: 0.1, scaleMode: "spectral" }));
    expect(optimizer).toBe("muon_emerging");
    expect(options).toMatchObject({ polar: "svd", scale: "spectral" });
  });

  test("the paper's Shampoo with roots every second step takes them at steps 1, 3, 5", async () => {
    // Diagonal gradients: L = R = eps + Σg², the step is g/√(L at the last root).
    const [eps, lr, momentum] = [1e-4, 0.05, 0.5];
    const steps = [3, 1, 2, 5, 1].map((size) => [size, -0.5 * size]);
    const [sums, roots, sum] = [
      [eps, eps],
      [1, 1],
      [0, 0],
    ];
    const weights = [1, 2];
    const expected = steps.map((g, step) => {
      for (const [i, x] of g.entries()) {
        sums[i] = (sums[i] ?? 0) + x * x;
        if (step % 2 === 0) roots[i] = Math.sqrt(sums[i] ?? 0);
        sum[i] = momentum * (sum[i] ?? 0) + x / (roots[i] ?? 1);
        weights[i] = (weights[i] ?? 0) - lr * (sum[i] ?? 0);
      }
      return [[weights[0], 0, 0, weights[1]]];
    });
    const golden = given(
      "shampoo",
      { lr, momentum, eps, exponent: "-1/4", updateFrequency: 2, weightDecay: 0 },
      {
        params: [{ name: "w", role: "hidden", shape: [2, 2], init: [1, 0, 0, 2] }],
        grads: steps.map(([a, b]) => [[a, 0, 0, b]]),
        expected,
        tolerance: { abs: 1e-5 },
      },
    );
    expect(await replayTrajectory(golden, "x.json")).toMatchObject({ ok: true });
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
