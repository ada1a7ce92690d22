import { expect, test } from "vitest";
import { compareRecipe } from "../fuzz/compareRecipe.ts";
import { drawRecipe } from "../fuzz/drawRecipe.ts";

// `npx tsx packages/kernels/fuzz/fuzz.ts` goes on from here.
test.each([1, 21, 41, 61])("20 random recipes from %i on agree with jax-js", async (first) => {
  for (let seed = first; seed < first + 20; seed++) {
    const recipe = drawRecipe(seed);
    const difference = await compareRecipe(recipe, seed, seed % 3 === 0);
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}\n${JSON.stringify(recipe)}`);
  }
});
