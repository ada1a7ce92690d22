/** Random recipes, loops against jax-js: `npx tsx packages/kernels/fuzz/fuzz.ts [--count 10000] [--seed 1]`. */
import { parseArgs } from "node:util";
import { compareRecipe } from "./compareRecipe.ts";
import { drawRecipe } from "./drawRecipe.ts";

const { values } = parseArgs({
  options: { count: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const [first, count] = [Number(values.seed), Number(values.count)];
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
