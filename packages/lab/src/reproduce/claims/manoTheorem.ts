import { numpy as np, random } from "@jax-js/jax";
import { chain } from "steepest";
import { createNorm } from "steepest/norms";
import { leastSquaresLipschitz } from "steepest/theory";
import { manifoldNormalized, scaleByLearningRate } from "steepest/transforms";
import * as v from "valibot";
import { boundCurves } from "../boundCurves.ts";
import { defineClaim, type Part, type Scale } from "../claim.ts";
import { leastSine } from "../leastSine.ts";
import { runStack, singleProblem } from "../problemStack.ts";
import { sourceIn } from "../sources.ts";
import { leastShare, medianOf, short } from "../statistics.ts";

const result = v.object({
  seed: v.number(),
  /** S and the start are so many times larger. */
  size: v.number(),
  runs: v.array(
    v.object({
      steps: v.number(),
      /** The least ‖∇f‖_F. */
      least: v.number(),
      /** The least sine between a column of the gradient and that of the weight. */
      sine: v.number(),
      /** (C₁ + C₂)/√(T + 1) with the constants of the slides, and with those that follow from the proof. */
      printed: v.number(),
      proved: v.number(),
    }),
  ),
});
type Result = v.InferOutput<typeof result>;

const SIZE = 8;
const sizes = [0.1, 1, 10] as const;
const horizonsAt: Readonly<Record<Scale, readonly number[]>> = {
  small: [1, 10, 100, 1000],
  medium: [1, 10, 100, 1000, 10_000],
  paper: [1, 10, 100, 1000, 10_000],
};
const seedsAt: Readonly<Record<Scale, number>> = { small: 5, medium: 20, paper: 20 };

async function run(seed: number, size: number, horizons: readonly number[]): Promise<Result> {
  const problem = await singleProblem(SIZE, seed);
  const { left, right } = problem.problems[0]?.spectra ?? { left: [], right: [] };
  const smoothness = leastSquaresLipschitz("frobenius", left, right);
  const stack = { ...problem, matrices: { ...problem.matrices, target: problem.matrices.target.mul(size) } };
  const norm = createNorm("frobenius");
  const start = random.normal(random.key(seed), [SIZE, SIZE]).astype(np.float64).mul(size);
  const runs = horizons.map((steps) => {
    let [first, least, sine] = [0, Number.POSITIVE_INFINITY, 1];
    // C balances the two constants for a gap of about size²: the theorem allows any.
    const c = size / 2;
    const method = chain(
      manifoldNormalized({ axis: 0, scale: 1 }),
      scaleByLearningRate(c / Math.sqrt(steps)),
    );
    runStack(
      { stack, method, steps, norm, start: start.ref, look: leastSine },
      ({ step, duals, values, seen }) => {
        if (step === 1) first = values[0] ?? 0;
        least = Math.min(least, duals[0] ?? Number.NaN);
        sine = Math.min(sine, seen[0] ?? Number.NaN);
      },
    );
    const root = Math.sqrt(SIZE);
    const c1 = first / (root * sine * c);
    // `steps` is T + 1.
    const bound = (c2: number): number => (c1 + c2) / Math.sqrt(steps);
    return {
      steps,
      least,
      sine,
      printed: bound((smoothness * SIZE ** 1.5 * c) / (2 * sine)),
      proved: bound((smoothness * root * SIZE * c) / (2 * sine)),
    };
  });
  return { seed, size, runs };
}

export const manoTheorem = defineClaim<Result>({
  name: "mano-theorem",
  title: "The convergence theorem of simplified Mano",
  source: sourceIn("mano", "theorem on convergence without momentum and rotation"),
  statement:
    "Without momentum and rotation, with η = C/√(T + 1) and every column of the gradient at an angle of sine ≥ γ from that of the weight, the least squared gradient norm of T + 1 steps is at " +
    "most (C₁ + C₂)/√(T + 1), C₁ = (f(θ₀) − inf f)/(√m γ C), C₂ = L m^1.5 C/(2γ).",
  setup: (
    scale,
  ) => `Simplified Mano (unit columns, step η√m) on F(X) = ½⟨X − S, A(X − S)B⟩, ${SIZE} × ${SIZE}, exact gradients, Gaussian start, ${seedsAt[scale]} problems, S and start multiplied by ${sizes.join(", ")}, C half of that factor,
T + 1 of ${horizonsAt[scale].join(", ")}; γ is the smallest sine seen in the run. Two statements are checked: the printed one, on the *square* of the norm, and the one that the proof
gives, on the norm itself, with the same constants. (The slides show m² in C₁, taken here for the m^½ of the paper.)`,
  result,
  parts: (scale) =>
    sizes.flatMap((size) =>
      Array.from(
        { length: seedsAt[scale] },
        (_, i): Part<Result> => ({
          id: `times-${size}-${i + 1}`,
          cost: 2,
          make: () => run(i + 1, size, horizonsAt[scale]),
        }),
      ),
    ),
  analyse(scale, done) {
    const all = [...done.values()];
    const runs = all.flatMap((one) => one.runs.map((each) => ({ ...each, size: one.size })));
    const square = runs.filter(({ least, printed }) => least ** 2 <= printed);
    const norm = runs.filter(({ least, proved }) => least <= proved);
    const share = leastShare(all.length);
    const margin = medianOf(runs.map(({ least, proved }) => proved / least));
    return {
      verdict: square.length === runs.length ? "holds" : "does not hold",
      headline:
        `As printed, on the square, it held in ${square.length} of ${runs.length} runs; on the norm itself in ${norm.length} of ${runs.length} ` +
        `(${norm.length === runs.length ? `at least ${Math.round(100 * share)} % of such problems, at 95 %; ` : ""}the bound is ${short(margin)} times what was measured, in the median).`,
      tables: [
        {
          caption: "Runs in which each statement held, and medians over the problems.",
          head: [
            "S and start times",
            "T + 1",
            "least ‖∇f‖",
            "bound on ‖∇f‖",
            "held",
            "least ‖∇f‖²",
            "bound on ‖∇f‖²",
            "held",
          ],
          rows: sizes.flatMap((size) =>
            horizonsAt[scale].map((steps) => {
              const own = runs.filter((one) => one.size === size && one.steps === steps);
              const median = (read: (one: (typeof own)[number]) => number): string =>
                short(medianOf(own.map(read)));
              return [
                String(size),
                String(steps),
                median(({ least }) => least),
                median(({ proved }) => proved),
                `${own.filter(({ least, proved }) => least <= proved).length} of ${own.length}`,
                median(({ least }) => least ** 2),
                median(({ printed }) => printed),
                `${own.filter(({ least, printed }) => least ** 2 <= printed).length} of ${own.length}`,
              ];
            }),
          ),
        },
      ],
      figure: {
        label: "Least gradient norm and its square over the horizon, with the two bounds",
        panels: [
          {
            title: "‖∇f‖, the statement of the proof",
            x: { label: "T + 1", log: true },
            y: { label: "median over problems", log: true },
            series: sizes.flatMap((size) =>
              boundCurves(
                runs,
                size,
                ({ least }) => least,
                ({ proved }) => proved,
              ),
            ),
          },
          {
            title: "‖∇f‖², as printed",
            x: { label: "T + 1", log: true },
            y: { label: "median over problems", log: true },
            series: sizes.flatMap((size) =>
              boundCurves(
                runs,
                size,
                ({ least }) => least ** 2,
                ({ printed }) => printed,
              ),
            ),
          },
        ],
      },
      remarks: [
        "The printed inequality cannot hold for all functions: f multiplied by a factor multiplies the left side by its square and the right side by the factor alone. The proof bounds the norm.",
        "γ depends on the run: the theorem assumes it. The smaller the least sine, the weaker the bound.",
      ],
    };
  },
});
