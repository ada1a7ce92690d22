import { numpy as np } from "@jax-js/jax";

import { commonPeriod } from "../chain.ts";
import { inner } from "../norms/reduce.ts";
import type { Rate, Schedule } from "../schedules/schedule.ts";
import { kroneckerInverse } from "../structures/kroneckerInverse.ts";
import type { LayerCapture, Transform } from "../transform.ts";
import { type Arrays, disposeTree, namedLeaves, unflattenLike } from "../tree.ts";
import { biasCorrection, nextCount, zeroCount } from "./count.ts";
import { currentRate } from "./currentRate.ts";
import { type PerParameterState, stepContext } from "./perParameter.ts";

export interface KfacOptions {
  readonly learningRate: Rate;
  readonly schedule: Schedule | undefined;
  readonly damping: number;
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
 * The sum is over all layers. State 2m² + 2n² + m + n: factors, eigenvectors and eigenvalues. Weights [m, n] without their biases.
 * Source: Martens & Grosse 2015, arXiv:1503.05671; gpauloski/kfac-pytorch.
 */
export function scaleByKfac(options: KfacOptions): Transform<PerParameterState> {
  const { damping, factorDecay, klClip, factorEvery, inverseEvery, start, gradientScale } = options;
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
      const own = namedLeaves(params).map(([path, weight]) => {
        const [rows, cols] = expectLinear(path, weight.shape);
        weight.dispose();
        return [path, kroneckerInverse.init(rows, cols, start === "identity" ? 1 : 0)] as const;
      });
      return { count: zeroCount(), own: Object.fromEntries(own) };
    },
    update(updates, { count, own }, params, context) {
      disposeTree(params);
      const { phase, layers } = stepContext("kfac", count, period, context);
      const { factors, inverses } = does(phase);
      const t = nextCount(count);
      const correction = start === "zero" ? biasCorrection(factorDecay, t.ref) : undefined;
      const next: Record<string, Arrays> = {};
      const directions: Arrays = {};
      let form: np.Array = np.zeros([]);
      for (const [path, gradient] of namedLeaves(updates)) {
        let state = own[path];
        if (state === undefined) throw new Error(`kfac: no state for "${path}"`);
        if (factors) state = observe(state, expectCapture(path, layers), factorDecay, gradientScale);
        if (inverses) state = kroneckerInverse.refresh(state, correction);
        const direction = kroneckerInverse.inverse(state, gradient.ref, damping);
        form = form.add(inner(direction.ref, gradient));
        directions[path] = direction;
        next[path] = state;
      }
      correction?.dispose();
      if (Number.isFinite(klClip)) {
        const eta = currentRate(options.learningRate, options.schedule, t);
        const size = np.abs(form.mul(np.square(eta)));
        const factor = np.minimum(np.sqrt(np.reciprocal(np.maximum(size, 1e-30)).mul(klClip)), 1);
        for (const [path, direction] of Object.entries(directions))
          directions[path] = direction.mul(factor.ref);
        factor.dispose();
      } else form.dispose();
      return [unflattenLike(updates, directions), { count: t, own: next }];
    },
  };
}

function observe(
  { inputs, outputs, ...rest }: Arrays,
  { inputs: a, outputGradients: d }: LayerCapture,
  decay: number,
  gradientScale: KfacOptions["gradientScale"],
): Arrays {
  if (inputs === undefined || outputs === undefined) throw new Error("internal: kfac without its factors");
  const [rows = 1] = a.shape;
  const covariance = (x: np.Array, factor: number): np.Array =>
    np.matmul(np.matrixTranspose(x.ref), x.ref).mul(factor / rows);
  const mix = (past: np.Array, fresh: np.Array): np.Array => past.mul(decay).add(fresh.mul(1 - decay));
  return {
    inputs: mix(inputs, covariance(a, 1)),
    outputs: mix(outputs, covariance(d, gradientScale === "examples" ? rows * rows : 1)),
    ...rest,
  };
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
