import { numpy as np } from "@jax-js/jax";
import { fuse } from "../src/compile/fuse.ts";
import { randomFrom } from "./drawRecipe.ts";
import { functionOf, type Recipe } from "./recipe.ts";

const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e-42, -3e-45, 1e30];

/** Of the largest of the two numbers and 1: a few units of float32 for each line. */
const TOLERANCE = 2e-5;
/** jax-js's logarithm is off by up to 1.25e-5 just below 2 (ours by 0.8 units of the last place), and lines multiply that. */
const OF_LOGARITHMS = 1e-4;

/**
 * Where loops and jax-js disagree on a recipe, in one line; undefined where they agree, in float32 or with what jax-js comes to in
 * float64: its sums in float32 add one number after the other.
 */
export async function compareRecipe(
  recipe: Recipe,
  seed: number,
  specials: boolean,
): Promise<string | undefined> {
  const fn = functionOf(recipe);
  const tolerance = recipe.lines.some(({ op }) => op === "log") ? OF_LOGARITHMS : TOLERANCE;
  const inputs = (): np.Array[] => {
    const random = randomFrom(seed);
    return recipe.shapes.map((shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      // One more than is used: arrays of a single number jax-js computes in double precision.
      const data = Float32Array.from({ length: size + 1 }, () => {
        const value = random() * 4 - 2;
        return specials && random() < 0.05 ? (SPECIAL[Math.floor(random() * SPECIAL.length)] ?? 0) : value;
      });
      return np
        .array(data)
        .slice([0, size])
        .reshape([...shape]);
    });
  };
  let precise: np.Array[] | undefined; // made where they differ
  const fused = fuse<np.Array[], np.Array[]>(fn);
  const [got, wanted] = [await fused(...inputs()), fn(...inputs())];
  let difference: string | undefined;
  for (const [i, position] of recipe.results.entries()) {
    const [a, b] = [got[i], wanted[i]];
    if (a === undefined || b === undefined) return `result ${i} is missing`;
    if (String(a.shape) !== String(b.shape))
      difference ??= `result ${i} is [${a.shape}], wanted [${b.shape}]`;
    const [found, right] = [a.dataSync(), b.dataSync()];
    const allowed = recipe.exact[position] === true ? 0 : tolerance;
    let at = right.findIndex((y: number, k: number) => !agree(found[k] ?? 0, y, allowed));
    if (at >= 0 && allowed > 0) {
      precise ??= fn(...inputs().map((x) => x.astype(np.float64)));
      const truth = precise[i]?.ref.dataSync() ?? [];
      at = right.findIndex((y: number, k: number) =>
        [y, truth[k] ?? Number.NaN].every((one) => !agree(found[k] ?? 0, one, allowed)),
      );
    }
    if (at >= 0) difference ??= `result ${i}, element ${at}: ${found[at]}, wanted ${right[at]}`;
  }
  for (const one of precise ?? []) one.dispose();
  return difference;
}

/** jax-js decides for itself which zero a sum of zeros is. */
function agree(x: number, y: number, tolerance: number): boolean {
  if (Object.is(x, y) || x === y) return true;
  return Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y));
}
