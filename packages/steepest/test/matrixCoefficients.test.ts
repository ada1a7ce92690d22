import { describe, expect, test } from "vitest";
import {
  bandOf,
  bestOddCubic,
  bestOddQuintic,
  type Coefficients,
  coefficientSet,
  coefficientSetNames,
  coefficientSets,
  mapSingularValue,
  polarExpressRaw,
  polarExpressSchedule,
  polarExpressSet,
  scheduleFor,
  withSafety,
} from "../src/matrix/index.ts";

/** Smallest and largest value on σ in [lower, upper], on a fine logarithmic grid. */
function range(schedule: readonly Coefficients[], lower: number, upper = 1): [number, number] {
  const points = 200_000;
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i <= points; i++) {
    const value = mapSingularValue(schedule, upper * (lower / upper) ** (i / points));
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}

const take = (name: string, steps?: number): Coefficients[] => {
  const set = coefficientSet(name);
  return scheduleFor(set, steps ?? set.steps);
};

// norm-constrained.md section 5.4: slope at 0, range on σ ≥ 1e-3, range on σ ≥ 1e-2, printed to 3 digits.
const table: [label: string, Coefficients[], slope: number, from3: number[], from2: number[]][] = [
  ["keller ×5", take("keller"), 485, [0.47, 1.202], [0.682, 1.134]],
  ["keller ×10", take("keller", 10), 235105, [0.682, 1.134], [0.682, 1.134]],
  ["you5", take("you5"), 493, [0.475, 1.145], [0.978, 1.032]],
  ["you6", take("you6"), 1138, [0.866, 0.999], [0.9956, 0.9993]],
  ["polarExpress 5", take("polarExpress"), 976, [0.846, 1.124], [0.87, 1.124]],
  ["polarExpress2pct 5", take("polarExpress2pct"), 990, [0.859, 1.141], [0.859, 1.141]],
  [
    "polar express 5, safety 1.05",
    withSafety(polarExpressRaw, 1.05).slice(0, 5),
    804,
    [0.729, 1.124],
    [0.846, 1.124],
  ],
  ["cans5", take("cans5"), 1049, [0.884, 1.12], [0.884, 1.12]],
  ["cubic5", take("cubic5"), 119, [0.119, 1.3], [0.774, 1.3]],
  ["cubic ×15", take("cubic"), 438, [0.417, 1], [1, 1]],
  ["quintic ×10", take("quintic"), 537, [0.499, 1], [1, 1]],
];

describe("table 5.4", () => {
  test.each(table)("%s", (_label, schedule, slope, from3, from2) => {
    const half = 0.0006; // half a unit of the last printed digit, and the grid
    // Whole numbers there, and not always rounded to the nearest.
    expect(Math.abs(mapSingularValue(schedule, 1e-12) / 1e-12 - slope)).toBeLessThan(1);
    for (const [lower, expected] of [
      [1e-3, from3],
      [1e-2, from2],
    ] as const) {
      const [least, most] = range(schedule, lower);
      expect(Math.abs(least - (expected[0] ?? Number.NaN))).toBeLessThan(half);
      expect(Math.abs(most - (expected[1] ?? Number.NaN))).toBeLessThan(half);
    }
  });

  test.each([
    ["polarExpress", 8, 6363, 1e-4],
    ["deepseekV4", 10, 79263, 5.5e-4],
    ["simple", 12, 4096, 5e-5],
  ] as const)("%s ×%i arrives at 1", (name, steps, slope, error) => {
    const schedule = take(name, steps);
    expect(Math.abs(mapSingularValue(schedule, 1e-13) / 1e-13 - slope)).toBeLessThan(1);
    const [least, most] = range(schedule, 1e-3);
    expect(1 - least).toBeLessThan(error);
    expect(most - 1).toBeLessThan(error);
  });
});

describe("Polar Express generator", () => {
  test("reproduces the published list to 1e-12, and stops where it has converged", () => {
    const made = polarExpressSchedule();
    expect(made.length).toBe(7); // the eighth published entry is the limit
    made.slice(0, 6).forEach((step, i) => {
      step.forEach((value, j) => {
        expect(Math.abs(value - (polarExpressRaw[i]?.[j] ?? Number.NaN))).toBeLessThan(
          1e-12 * Math.abs(value),
        );
      });
    });
    // By then the interval is 5e-6 wide and the system is that near to singular.
    made[6]?.forEach((value, j) => {
      expect(Math.abs(value - (polarExpressRaw[6]?.[j] ?? Number.NaN))).toBeLessThan(1e-9);
    });
  });

  test.each([1e-2, 1e-5, 1e-7])("brings [%d, 1] to 1 within the accuracy asked for", (lower) => {
    const [least, most] = range(polarExpressSchedule({ lower, accuracy: 1e-7 }), lower);
    expect(1 - least).toBeLessThan(1e-7);
    expect(most - 1).toBeLessThan(1e-7);
  });

  test.each([1e-2, 1e-5, 1e-7])("with safety as well, on [%d, 1.005]: room for rounding", (lower) => {
    const [least, most] = range(polarExpressSet({ lower }).schedule, lower, 1.005);
    expect(1 - least).toBeLessThan(2e-7);
    expect(most - 1).toBeLessThan(2e-7);
  });

  test("the best quintic equioscillates and is best: 1−E, 1+E, 1−E, 1+E", () => {
    const [a, b, c] = bestOddQuintic(0.1, 1);
    const error = 1 - mapSingularValue([[a, b, c]], 0.1);
    const [least, most] = range([[a, b, c]], 0.1);
    expect(Math.abs(mapSingularValue([[a, b, c]], 1) - 1 - error)).toBeLessThan(1e-12);
    expect(Math.abs(1 - least - error)).toBeLessThan(1e-9);
    expect(Math.abs(most - 1 - error)).toBeLessThan(1e-9);
  });

  test("on a narrow interval it is the classical quintic", () => {
    expect(bestOddQuintic(1, 1)).toEqual([15 / 8, -5 / 4, 3 / 8]);
    const nearly = bestOddQuintic(1 - 1e-3, 1 + 1e-3);
    [15 / 8, -5 / 4, 3 / 8].forEach((value, i) => {
      expect(Math.abs((nearly[i] ?? Number.NaN) - value)).toBeLessThan(1e-5);
    });
  });

  test("refuses intervals that make no sense", () => {
    expect(() => bestOddQuintic(0, 1)).toThrow("0 < lower <= upper, got [0, 1]");
    expect(() => polarExpressSchedule({ lower: 1 })).toThrow("lower must be between 0 and 1, got 1");
    expect(() => polarExpressSchedule({ cushion: 1 })).toThrow("cushion must be in [0, 1), got 1");
    expect(() => polarExpressSchedule({ accuracy: 0 })).toThrow("accuracy must be at least 1e-14, got 0");
  });
});

describe("coefficient sets", () => {
  // What a rounding error above 1 may do counts as well, hence 1.01.
  test.each(coefficientSetNames())("%s: flipsSign tells whether some σ in (0, 1.01] goes below 0", (name) => {
    const [least] = range(take(name), 1e-6, 1.01);
    expect(coefficientSets[name].flipsSign).toBe(least < 0);
  });

  test.each(coefficientSetNames())(
    "%s: its interval has its band, and no wider one if it was measured",
    (name) => {
      const { interval, intervalKind, band } = coefficientSets[name];
      const [lower, upper] = interval;
      const [lowest, most] = range(take(name), Math.max(lower, 1e-7), upper);
      const least = lower === 0 ? 0 : lowest; // p(0)
      // Bands are printed outward to four digits; rounding of float64 in compositions near 1 comes on top.
      expect(least).toBeGreaterThanOrEqual(band[0] - 1e-12);
      expect(most).toBeLessThanOrEqual(band[1] + 1e-12);
      expect(band[1] - most).toBeLessThan(2e-4);
      expect(least - band[0]).toBeLessThan(2e-4);
      const [below, above] = bandOf(take(name), interval); // the coarse grid finds the same
      expect(Math.abs(below - least)).toBeLessThan(5e-4);
      expect(Math.abs(above - most)).toBeLessThan(5e-4);
      if (intervalKind !== "measured") return;
      // A twentieth further down p leaves the band, on one side or the other.
      const [low, high] = range(take(name), 0.95 * lower, upper);
      expect(low < band[0] || high > band[1]).toBe(true);
    },
  );

  test("what the fitted intervals of cans5 and cubic5 stand on: their steps can be made from them again", () => {
    const [first] = coefficientSets.cans5.schedule;
    const best = bestOddQuintic(...coefficientSets.cans5.interval);
    for (const [i, x] of (first ?? []).entries()) expect(Math.abs(x / (best[i] ?? 0) - 1)).toBeLessThan(1e-4);
    // Relaxed cubics: the best on what the last one left, stretched so that its largest value is 1.3.
    let [lower, upper] = coefficientSets.cubic5.interval;
    for (const step of coefficientSets.cubic5.schedule) {
      const { coefficients, error } = bestOddCubic(lower, upper);
      const stretch = 1.3 / (1 + error);
      for (const [i, x] of step.entries()) expect(x).toBeCloseTo((coefficients[i] ?? 0) * stretch, 6);
      [lower, upper] = [(1 - error) * stretch, 1.3];
    }
  });

  test("rounding above 1 does not blow up what has a band: cans5 enlarges the norm, since p(1 + 1e-5) = 2.6", () => {
    expect(mapSingularValue(take("cans5"), 1 + 1e-5)).toBeGreaterThan(2.6);
    for (const name of coefficientSetNames()) {
      const { safety, band } = coefficientSets[name];
      const value = mapSingularValue(take(name), (1 + 1e-4) / safety);
      if (name !== "aol4") expect(value, name).toBeLessThan(band[1] + 0.06);
    }
  });

  test.each(coefficientSetNames())("%s carries its name and origin", (name) => {
    const set = coefficientSets[name];
    expect(set.name).toBe(name);
    expect(set.authors).not.toBe("");
    expect(set.source).not.toBe("");
    expect(set.year).toBeGreaterThanOrEqual(1971);
    expect(set.schedule.length).toBeGreaterThan(0);
  });

  test("classical sets keep 1 fixed, and all but cubic5 have an odd quintic part", () => {
    for (const name of ["cubic", "quintic", "simple"] as const) {
      const [[a, b, c] = [0, 0, 0]] = coefficientSets[name].schedule;
      expect(a + b + c).toBe(1);
      expect(a + 3 * b + 5 * c).toBe(0); // superattracting
    }
  });

  test("a schedule cycles or repeats its last entry", () => {
    const { schedule } = coefficientSets.you5;
    expect(take("you5", 7).slice(5)).toEqual(schedule.slice(0, 2));
    expect(take("cans5", 7).slice(5)).toEqual([
      coefficientSets.cans5.schedule[4],
      coefficientSets.cans5.schedule[4],
    ]);
  });

  test("wrong names and step counts are refused with a remedy", () => {
    expect(() => coefficientSet("kelller")).toThrow(
      /unknown coefficient set "kelller".*did you mean "keller".* The sets are keller, you5/,
    );
    expect(() => coefficientSet("toString")).toThrow('unknown coefficient set "toString"');
    expect(() => take("keller", 0)).toThrow('steps of "keller" must be a positive integer, got 0');
    expect(() => take("keller", 2.5)).toThrow("got 2.5");
    expect(() => take("cubic5", 6)).toThrow('"cubic5" is made for at most 5 steps, got 6');
  });
});
