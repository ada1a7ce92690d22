/**
 * The second experiment of The Nuclear Norm and Beyond (section 6.1): randomized linear least squares, 10 × 10, five methods
 * with step 1e-3 that know nothing of the smoothness, full gradients, no momentum; float32 on ONNX Runtime.
 *
 *   npx tsx bench/least-squares.ts [--steps 100000] [--seed 1]
 *
 * Writes docs/results/least-squares.{json,svg}: the spectral norm of the gradient and F over steps, on logarithmic axes.
 */
import { writeFileSync } from "node:fs";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import "../packages/steepest/src/polyfill.ts";
import { defaultDevice, init, numpy as np, tree } from "@jax-js/jax";
import { compile } from "../packages/onnx/src/index.ts";

import { refTree } from "../packages/steepest/src/index.ts";
import { polarExpressSet } from "../packages/steepest/src/matrix/index.ts";
import { createNorm, fStar, fTwo, type Norm } from "../packages/steepest/src/norms/index.ts";
import {
  type LeastSquares,
  leastSquares,
  type Matrices,
} from "../packages/steepest/test/support/leastSquares.ts";

interface Curve {
  readonly method: string;
  readonly points: { step: number; gradient: number; value: number }[];
}

const options = scriptFlags("npx tsx bench/least-squares.ts [--steps 100000] [--seed 1]", {
  steps: 100_000,
  seed: 1,
});
const { steps } = options;
const rate = 1e-3;

await init("wasm");
defaultDevice("wasm");

// The polar factor to 1e-6 for singular values down to 1e-5 of the largest; on 10 × 10 ten Lanczos steps find the pair.
const exact = { polar: { coefficients: polarExpressSet({ lower: 1e-5 }) } } as const;
const pair = { topPair: "lanczos", steps: 10 } as const;
const methods: [string, Norm][] = [
  ["nsgd", createNorm("frobenius")],
  ["muon", createNorm("operator", exact)],
  ["f_muon ½", fStar({ ...exact, alpha: 0.5 })],
  ["neon", createNorm("nuclear", pair)],
  ["f_neon ½", fTwo({ ...pair, alpha: 0.5 })],
];

/** Steps at which a point is kept: about 20 a decade. */
const kept = (step: number): boolean => {
  const decade = 10 ** Math.floor(Math.log10(Math.max(1, step)));
  return step % Math.max(1, Math.round(decade / 10)) === 0;
};

/** Steps in one compiled graph. */
const chunk = 10;

async function run(norm: Norm, problem: LeastSquares): Promise<Curve["points"]> {
  const once = (x: np.Array, { left, right, target }: Matrices): np.Array => {
    const gradient = np.matmul(np.matmul(left, x.ref.sub(target)), right);
    return x.add(norm.lmo(gradient).mul(rate));
  };
  const matrices = tree.map((a: np.Array) => a.astype(np.float32), refTree(problem.matrices));
  const [one, many] = [1, chunk].map((count) =>
    compile((x: np.Array, m: Matrices): np.Array => {
      let y = x;
      for (let i = 0; i < count; i++) y = once(y, i < count - 1 ? refTree(m) : m);
      return y;
    }),
  );
  if (one === undefined || many === undefined) throw new Error("internal: nothing compiled");
  const spectral = createNorm("operator");
  const points: Curve["points"] = [];
  let x = problem.start.ref.astype(np.float32);
  for (let step = 0; step <= steps; ) {
    if (kept(step)) {
      const wide = x.ref.astype(np.float64);
      const gradient = spectral.value(problem.gradient(wide.ref)).item();
      points.push({ step, gradient, value: problem.value(wide).item() });
    }
    const count = step < 100 ? 1 : chunk;
    x = await (count === 1 ? one : many)(x, refTree(matrices));
    step += count;
  }
  one.dispose();
  many.dispose();
  return points;
}

const curves: Curve[] = [];
for (const [method, norm] of methods) {
  const start = performance.now();
  const points = await run(norm, leastSquares(10, 10, options.seed));
  curves.push({ method, points });
  const last = points.at(-1);
  console.error(
    `${method}: ‖∇F‖_op ${last?.gradient.toExponential(2)}, F ${last?.value.toExponential(2)}, ${((performance.now() - start) / 1000).toFixed(0)} s`,
  );
}

const folder = new URL("../docs/results/", import.meta.url);
writeFileSync(
  new URL("least-squares.json", folder),
  `${JSON.stringify({ size: 10, seed: options.seed, rate, steps, curves }, rounded)}\n`,
);
writeFileSync(new URL("least-squares.svg", folder), plot(curves));

/** Six digits are plenty for curves. */
function rounded(_: string, given: unknown): unknown {
  return typeof given === "number" ? Number(given.toPrecision(6)) : given;
}

/** Two panels side by side, logarithmic axes. */
function plot(all: readonly Curve[]): string {
  const colours = ["#1b6ca8", "#d1495b", "#edae49", "#00798c", "#7a5195"];
  const panel = (left: number, title: string, y: (p: Curve["points"][number]) => number): string => {
    const values = all.flatMap(({ points }) => points.map(y)).filter((v) => v > 0);
    const [low, high] = [
      Math.floor(Math.log10(Math.min(...values))),
      Math.ceil(Math.log10(Math.max(...values))),
    ];
    const decades = Math.log10(steps);
    const px = (step: number): number => left + (Math.log10(Math.max(1, step)) / decades) * 330;
    const py = (v: number): number => 40 + ((high - Math.log10(v)) / (high - low)) * 260;
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => low + i).map(
      (e) =>
        `<line x1="${left}" x2="${left + 330}" y1="${py(10 ** e)}" y2="${py(10 ** e)}" stroke="#ddd"/><text x="${left - 6}" y="${py(10 ** e) + 4}" text-anchor="end">1e${e}</text>`,
    );
    const below = Array.from({ length: Math.floor(decades) + 1 }, (_, e) => e).map(
      (e) => `<text x="${px(10 ** e)}" y="318" text-anchor="middle">1e${e}</text>`,
    );
    const lines = all.map(({ points }, i) => {
      const path = points
        .filter((p) => p.step > 0 && y(p) > 0)
        .map((p) => `${px(p.step).toFixed(1)},${py(y(p)).toFixed(1)}`)
        .join(" ");
      return `<polyline points="${path}" fill="none" stroke="${colours[i]}" stroke-width="1.5"/>`;
    });
    return `<text x="${left}" y="24" font-weight="bold">${title}</text>${ticks.join("")}${below.join("")}${lines.join("")}`;
  };
  const legend = all.map(
    ({ method }, i) => `<text x="${60 + 150 * i}" y="350" fill="${colours[i]}">${method}</text>`,
  );
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" width="820" height="365" font-family="sans-serif" font-size="12">',
    '<rect width="820" height="365" fill="white"/>',
    panel(60, "spectral norm of the gradient over steps", (p) => p.gradient),
    panel(470, "F over steps", (p) => p.value),
    ...legend,
    "</svg>\n",
  ].join("\n");
}
