import { numpy as np } from "@jax-js/jax";
import fc from "fast-check";
import { describe, test } from "vitest";
import { type Fn, integers, sameAsJax, values } from "./support/sameAsJax.ts";

/** Sizes 0 and 1 as often as others: they take paths of their own. */
const size = fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 4 }));
const shape = fc.array(size, { maxLength: 5 });
const nonempty = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 });

/** Operand shapes that broadcast to one, and a seed. */
const pair = shape.chain((full) =>
  fc.tuple(
    fc.constant(full),
    fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }),
    fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }),
    fc.integer({ min: 0, max: full.length }),
  ),
);
const shrunk = (full: readonly number[], ones: readonly boolean[]): number[] =>
  full.map((n, i) => (ones[i] ? 1 : n));

const RUNS = { numRuns: 20 };
const check = <T>(arbitrary: fc.Arbitrary<T>, law: (drawn: T) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(arbitrary, law), { ...RUNS, seed: 20261122 });

const permutation = (n: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray([...Array(n).keys()], { minLength: n, maxLength: n });

describe("random shapes, rank 0 to 5, sizes 0 and 1 included", () => {
  test("elementwise with broadcasting", () =>
    check(pair, ([full, a, b, drop]) =>
      sameAsJax(
        (x: np.Array, y: np.Array) => [x.ref.add(y.ref), np.where(np.less(x.ref, y.ref), x, y)],
        [values(shrunk(full, a)), values(shrunk(full, b).slice(drop), 1)],
      ),
    ));

  test("transposed operands meet in any order", () =>
    check(
      shape.chain((s) => fc.tuple(fc.constant(s), permutation(s.length), permutation(s.length))),
      ([s, p, q]) => {
        const inverse = (perm: number[]): number[] => perm.map((_, i) => perm.indexOf(i));
        const fn: Fn = (x: np.Array, y: np.Array) =>
          np
            .exp(
              x
                .transpose(p)
                .transpose(inverse(p))
                .mul(y.transpose(inverse(q))),
            )
            .transpose(p);
        return sameAsJax(fn, [
          values(s),
          values(
            q.map((d) => s[d] ?? 0).map((n) => n),
            1,
          ),
        ]);
      },
    ));

  test("reductions over any axes", () =>
    check(
      shape.chain((s) => fc.tuple(fc.constant(s), fc.subarray([...s.keys()]), permutation(s.length))),
      ([s, axes, p]) => {
        const safe = s.map((n) => Math.max(n, 1));
        return sameAsJax(
          (x: np.Array, y: np.Array) => [
            np.sum(x.ref.transpose(p), axes),
            np.prod(x, axes),
            np.max(y.ref.transpose(p), axes),
            np.min(y, axes),
          ],
          [values(s), values(safe, 1)],
        );
      },
    ));

  test("reshape after transpose and broadcast", () =>
    check(
      nonempty.chain((s) =>
        fc.tuple(
          fc.constant(s),
          permutation(s.length),
          fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
          fc.nat(5),
        ),
      ),
      ([s, p, ones, cut]) => {
        const full = p.map((d) => s[d] ?? 1);
        const target = [full.slice(0, cut).reduce((a, b) => a * b, 1), ...full.slice(cut)];
        const split = target.flatMap((n) => (n % 2 === 0 ? [2, 1, n / 2] : [n]));
        const fn: Fn = (x: np.Array) =>
          np.broadcastTo(x, s).transpose(p).reshape(target).reshape(split).add(1);
        return sameAsJax(fn, [values(s.map((n, i) => (ones[i] ? 1 : n)))]);
      },
    ));

  test("dot contracts the last axis with broadcasting", () =>
    check(
      fc.tuple(
        nonempty.filter((s) => s.length > 0 && s.length < 5),
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
      ),
      async ([s, flips]) => {
        const [a, b] = [shrunk(s, flips), shrunk(s, flips.slice(5))];
        a[a.length - 1] = b[b.length - 1] = s.at(-1) ?? 1;
        await sameAsJax((x: np.Array, y: np.Array) => np.vecdot(x, y), [values(a), values(b, 1)]);
      },
    ));

  test("shrink, pad, flip, concatenate and split", () =>
    check(
      shape.filter((s) => s.length > 0),
      (s) => {
        const half = s.map((n): [number, number] => [n >> 2, n - (n >> 1)]);
        return sameAsJax(
          (x: np.Array, y: np.Array) => [
            np.flip(x.ref.slice(...half), [0]),
            np.pad(
              x.ref,
              s.map((_, i): [number, number] => [i % 2, 1]),
            ),
            np.concatenate([x.ref, y, x.ref], s.length - 1),
            ...np.split(x, [s[0] === 0 ? 0 : 1], 0),
          ],
          [values(s), values(s, 1)],
        );
      },
    ));

  test("gather with indices of any shape", () =>
    check(
      fc.tuple(
        nonempty.filter((s) => s.length > 0),
        shape.filter((i) => i.length < 3),
        fc.nat(),
      ),
      ([s, i, seed]) => {
        const axis = seed % s.length;
        const before = Array.from({ length: axis }, (): [] => []);
        return sameAsJax(
          (x: np.Array, index: np.Array) => x.slice(...before, index),
          [values(s), integers(i, 0, s[axis] ?? 1, seed)],
        );
      },
    ));
});
