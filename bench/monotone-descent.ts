/**
 * Clipping and the short step against a step of fixed length, on a convex quadratic whose smoothness is known in every norm:
 * GGNC and both variants of the short step descend at every step, uSCG does not.
 *
 *   npx tsx bench/monotone-descent.ts [--steps 200] [--seed 3]
 *
 * Writes docs/results/monotone-descent.{svg,md}.
 */
import { writeFileSync } from "node:fs";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import "../packages/steepest/src/polyfill.ts";
import { defaultDevice, init, jit, numpy as np } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform } from "../packages/steepest/src/index.ts";
import {
  clippedConditionalGradient,
  layerNorms,
  shortStep,
  unconstrainedConditionalGradient,
} from "../packages/steepest/src/steps/index.ts";
import { leastSquares, type Matrices } from "../packages/steepest/test/support/leastSquares.ts";
import { normCurvatures } from "../packages/steepest/test/support/normCurvature.ts";
import { type FigurePanel, svgFigure } from "./src/figure/svgFigure.ts";

const { steps, seed } = scriptFlags("npx tsx bench/monotone-descent.ts [--steps 200] [--seed 3]", {
  steps: 200,
  seed: 3,
});
const [m, n] = [4, 6];
/** ρ of GGNC, and the radius of the short step's ball. */
const [threshold, radius] = [0.3, 1.5];

await init("wasm");
defaultDevice("wasm");
const problem = leastSquares(m, n, seed);

interface Run {
  readonly norm: string;
  readonly method: string;
  readonly values: readonly number[];
  /** Steps after which F was larger. */
  readonly rises: number;
}

async function run(norm: string, method: string, transform: Transform): Promise<Run> {
  const step = jit((x: np.Array, { left, right, target }: Matrices) => {
    const difference = x.ref.sub(target);
    const gradient = np.matmul(np.matmul(left, difference.ref), right);
    const value = np.sum(difference.mul(gradient.ref)).mul(0.5);
    const context = { phase: 0, first: false };
    const state = transform.init({ x: x.ref }); // empty: no momentum
    const [updates] = transform.update({ x: gradient }, state, { x: x.ref }, context);
    const { x: next } = applyUpdates({ x }, updates) as { x: np.Array };
    return [next, value];
  });
  const values: number[] = [];
  let x = problem.start.ref;
  for (let i = 0; i <= steps; i++) {
    const [next, value] = step(x, refTree(problem.matrices)) as [np.Array, np.Array];
    x = next;
    values.push(value.item());
  }
  x.dispose();
  step.dispose();
  // float64: a rise by rounding alone is below 1e-13 of the value.
  const rises = values.slice(1).filter((value, i) => value > (values[i] ?? 0) * (1 + 1e-12)).length;
  return { norm, method, values, rises };
}

const runs: Run[] = [];
const sizes = new Map(
  normCurvatures.map(([name, norm]) => [name, norm.value(problem.matrices.target.ref).item().toFixed(2)]),
);
for (const [name, norm, kappaSquare] of normCurvatures) {
  const smoothness = (problem.a[0] ?? 1) * (problem.b[0] ?? 1) * kappaSquare(m, n);
  const layers = layerNorms(() => ({ norm, radius: 1 }));
  const learningRate = 1 / smoothness;
  const ball = { learningRate, threshold: smoothness, radius };
  const methods: [string, Transform][] = [
    ["uSCG, step ρ/L", unconstrainedConditionalGradient(norm, { learningRate: threshold * learningRate })],
    ["GGNC, γ = 1/L", clippedConditionalGradient(layers, { learningRate, threshold })],
    ["short step 1 (primal norm)", shortStep(layers, { ...ball, variant: "primalNorm" })],
    ["short step 2 (diameter)", shortStep(layers, { ...ball, variant: "diameter" })],
  ];
  for (const [method, transform] of methods) {
    runs.push(await run(name, method, transform));
    console.error(name, method, runs.at(-1)?.values.at(-1)?.toExponential(2), runs.at(-1)?.rises);
  }
}

const names = normCurvatures.map(([name]) => name);
const panels = names.map(
  (name): FigurePanel => ({
    title: name,
    x: { title: "step", kind: "linear", low: 0, high: steps },
    y: { title: "F − min F", kind: "log" },
    series: runs
      .filter(({ norm }) => norm === name)
      .map(({ method, values }) => ({
        label: method,
        mark: "line",
        points: values.map((value, i) => ({ x: i, y: value })),
      })),
  }),
);
const folder = new URL("../docs/results/", import.meta.url);
writeFileSync(new URL("monotone-descent.svg", folder), svgFigure(panels, 3));
writeFileSync(new URL("monotone-descent.md", folder), page());

function page(): string {
  const methods = [...new Set(runs.map(({ method }) => method))];
  const cell = (norm: string, method: string): string => {
    const found = runs.find((one) => one.norm === norm && one.method === method);
    return `${found?.rises} (${found?.values.at(-1)?.toExponential(1)})`;
  };
  return `# Descent at every step, in every norm

F(X) = ½⟨X − S, A(X − S)B⟩, ${m} × ${n}, min F = 0, from X = 0, exact gradients, float64, ${steps} steps, seed ${seed}. In a norm whose dual is at
most κ times the Frobenius norm, F is L-smooth with L = λ_max(A)·λ_max(B)·κ². All methods know L:

- **uSCG**: steps of fixed length ρ/L, ρ = ${threshold};
- **GGNC**: the same steps while ‖∇F‖_* ≥ ρ, shorter ones below: X ← X + min{ρ, ‖∇F‖_*}/L · lmo(∇F);
- **short step**, variants 1 and 2, in the ball of radius ${radius} around 0. Where ‖S‖ is larger, the minimiser S is not in it, and
  the curve goes to the minimum over the ball, which is above 0.

![F over steps](monotone-descent.svg)

Steps after which F was larger than before, and F at the end in brackets:

| norm | ‖S‖ | ${methods.join(" | ")} |
| --- | ---: | ${methods.map(() => "---:").join(" | ")} |
${names.map((name) => `| \`${name}\` | ${sizes.get(name)} | ${methods.map((method) => cell(name, method)).join(" | ")} |`).join("\n")}

Descent needs γ ≤ 1/L and nothing else (Pethick et al. 2025, arXiv:2506.01913). That each step falls by at least what it
promises is a test (\`packages/steepest/test/leastSquares.test.ts\`). Made by \`npx tsx bench/monotone-descent.ts\`.
`;
}
