/** Random recipes, loops against jax-js: `npx tsx packages/kernels/fuzz/fuzz.ts [--count 10000] [--seed 1]`. */
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { compareRecipe } from "./compareRecipe.ts";
import { drawRecipe } from "./drawRecipe.ts";

const { seed: first, count } = scriptFlags(
  "npx tsx packages/kernels/fuzz/fuzz.ts [--count 10000] [--seed 1]",
  {
    count: 10000,
    seed: 1,
  },
);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const recipe = drawRecipe(seed);
  const difference = await compareRecipe(recipe, seed, seed % 3 === 0).catch(String);
  if (difference === undefined) continue;
  failed += 1;
  console.log(`seed ${seed}: ${difference}\n  ${JSON.stringify(recipe)}`);
}
console.log(`${count} recipes, ${failed} differ`);
process.exitCode = failed > 0 ? 1 : 0;
