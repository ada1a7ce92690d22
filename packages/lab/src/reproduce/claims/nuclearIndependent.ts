import { numpy as np, tree, vmap } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
import { refTree } from "steepest";
import { polarExpressSet } from "steepest/matrix";
import { createNorm, fStar, fTwo, type Norm } from "steepest/norms";
import * as v from "valibot";

import { defineClaim, type Part, type Scale } from "../claim.ts";
import { gradients, keptSteps, problemStack, type StackMatrices } from "../problemStack.ts";
import { sourceIn } from "../sources.ts";
import { medianOf, ratioOf, short, together, verdictOf, withInterval } from "../statistics.ts";

const methods = ["nsgd", "muon", "f_muon", "neon", "f_neon"] as const;
type Method = (typeof methods)[number];

const result = v.object({
  method: v.picklist(methods),
  /** ‖∇F‖ in the spectral norm and F, problem by problem. */
  points: v.array(v.object({ step: v.number(), gradient: v.array(v.number()), value: v.array(v.number()) })),
});
type Result = v.InferOutput<typeof result>;

const RATE = 1e-3;
const TARGET = 0.01;
const SIZE = 10;
const stepsAt: Readonly<Record<Scale, number>> = { small: 100_000, medium: 100_000, paper: 100_000 };
const seedsAt: Readonly<Record<Scale, number>> = { small: 5, medium: 20, paper: 20 };

// The polar factor to 1e-6 for singular values down to 1e-5 of the largest; on 10 × 10 ten Lanczos steps find
// the pair.
const exact = { polar: { coefficients: polarExpressSet({ lower: 1e-5 }) } } as const;
const pair = { topPair: "lanczos", steps: SIZE } as const;
const normOf = (method: Method): Norm =>
  ({
    nsgd: () => createNorm("frobenius"),
    muon: () => createNorm("operator", exact),
    f_muon: () => fStar({ ...exact, alpha: 0.5 }),
    neon: () => createNorm("nuclear", pair),
    f_neon: () => fTwo({ ...pair, alpha: 0.5 }),
  })[method]();

/** Steps in one graph. */
const CHUNK = 20;

async function run(method: Method, steps: number, seeds: number): Promise<Result> {
  const stack = await problemStack(
    SIZE,
    Array.from({ length: seeds }, (_, i) => i + 1),
  );
  const lmo = vmap(normOf(method).lmo);
  const matrices = tree.map((a: np.Array) => a.astype(np.float32), refTree(stack.matrices));
  const step = (x: np.Array, m: StackMatrices): np.Array => x.ref.add(lmo(gradients(x, m)).mul(RATE));
  const chunk = compile((x: np.Array, m: StackMatrices): np.Array => {
    let y = x;
    for (let i = 0; i < CHUNK; i++) y = step(y, i < CHUNK - 1 ? refTree(m) : m);
    return y;
  });
  const spectral = vmap(createNorm("operator", { polar: "svd" }).value);
  const kept = keptSteps(steps);
  const due = new Set([...kept].map((k) => Math.max(CHUNK, Math.round(k / CHUNK) * CHUNK)));
  const points: Result["points"] = [];
  let x = np.zeros([seeds, SIZE, SIZE]);
  for (let made = 0; made < steps; ) {
    x = await chunk(x, refTree(matrices));
    made += CHUNK;
    if (!due.has(made)) continue;
    const wide = x.ref.astype(np.float64);
    const gradient = gradients(wide.ref, refTree(stack.matrices));
    const value = np.sum(wide.sub(stack.matrices.target.ref).mul(gradient.ref), [1, 2]).mul(0.5);
    points.push({ step: made, gradient: [...spectral(gradient).dataSync()], value: [...value.dataSync()] });
  }
  chunk.dispose();
  return { method, points };
}

/** The step at which ‖∇F‖ of a problem falls to TARGET, by lines through the logarithms of the kept points; null for never. */
function arrival(points: Result["points"], problem: number): number | null {
  const at = points.findIndex(({ gradient }) => (gradient[problem] ?? Number.POSITIVE_INFINITY) <= TARGET);
  const [before, after] = [points[at - 1], points[at]];
  if (after === undefined) return null;
  if (before === undefined) return after.step;
  const [high, low] = [before.gradient[problem] ?? 1, after.gradient[problem] ?? 1].map(Math.log);
  const share = ((high ?? 0) - Math.log(TARGET)) / ((high ?? 0) - (low ?? 1));
  return Math.exp(Math.log(before.step) + share * Math.log(after.step / before.step));
}

export const nuclearIndependent = defineClaim<Result>({
  name: "nuclear-independent",
  title: "Five norms at one step size, without knowledge of the smoothness",
  source: sourceIn("nuclear", "section 6.1, “An independent experiment”"),
  statement:
    "Norms mixed with the Frobenius norm make methods that are worth having: where nothing is known of the smoothness and all use the step 1e-3, F-Muon and F-Neon " +
    "converge at least as fast as what they are mixed from. (The draft describes the run, not its result: the claim is what its introduction promises of the family.)",
  setup: (
    scale,
  ) => `F(X) = ½⟨X − S, A(X − S)B⟩, ${SIZE} × ${SIZE}, A and B with eigenvalues uniform on (0, 1), exact gradients, no momentum, step ${RATE} for every method, ${stepsAt[scale]} steps in
float32 on ONNX Runtime, ${seedsAt[scale]} problems; α = ½ in the mixtures. A method has arrived when the spectral norm of the gradient is at most ${TARGET}. The step at
which it does is interpolated between the kept points. The claim is read as: F-Muon arrives no later than Muon and NSGD, and F-Neon no later than Neon and NSGD
(95 % intervals of the ratio of steps, paired by problem).`,
  result,
  parts: (scale) =>
    methods.map(
      (method): Part<Result> => ({
        id: method,
        cost: 120,
        make: () => run(method, stepsAt[scale], seedsAt[scale]),
      }),
    ),
  analyse(scale, done) {
    const of = (method: Method) => {
      const points = done.get(method)?.points ?? [];
      return { points, reached: (points[0]?.gradient ?? []).map((_, problem) => arrival(points, problem)) };
    };
    const pairOf = (a: Method, b: Method) => {
      const both = of(a).reached.flatMap((mine, i) => {
        const other = of(b).reached[i];
        return mine === null || other === null || other === undefined ? [] : [[mine, other] as const];
      });
      const ratio = ratioOf(
        both.map(([mine]) => mine),
        both.map(([, other]) => other),
      );
      return { a, b, ratio, verdict: verdictOf(ratio, "below", 1, both.length), pairs: both.length };
    };
    const asked = [
      pairOf("f_muon", "muon"),
      pairOf("f_muon", "nsgd"),
      pairOf("f_neon", "neon"),
      pairOf("f_neon", "nsgd"),
    ];
    const text = ({ a, b, ratio }: ReturnType<typeof pairOf>): string =>
      `${a} needs ${withInterval(ratio)} times the steps of ${b}`;
    const marks = [1000, 5000, 10_000, 20_000, stepsAt[scale]];
    const at = (method: Method, step: number): string => {
      const point = of(method).points.findLast((one) => one.step <= step * 1.02);
      return point === undefined ? "–" : short(medianOf(point.gradient));
    };
    const curves = (read: (point: Result["points"][number]) => readonly number[]) =>
      methods.map((method) => ({
        name: method,
        points: of(method).points.map((point) => [point.step, medianOf(read(point))] as const),
        band: of(method).points.map(
          (point) => [point.step, Math.min(...read(point)), Math.max(...read(point))] as const,
        ),
      }));
    return {
      verdict: together(asked.map(({ verdict }) => verdict)),
      headline: `Steps to ‖∇F‖ ≤ ${TARGET}: ${asked.map(text).join("; ")}. Each mixture is between its two parts.`,
      tables: [
        {
          caption: "Spectral norm of the gradient, median over the problems.",
          head: ["step", ...methods],
          rows: marks.map((step) => [
            step.toLocaleString("en-US"),
            ...methods.map((method) => at(method, step)),
          ]),
        },
        {
          caption: `Steps to ‖∇F‖ ≤ ${TARGET}, problem by problem.`,
          head: ["method", ...of("nsgd").reached.map((_, i) => `problem ${i + 1}`)],
          rows: methods.map((method) => [
            method,
            ...of(method).reached.map((step) =>
              step === null ? "never" : Math.round(step).toLocaleString("en-US"),
            ),
          ]),
        },
      ],
      figure: {
        label: "Spectral norm of the gradient and F over steps for five methods with one step size",
        panels: [
          {
            title: "spectral norm of the gradient",
            x: { label: "step", log: true },
            y: { label: "‖∇F‖", log: true },
            series: curves(({ gradient }) => gradient),
          },
          {
            title: "F",
            x: { label: "step", log: true },
            y: { label: "F − min F", log: true },
            series: curves(({ value }) => value),
          },
        ],
      },
      remarks: [
        "The same number is a different length in each norm: 1e-3 is √10 · 1e-3 in the Frobenius norm for Muon, 1e-3 for NSGD and Neon, in between for F-Muon, at most 1e-3 for F-Neon. " +
          "Most of the order at this step size is that; with a step chosen for each norm see nuclear-least-squares.",
        "A step of fixed length stops at a distance of its own size: all methods end in a cycle around the minimum, at about the same ‖∇F‖.",
        "Lines are medians over the problems, bands the range.",
      ],
    };
  },
});
