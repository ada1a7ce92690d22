/**
 * Every function of jax-js and random programs of them, compiled and on jax-js itself: values and gradients have to agree, also which elements are
 * NaN or infinite.
 *
 * usage: npm run fuzz -- [--programs 1000] [--seed 1] [--keep-going]
 * Prints the first failing program, made as small as it gets, as code that runs, and ends with exit code 1. With
 * --keep-going it prints every one of them.
 */
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { codeOf } from "./codeOf.ts";
import { compareProgram } from "./compareProgram.ts";
import { drawProgram } from "./drawProgram.ts";
import { calls } from "./functions/calls.ts";
import { functionPrograms } from "./functions/functionPrograms.ts";
import { shrinkProgram } from "./shrinkProgram.ts";

const options = scriptFlags("npm run fuzz -- [--programs 1000] [--seed 1] [--keep-going]", {
  programs: 1000,
  seed: 1,
  "keep-going": false,
});
const programs = options.programs;
const first = options.seed;
const started = performance.now();
let failed = 0;

for (const [name, text] of Object.entries(calls))
  for (const program of functionPrograms(text)) {
    const difference = await compareProgram(program);
    if (difference === undefined) continue;
    failed += 1;
    console.log(`\n// ${name}, ${difference.kind}: ${difference.message}\n${codeOf(program)}`);
  }

for (let i = 0; i < programs && (failed === 0 || options["keep-going"]); i++) {
  const program = drawProgram(first + i);
  const difference = await compareProgram(program);
  if (difference !== undefined) {
    failed += 1;
    const smallest = await shrinkProgram(program, difference);
    const again = (await compareProgram(smallest)) ?? difference;
    console.log(`\n// seed ${first + i}, ${again.kind}: ${again.message.split("\n").join("\n// ")}`);
    console.log(codeOf(smallest));
    if (!options["keep-going"]) break;
  }
  if ((i + 1) % 100 === 0) progress(i + 1);
}
console.log(failed === 0 ? `${programs} programs agree` : `${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function progress(done: number): void {
  const seconds = ((performance.now() - started) / done / 1000) * (programs - done);
  const left = seconds > 90 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`;
  console.error(`${done} of ${programs} programs, ${failed} failed, ${left} left`);
}
