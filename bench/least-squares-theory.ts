/**
 * The first experiment of The Nuclear Norm and Beyond (section 6.1): step sizes by theory on randomized least squares, 10 × 10,
 * for 20 seeds, with the exact Lipschitz constants and with the draft's own.
 *
 *   npx tsx bench/least-squares-theory.ts [--seeds 20] [--constants exact paper]
 *
 * Writes docs/results/least-squares-theory.md: step length, promised steps, and the step at which the target was met.
 */
import { writeFileSync } from "node:fs";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import "../packages/steepest/src/polyfill.ts";
import { defaultDevice, init, jit, numpy as np } from "@jax-js/jax";

import { refTree } from "../packages/steepest/src/index.ts";
import { polarExpressSet } from "../packages/steepest/src/matrix/index.ts";
import { createNorm, type Norm } from "../packages/steepest/src/norms/index.ts";
import { leastSquares, type Matrices } from "../packages/steepest/test/support/leastSquares.ts";
import {
  type Constants,
  constantsChoices,
  promised,
  type TheoryCase,
  theoryCases,
} from "../packages/steepest/test/support/theoryConstants.ts";

const options = scriptFlags("npx tsx bench/least-squares-theory.ts [--seeds 20] [--constants exact,draft]", {
  seeds: 20,
  constants: constantsChoices.join(","),
});
const [n, accuracy] = [10, 0.1];
const seeds = Array.from({ length: options.seeds }, (_, i) => i + 1);
const chosen = constantsChoices.filter((name) => options.constants.split(",").includes(name));

await init("wasm");
defaultDevice("wasm");

// To 1e-6 in the dual norm; on 10 × 10 ten Lanczos steps find the pair.
const norms: Readonly<Record<TheoryCase["method"], Norm>> = {
  nsgd: createNorm("frobenius"),
  muon: createNorm("operator", { polar: { coefficients: polarExpressSet({ lower: 1e-5 }) } }),
  neon: createNorm("nuclear", { topPair: "lanczos", steps: 10 }),
};

interface Hit {
  readonly step: number;
  readonly promised: number;
  /** Steps until ‖∇F‖_* was at most the target; Infinity for never within what was promised. */
  readonly hit: number;
}

function runs({ method, target: targetOf, lipschitz }: TheoryCase, constants: Constants): Hit[] {
  const norm = norms[method];
  const target = targetOf(n, accuracy);
  const advance = jit((x: np.Array, { left, right, target: s }: Matrices, length: np.Array) => {
    const gradient = np.matmul(np.matmul(left, x.ref.sub(s)), right);
    const direction = norm.lmo(gradient.ref);
    const dual = np.sum(gradient.mul(direction.ref)).mul(-1);
    return [x.add(direction.mul(length)), dual];
  });
  const hits = seeds.map((seed) => {
    const problem = leastSquares(n, n, seed);
    const gap = problem.value(problem.start.ref).item();
    const bound = promised(lipschitz[constants](problem), gap, target);
    const length = np.array(bound.step, { dtype: np.float64 });
    let x = problem.start.ref;
    let hit = Number.POSITIVE_INFINITY;
    for (let k = 1; k <= bound.steps && hit > k; k++) {
      const [next, dual] = advance(x, refTree(problem.matrices), length.ref) as [np.Array, np.Array];
      x = next;
      if (dual.item() <= target) hit = k;
    }
    x.dispose();
    return { step: bound.step, promised: bound.steps, hit };
  });
  advance.dispose();
  return hits;
}

const spread = (values: readonly number[], format: (value: number) => string): string => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `${format(middle)} (${format(sorted[0] ?? Number.NaN)}–${format(sorted.at(-1) ?? Number.NaN)})`;
};
const whole = (value: number): string => String(value);

const lines: string[] = [];
for (const constants of chosen) {
  for (const theory of theoryCases) {
    const hits = runs(theory, constants);
    const met = hits.filter(({ hit, promised: most }) => hit <= most).length;
    lines.push(
      `| ${constants} | ${theory.method} | ${spread(
        hits.map(({ step }) => step),
        (value) => value.toPrecision(2),
      )} | ${spread(
        hits.map((one) => one.promised),
        whole,
      )} | ${spread(
        hits.map(({ hit }) => hit),
        whole,
      )} | ${met} of ${hits.length} |`,
    );
    console.error(lines.at(-1));
  }
}

writeFileSync(
  new URL("../docs/results/least-squares-theory.md", import.meta.url),
  `# Randomized least squares: step sizes by theory

F(X) = ½⟨X − S, A(X − S)B⟩, ${n} × ${n}, A and B with eigenvalues uniform on (0, 1), exact gradients, float64, ${seeds.length} seeds. Target: the
dual norm that goes with ‖∇F‖ = ${accuracy} in the spectral norm, by the draft's conversion: ${accuracy} for neon, n/2 times that for muon, √n/2
times for nsgd. With the Lipschitz constant L of ∇F in the method's norm, steps of length η = ε/L reach ε within
K = ⌈2L(F(X₀) − min F)/ε²⌉ steps. Median over the seeds, smallest and largest in brackets.

| constants | method | η | K, promised | met at step | seeds that met it |
| --- | --- | ---: | ---: | ---: | ---: |
${lines.join("\n")}

*exact*: λ_max(A)λ_max(B) for nsgd and neon, Σλᵢ(A)λᵢ(B), both falling, for muon. *paper*: ‖A‖_F‖B‖_F, n‖A‖‖B‖ and
(2/n)‖A‖_*‖B‖_*, which multiply by the square of a ratio of norms where its definition asks for the inverse: too large, so that steps
are shorter than they could be, n times for neon. Made by \`npx tsx bench/least-squares-theory.ts\`.
`,
);
