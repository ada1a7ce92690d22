import fc from "fast-check";
import { expect, test } from "vitest";

import { holm, pairedTest } from "../src/compare/pairedTest.ts";

test("Student's own sleep data (1908): t = 4.0621 with 9 degrees of freedom, p = 0.002833", () => {
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const found = pairedTest(second, first);
  expect(found).toMatchObject({ pairs: 10 });
  expect(found?.mean).toBeCloseTo(1.58, 10);
  expect(found?.p).toBeCloseTo(0.002833, 6);
  expect(found?.low).toBeCloseTo(0.7001, 4);
  expect(found?.high).toBeCloseTo(2.4599, 4);
});

test("one pair says nothing; equal differences leave no doubt", () => {
  expect(pairedTest([1], [2])).toBeUndefined();
  expect(pairedTest([1, 2, 3], [1, 2, 3])).toMatchObject({ mean: 0, low: 0, high: 0, p: 1 });
  expect(pairedTest([2, 3, 4], [1, 2, 3])).toMatchObject({ mean: 1, low: 1, high: 1, p: 0 });
});

test("Holm's example: 0.01, 0.04, 0.03, 0.005 become 0.03, 0.06, 0.06, 0.02", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(10)))).toEqual([0.03, 0.06, 0.06, 0.02]);
});

test("corrected p keep their order, are no smaller than before, and at most Bonferroni's", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }),
      (ps) => {
        const corrected = holm(ps);
        for (const [i, p] of ps.entries()) {
          const own = corrected[i] ?? -1;
          if (!(own >= p && own <= Math.min(1, ps.length * p))) return false;
          for (const [j, q] of ps.entries()) if (p <= q && own > (corrected[j] ?? -1)) return false;
        }
        return true;
      },
    ),
  );
});
