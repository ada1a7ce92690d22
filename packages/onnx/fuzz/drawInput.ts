import type { FuzzDtype, FuzzInput } from "./program.ts";
import type { SeededRandom } from "./seededRandom.ts";

const SHAPES: readonly (readonly number[])[] = [
  [],
  [1],
  [3],
  [6],
  [0],
  [2, 3],
  [3, 1],
  [4, 4],
  [0, 3],
  [1, 5],
  [2, 3, 4],
  [3, 1, 2],
  [2, 0, 3],
  [1, 2, 4, 4],
];

/** What floating point has apart from ordinary numbers. */
const SPECIAL = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0,
  -0,
  0,
  1e18,
  -1e18,
  1e-30,
];

/** Without numbers whose powers float32 lacks, in which jax-js computes functions of float64. */
const MILD = SPECIAL.filter((x) => !(Math.abs(x) === 1e18));

const INTEGERS = { int32: [-7, 8], uint32: [0, 12], bool: [0, 2] } as const;

/**
 * Elements of a type. Floats are small multiples of a quarter, with which sums and products are exact in any order, so
 * that what depends on the last bit (rounding down, comparing) is the same everywhere; a few are special.
 */
export function drawElements(
  r: SeededRandom,
  dtype: FuzzDtype,
  size: number,
  special: number,
): readonly number[] {
  return Array.from({ length: size }, () => {
    if (dtype === "float32" || dtype === "float64")
      return r.chance(special) ? r.of(dtype === "float32" ? SPECIAL : MILD) : r.integer(-8, 9) / 4;
    const [low, high] = INTEGERS[dtype];
    return r.integer(low, high);
  });
}

/** A random argument; every second one has special elements. */
export function drawInput(r: SeededRandom, dtype: FuzzDtype, shape = r.of(SHAPES)): FuzzInput {
  const size = shape.reduce((a, b) => a * b, 1);
  const special = r.chance(0.5) ? 0.15 : 0;
  return { dtype, shape, values: drawElements(r, dtype, size, special) };
}
