import { numpy as np } from "@jax-js/jax";
import { fuse } from "../src/compile/fuse.ts";
import { randomFrom } from "./drawRecipe.ts";
import { functionOf, type Recipe } from "./recipe.ts";

const SPECIAL = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e-42, -3e-45, 1e30];

/** Of the largest of the two numbers and 1: a few units of float32 for each line. */
const TOLERANCE = 2e-5;

/** Where loops and jax-js disagree on a recipe, in one line; undefined where they agree. */
export async function compareRecipe(
  recipe: Recipe,
  seed: number,
  specials: boolean,
): Promise<string | undefined> {
  const fn = functionOf(recipe);
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
  const fused = fuse<np.Array[], np.Array[]>(fn);
  const [got, wanted] = [await fused(...inputs()), fn(...inputs())];
  let difference: string | undefined;
  for (const [i, position] of recipe.results.entries()) {
    const [a, b] = [got[i], wanted[i]];
    if (a === undefined || b === undefined) return `result ${i} is missing`;
    if (String(a.shape) !== String(b.shape))
      difference ??= `result ${i} is [${a.shape}], wanted [${b.shape}]`;
    const [found, right] = [a.dataSync(), b.dataSync()];
    const at = right.findIndex(
      (y: number, k: number) => !agree(found[k] ?? 0, y, recipe.exact[position] ?? false),
    );
    if (at >= 0) difference ??= `result ${i}, element ${at}: ${found[at]}, wanted ${right[at]}`;
  }
  return difference;
}

/** jax-js decides for itself which zero a sum of zeros is. */
function agree(x: number, y: number, exact: boolean): boolean {
  if (Object.is(x, y) || x === y) return true;
  return !exact && Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(x), Math.abs(y));
}
