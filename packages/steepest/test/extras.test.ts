import {
  createOptimizer,
  extras,
  muon,
  type Optimizer,
  OptionError,
  type OptionsOf,
  type Tree,
} from "steepest";
import { type Coefficients, gramRestarts, newtonSchulz } from "steepest/matrix";
import { describe, expect, test } from "vitest";
import { leakedBuffers } from "#test-support/liveBuffers.ts";

import { kellerNewtonSchulz, kellerRestarts, MOST_KELLER_STEPS } from "../src/matrix/newtonSchulz.ts";
import { array, run, wave } from "./support/trees.ts";

type MuonOptions = OptionsOf<typeof muon.definition.options>;

const rare: readonly [what: RegExp, options: MuonOptions][] = [
  [/polar, coefficients or normalization/, { coefficients: "polarExpress" }],
  [/polar, coefficients or normalization/, { coefficients: [[1.5, -0.5, 0]] }],
  [/polar, coefficients or normalization/, { polar: "svd" }],
  [/polar, coefficients or normalization/, { normalization: "torch" }],
  [/steps above 8/, { steps: 9 }],
  [/momentumForm "sum"/, { momentumForm: "sum" }],
  [/biasCorrection/, { biasCorrection: true }],
  [/weightDecayMode "cautious"/, { weightDecayMode: "cautious", weightDecay: 0.1 }],
  [/blocks/, { blocks: 2 }],
  [/blocks/, { groups: [{ match: "blocks.**", blocks: 2 }] }],
];

const tree = (seed: number) => (): Tree => ({ blocks: [{ w: array(wave(24, seed), [4, 6]) }] });
const moved = (optimizer: Optimizer): number[] =>
  run(optimizer, { steps: 2, start: tree(1), gradient: (step) => tree(5 + step)() });

describe.each(rare)("muon, %s", (what, options) => {
  test("asks for extras, and with them does what createOptimizer does", async () => {
    const alone = (): unknown => muon(options);
    expect(alone).toThrow(OptionError);
    expect(alone).toThrow(what);
    expect(alone).toThrow('import { extras } from "steepest" and give muon { …, extras }');
    const work = (): void =>
      expect(moved(muon({ ...options, extras }))).toEqual(moved(createOptimizer("muon", options)));
    expect(await leakedBuffers(work)).toBe(0);
  });
});

test("muon takes its other options without extras", () => {
  for (const options of [
    { steps: 3 },
    { nesterov: false, weightDecay: 0.1, weightDecayMode: "l2" },
    { scale: "rms", extraScale: 2, clipGlobalNorm: 1, skipNonFinite: true },
    { groups: [{ match: "blocks.**", learningRate: 1 }] },
  ] as const satisfies readonly MuonOptions[])
    expect(moved(muon(options))).toEqual(moved(createOptimizer("muon", options)));
});

describe("kellerNewtonSchulz", () => {
  test.each([
    [3, 5],
    [5, 3],
    [256, 448], // from a short side of 256 on the Gram form takes over
  ])("is newtonSchulz, bit for bit, at %d × %d", (rows, columns) => {
    const matrix = () => array(wave(rows * columns, 3), [rows, columns]);
    for (const steps of rows < 256 ? [1, 4, 5, 8] : [5])
      expect(kellerNewtonSchulz(matrix(), steps).dataSync()).toEqual(
        newtonSchulz(matrix(), { steps }).dataSync(),
      );
  });

  test("restarts as gramRestarts would, for all steps it takes", () => {
    const keller: Coefficients = [3.4445, -4.775, 2.0315];
    for (let steps = 1; steps <= MOST_KELLER_STEPS; steps++)
      expect(kellerRestarts(steps)).toEqual(gramRestarts(Array<Coefficients>(steps).fill(keller)));
  });
});
