import { numpy as np } from "@jax-js/jax";

import { commonPeriod } from "../../core/chain.ts";
import { stepsByGradients } from "../../core/estimate.ts";
import type { Rate, Schedule } from "../../core/schedules/schedule.ts";
import type { LayerCapture, Transform } from "../../core/transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../../core/tree.ts";
import { type KroneckerInverseStatistics, kroneckerInverse } from "../../fisher/kroneckerInverse.ts";
import { inner } from "../../matrix/reduce.ts";
import { biasCorrection, nextCount, zeroCount } from "../../transforms/count.ts";
import { currentRate } from "../../transforms/currentRate.ts";
import { inRange } from "../../transforms/limitRange.ts";
import { type PerParameterState, stepContext } from "../../transforms/perParameter.ts";

export interface KfacOptions {
  readonly learningRate: Rate;
  readonly schedule: Schedule | undefined;
  readonly damping: number;
  /** γ added to A ⊗ B, or shared out over A and B. Default "exact". */
  readonly dampingForm?: "exact" | "factored";
  /** The bias of a layer by the path of its weight: it is taken as the last column of the weight. Default none. */
  readonly biases?: Readonly<Record<string, string>>;
  /** ρ: weight of the past in the factors. */
  readonly factorDecay: number;
  /** κ: bound of the step's quadratic form; Infinity for none. */
  readonly klClip: number;
  readonly factorEvery: number;
  readonly inverseEvery: number;
  /** Factors start at I, or at zero with bias correction. */
  readonly start: "identity" | "zero";
  /** `examples`: output gradients of a mean loss are multiplied by the number of rows; `mean`: taken as they are. */
  readonly gradientScale: "examples" | "mean";
}

/**
 * K-FAC: gradients of linear layers multiplied by (A ⊗ B + γI)⁻¹, A and B the averaged covariances of inputs and output gradients,
 * which the step must be given in `context.layers` by the path of the weight:
 *
 *   A ← ρA + (1−ρ)XᵀX/N,  B ← ρB + (1−ρ)ΔᵀΔ/N;   D = Mat((A⊗B + γI)⁻¹ vec(G));   D ← D·min(1, √(κ/|Σ η²⟨D, G⟩|))
 *
 * The sum is over all layers. State 2m² + 2n² + m + n: factors, eigenvectors and eigenvalues of weights [m, n]; with a bias
 * G is [G_W, G_b], a is [a; 1] and n one more.
 * Source: Martens & Grosse 2015, arXiv:1503.05671; gpauloski/kfac-pytorch.
 */
export function scaleByKfac(options: KfacOptions): Transform<PerParameterState<KroneckerInverseStatistics>> {
  const { damping, dampingForm = "exact", biases = {}, factorDecay, klClip, factorEvery } = options;
  const { inverseEvery, start, gradientScale } = options;
  const ofALayer = new Set(Object.values(biases));
  const every = (period: number): Transform => ({ period, init: () => ({}), update: (u, s) => [u, s] });
  const period = commonPeriod([every(factorEvery), every(inverseEvery)]);
  const does = (phase: number) => ({
    factors: phase % factorEvery === 0,
    inverses: phase % inverseEvery === 0,
  });
  return {
    period,
    phaseKey: ({ phase }) => Object.values(does(phase)).join(),
    init(params) {
      const leaves = namedLeaves(params);
      expectBiases(biases, new Map(leaves));
      const own = leaves
        .filter(([path]) => !ofALayer.has(path))
        .map(([path, { shape }]) => {
          const [rows, cols] = expectLinear(path, shape);
          const more = biases[path] === undefined ? 0 : 1;
          return [path, kroneckerInverse.init(rows, cols + more, start === "identity" ? 1 : 0)] as const;
        });
      disposeTree(params);
      return { count: zeroCount(), own: Object.fromEntries(own) };
    },
    update(updates, { count, own }, params, context) {
      disposeTree(params);
      const { phase, layers } = stepContext("kfac", count, period, context);
      const { factors, inverses } = does(phase);
      const t = nextCount(count);
      const correction = start === "zero" ? biasCorrection(factorDecay, t.ref) : undefined;
      const next: Record<string, KroneckerInverseStatistics> = {};
      const directions: Arrays = {};
      let form: np.Array = np.zeros([]);
      const gradients: Arrays = Object.fromEntries(namedLeaves(updates));
      const solve = dampingForm === "exact" ? kroneckerInverse.inverse : kroneckerInverse.inverseFactored;
      for (const [path, weight] of Object.entries(gradients)) {
        if (ofALayer.has(path)) continue;
        let state = own[path];
        if (state === undefined) throw new Error(`kfac: no state for "${path}"`);
        const biasPath = biases[path];
        const bias = biasPath === undefined ? undefined : gradients[biasPath];
        const gradient = bias === undefined ? weight : np.concatenate([weight, bias.reshape([-1, 1])], 1);
        if (factors)
          state = observe(state, expectCapture(path, layers), factorDecay, gradientScale, bias !== undefined);
        if (inverses) state = kroneckerInverse.refresh(state, correction);
        const direction = solve(state, gradient.ref, damping);
        form = form.add(inner(direction.ref, gradient));
        if (biasPath === undefined) directions[path] = direction;
        else {
          const [rows = 1, cols = 1] = direction.shape;
          directions[path] = direction.ref.slice([], [0, cols - 1]);
          directions[biasPath] = direction.slice([], [cols - 1, cols]).reshape([rows]);
        }
        next[path] = state;
      }
      correction?.dispose();
      if (Number.isFinite(klClip)) {
        const eta = currentRate(options.learningRate, options.schedule, t, context?.learningRateScale);
        const size = np.abs(form.mul(np.square(eta)));
        const factor = np.minimum(np.sqrt(np.reciprocal(np.maximum(size, 1e-30)).mul(klClip)), 1);
        for (const [path, direction] of Object.entries(directions))
          directions[path] = direction.mul(factor.ref);
        factor.dispose();
      } else form.dispose();
      return [unflattenLike(updates, directions), { count: t, own: next }];
    },
    estimate: stepsByGradients,
  };
}

function observe(
  { inputs, outputs, ...rest }: KroneckerInverseStatistics,
  { inputs: a, outputGradients: d }: LayerCapture,
  decay: number,
  gradientScale: KfacOptions["gradientScale"],
  withBias: boolean,
): KroneckerInverseStatistics {
  const [rows = 1] = a.shape;
  const covariance = (x: np.Array, factor: number): np.Array =>
    np.matmul(np.matrixTranspose(x.ref), x).mul(factor / rows);
  const mix = (past: np.Array, fresh: np.Array): np.Array => past.mul(decay).add(fresh.mul(1 - decay));
  return {
    inputs: mix(inputs, covariance(withBias ? withOnes(inRange(a.ref)) : inRange(a.ref), 1)),
    outputs: mix(outputs, covariance(inRange(d.ref), gradientScale === "examples" ? rows * rows : 1)),
    ...rest,
  };
}

/** [a, 1], [rows, n + 1]. Consumes a. */
function withOnes(a: np.Array): np.Array {
  const [rows = 1] = a.shape;
  return np.concatenate([a, np.ones([rows, 1])], 1);
}

function expectBiases(
  biases: Readonly<Record<string, string>>,
  leaves: ReadonlyMap<string, { readonly shape: readonly number[] }>,
): void {
  for (const [weight, bias] of Object.entries(biases)) {
    const [rows] = leaves.get(weight)?.shape ?? [];
    const shape = leaves.get(bias)?.shape;
    if (rows === undefined || shape === undefined)
      throw new Error(
        `kfac: biases pairs "${weight}" with "${bias}", but ${rows === undefined ? weight : bias} is not here`,
      );
    if (String(shape) !== String([rows]))
      throw new Error(`kfac: the bias "${bias}" of "${weight}" must be [${rows}], it is [${shape}]`);
  }
}

function expectLinear(path: string, shape: readonly number[]): [number, number] {
  const [rows, cols, ...more] = shape;
  if (rows === undefined || cols === undefined || more.length > 0)
    throw new Error(`kfac takes weights of linear layers, [dOut, dIn]; "${path}" is [${shape}]`);
  return [rows, cols];
}

function expectCapture(
  path: string,
  layers: Readonly<Record<string, LayerCapture>> | undefined,
): LayerCapture {
  const found = layers?.[path];
  if (found !== undefined) return found;
  throw new Error(
    `kfac needs the inputs and output gradients of layer "${path}": pass { phase, layers: { "${path}": ` +
      "{ inputs: [rows, dIn], outputGradients: [rows, dOut] } } } to update. A zero probe added to the layer's output has " +
      "the output gradient as its own gradient",
  );
}
