import { numpy as np, random } from "@jax-js/jax";
import { compiledStep, createOptimizer, disposeTree } from "steepest";
import { semiOrthogonal, singularValues } from "steepest/matrix";

/** Pairs, and the size of keys and values. */
export const PAIRS = 8;

/** A page stops here by itself: all that can be seen has been. */
export const MOST_STEPS = 300;

/** What a memory holds after some steps. */
export interface MemoryState {
  readonly step: number;
  readonly loss: number;
  /** ‖W kᵢ − vᵢ‖² of each pair, the most frequent first: 1 at the start, where W is 0. */
  readonly errors: readonly number[];
  /** vᵢᵀ W kⱼ, by rows: the identity where all is learned. */
  readonly recall: readonly number[];
  /** Of W, the largest first. */
  readonly spectrum: readonly number[];
}

export interface AssociativeMemory {
  /** Goes on by so many steps, with the rate times `scale`. */
  train(steps: number, scale: number): MemoryState;
  dispose(): void;
}

/** How often each pair is asked for: i^(−exponent), i = 1…PAIRS, together 1. */
export function frequencies(exponent: number): number[] {
  const raw = Array.from({ length: PAIRS }, (_, i) => (i + 1) ** -exponent);
  const sum = raw.reduce((all, one) => all + one, 0);
  return raw.map((one) => one / sum);
}

/**
 * A linear memory W that should answer each key kᵢ with its value vᵢ, trained by one of the optimizers from W = 0:
 *
 *   loss(W) = ½ Σᵢ pᵢ ‖W kᵢ − vᵢ‖²,   kᵢ and vᵢ orthonormal
 *
 * The gradient is −Σᵢ pᵢ (vᵢ − W kᵢ) kᵢᵀ: its singular values are the frequencies, so what is rare is learned as slowly as it is
 * asked for, unless the method makes singular values alike. After Wang et al. 2025, arXiv:2509.26030.
 */
export function associativeMemory(name: string, learningRate: number, exponent: number): AssociativeMemory {
  const keys = semiOrthogonal(random.key(1), [PAIRS, PAIRS]); // a key in each column
  const values = semiOrthogonal(random.key(2), [PAIRS, PAIRS]);
  const weights = np.array(frequencies(exponent), { dtype: np.float32 });
  const loss = ({ w }: { w: np.Array }): np.Array => {
    const misses = np.matmul(w, keys.ref).sub(values.ref);
    return np.sum(np.square(misses).mul(weights.ref)).mul(0.5);
  };
  const step = compiledStep(createOptimizer(name, { learningRate }), loss);
  let training = step.init({ w: np.zeros([PAIRS, PAIRS]) });
  return {
    train(steps, scale) {
      for (let i = 0; i < steps; i++) {
        const { loss: before, ...next } = step({ ...training, learningRateScale: scale });
        before.dispose();
        training = next;
      }
      const { w } = training.params;
      const recalled = np.matmul(w.ref, keys.ref);
      const errors = np.sum(np.square(recalled.ref.sub(values.ref)), 0).dataSync();
      return {
        step: training.step,
        loss: Number(loss({ w: w.ref }).item()),
        errors: Array.from(errors, Number),
        recall: Array.from(np.matmul(np.matrixTranspose(values.ref), recalled).dataSync(), Number),
        spectrum: Array.from(singularValues(w.ref).dataSync(), Number).sort((a, b) => b - a),
      };
    },
    dispose() {
      step.dispose();
      disposeTree([training.params, training.state]);
      for (const array of [keys, values, weights]) array.dispose();
    },
  };
}
