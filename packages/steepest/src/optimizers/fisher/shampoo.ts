import { chain } from "../../core/chain.ts";
import { everything } from "../../define/definition.ts";
import { defineOptimizer } from "../../define/namedOptimizer.ts";
import {
  choice,
  flag,
  integer,
  nonNegative,
  OptionError,
  pastWeight,
  rate,
  value,
} from "../../define/options.ts";
import { matrixAuxiliary, matrixAuxiliaryOptions } from "../../define/recipes/auxiliary.ts";
import { kronecker } from "../../fisher/kronecker.ts";
import { addDecayedWeights } from "../../transforms/addDecayedWeights.ts";
import { graftNames } from "../../transforms/graft.ts";
import { identity } from "../../transforms/identity.ts";
import { preconditioned } from "../../transforms/preconditioned.ts";
import { scaleByLearningRate } from "../../transforms/scaleByLearningRate.ts";
import { trace } from "../../transforms/trace.ts";
import { inBlocks } from "./inBlocks.ts";

const orElse = (word: string, check: (given: number) => boolean) => (given: unknown) =>
  given === word || (typeof given === "number" && check(given)) ? (given as number | typeof word) : undefined;

/**
 * Shampoo, for every weight [m, n] (rank above 2 as [d0, rest]): gradients multiplied by inverse roots of
 * their row and column covariances. AdamW for gains and biases.
 *
 *   L, R ← averages of GGᵀ, GᵀG, or sums with b2 = 1;   M ← b1·M + (1−b1)G
 *   D = (L̂ + eps)^(−1/4) M̂ (R̂ + eps)^(−1/4), with the length of the grafted method's step
 *   W ← (1−ηλ)W − ηD
 *
 * State 2m² + 2n² (a side longer than `maxPreconditionDim` drops its 2d²), mn each for b1, a diagonal graft
 * and momentum. Source: Gupta, Koren & Singer 2018, arXiv:1802.09568; Anil et al. 2020; Shi et al. 2023,
 * arXiv:2309.06497. Defaults are those recommended in Adam's place: averaged statistics, Adam's step length,
 * roots every 10 steps. Those of Distributed Shampoo are `b2: 1, graft: "none", preconditionFrequency: 1`; of
 * the paper, these with `b1: 0` and `epsAt: "start"`.
 *
 * @example shampoo({ learningRate: 1e-3, preconditionFrequency: 20 })
 */
export const shampoo = defineOptimizer({
  name: "shampoo",
  family: "fisher",
  summary:
    "Gradients multiplied by inverse roots of their row and column covariances; grafted on Adam's step " +
    "length.",
  formula:
    "L, R ← averages (or sums, b2 = 1) of GGᵀ, GᵀG;  M ← b1·M + (1−b1)G;  " +
    "D = (L̂ + eps)^(−1/4) M̂ (R̂ + eps)^(−1/4);  " +
    "D ← D·‖graft(M̂)‖/‖D‖;  W ← (1−ηλ)W − ηD",
  source: "Gupta, Koren & Singer 2018, arXiv:1802.09568; Anil et al. 2020; Shi et al. 2023, arXiv:2309.06497",
  state:
    "2m² + 2n² (a skipped side drops its 2d²; in blocks summed over them) + mn with b1 + mn with a " +
    "diagonal graft + mn with momentum",
  geometry: "R^(1/2) ⊗ L^(1/2)",
  computation: "O((m³ + n³)/K + m²n + mn²)",
  when:
    "Where a full Kronecker preconditioner is affordable: sides up to about a thousand, roots every 10 " +
    "to 100 steps. Grafted on Adam, it takes AdamW's learning rate.",
  golden: [
    "shampoo_paper",
    "shampoo_distributed",
    "shampoo_distributed_adam_graft",
    "shampoo_distributed_frequency",
  ],
  options: {
    learningRate: rate(1e-3, "learning rate η"),
    b1: pastWeight(0.9, "weight of the past in the average of gradients"),
    b2: value(0.999, "[0, 1]", "weight of the past in the statistics; 1: sums", (given) =>
      typeof given === "number" && given >= 0 && given <= 1 ? given : undefined,
    ),
    eps: nonNegative(1e-12, "ridge of the statistics"),
    epsAt: choice("inversion", ["inversion", "start"], "added before every root, or once: L₀ = R₀ = eps·I"),
    exponent: value<number | "auto">(
      "auto",
      "< 0, or auto",
      "of either factor; auto: −1/4, and −1/2 for a vector",
      orElse("auto", (given) => given < 0 && Number.isFinite(given)) as (
        g: unknown,
      ) => number | "auto" | undefined,
    ),
    roots: choice("eigen", ["eigen", "coupledNewton"], "how roots are found; coupledNewton: products alone"),
    biasCorrection: flag(true, "divide the averages by 1 − b^t"),
    preconditionFrequency: integer(10, 1, "steps between two roots"),
    rootSteps: choice(
      "multiples",
      ["multiples", "fromFirst"],
      "roots at steps K, 2K, … (and at 1 where preconditioning starts there), or at 1, K + 1, 2K + 1, …, " +
        "as the paper's",
    ),
    startPreconditioningStep: value<number | "frequency">(
      "frequency",
      "1 or a multiple of preconditionFrequency, or frequency",
      "before it the grafting method steps alone",
      orElse("frequency", (given) => Number.isInteger(given) && given >= 1) as (
        g: unknown,
      ) => number | "frequency" | undefined,
    ),
    graft: choice("adam", graftNames, "whose step length is taken"),
    graftB2: pastWeight(0.999, "weight of the past in the graft's average of squares"),
    graftEps: nonNegative(1e-8, "added outside the graft's root"),
    maxPreconditionDim: integer(1024, 1, "longest side of a factor"),
    largeDims: choice(
      "skip",
      ["skip", "block"],
      "longer sides have no factor, or the weight is cut into blocks, each preconditioned and grafted on " +
        "its own",
    ),
    momentum: pastWeight(0, "momentum μ of a sum of steps, D ← μD + step; 0 keeps none"),
    vectors: choice("adamw", ["adamw", "shampoo"], "gains and biases: AdamW, or one full factor with −1/2"),
    weightDecay: nonNegative(0, "weight decay λ, decoupled"),
    ...matrixAuxiliaryOptions,
  },
  recipe(options, { schedule }) {
    const { learningRate, b1, b2, eps, epsAt, exponent, roots, biasCorrection, momentum, weightDecay } =
      options;
    const { preconditionFrequency: every, startPreconditioningStep: given, maxPreconditionDim } = options;
    const { graft, graftB2, graftEps, vectors, largeDims, rootSteps } = options;
    const start = given === "frequency" ? every : given;
    if (start !== 1 && start % every !== 0) {
      throw new OptionError(
        `shampoo: startPreconditioningStep must be 1 or a multiple of preconditionFrequency ${every}, ` +
          `got ${start}`,
      );
    }
    const structure = kronecker({
      maxDim: maxPreconditionDim,
      roots,
      ...(epsAt === "start" ? { initial: eps } : { eps }),
      ...(exponent === "auto" ? {} : { exponent }),
    });
    const whole = preconditioned(structure, {
      b1,
      b2,
      biasCorrection: biasCorrection ? "averages" : "none",
      refresh: { every, at: rootSteps === "fromFirst" ? "start" : start === 1 ? "firstAndEnd" : "end" },
      graft: { method: graft, b2: graftB2, eps: graftEps },
      start,
    });
    const transform = chain(
      largeDims === "block" ? inBlocks(maxPreconditionDim, whole) : whole,
      momentum === 0 ? identity() : trace(momentum),
      addDecayedWeights(weightDecay),
      scaleByLearningRate(learningRate, schedule),
    );
    const takes =
      vectors === "shampoo" ? everything : ({ shape }: { shape: readonly number[] }) => shape.length > 1;
    return [{ name: "shampoo", takes, transform }, matrixAuxiliary(options, schedule)];
  },
});
