import { jit, numpy as np, valueAndGrad } from "@jax-js/jax";

import { applyUpdates } from "./applyUpdates.ts";
import { stepKey } from "./chain.ts";
import { dispatch } from "./dispatch.ts";
import type { Transform } from "./transform.ts";
import { refTree, type Tree } from "./tree.ts";

/** Where a training stands. Arrays belong to whoever holds it; numbers may be changed between steps. */
export interface Training<P extends Tree, S extends Tree> {
  readonly params: P;
  /** The optimizer's. */
  readonly state: S;
  /** Steps made so far. */
  readonly step: number;
  /** Multiplies every learning rate from the next step on; 1 at the start. */
  readonly learningRateScale: number;
}

/** A training after a step, and the loss before it. */
export interface Trained<P extends Tree, S extends Tree> extends Training<P, S> {
  /** A float32 scalar of the caller's: read it by `loss.item()`, or in a browser `await loss.jsAsync()`. */
  readonly loss: np.Array;
}

export interface CompiledStep<P extends Tree, S extends Tree, I extends readonly Tree[]> {
  /** A step with the inputs of the loss, a batch for example. Consumes the arrays of both. */
  (training: Training<P, S>, ...inputs: I): Trained<P, S>;
  /** The start of a training. Consumes the parameters. */
  init(params: P): Training<P, S>;
  /** Gives up the compiled functions. */
  dispose(): void;
}

/**
 * A training step as one compiled function of parameters, state and inputs, the easy way:
 *
 * ```ts
 * const step = compiledStep(muon({ learningRate: 0.02 }), loss); // loss(params, ...inputs), a scalar
 * let training = step.init(params);
 * for (let k = 0; k < 1000; k++) {
 *   const { loss, ...next } = step(training, batch(k));
 *   training = next;
 *   console.log(k, loss.item());
 * }
 * ```
 *
 * The work of a step begins when it is called, whether or not anything is read; only where jax-js has threads it begins with
 * a read, so that `await loss.jsAsync()` uses them all. A method that alternates between computations gets one function for each (`stepKey`), compiled when it first occurs; so
 * does every shape of inputs. Phase, `first` and `learningRateScale` are taken from `training`, which can be saved and gone
 * on from as it is. `loss` consumes its arguments, as a function for `grad` does.
 *
 * Throws for an optimizer that needs more than gradients (`kfac`, `ngd`, `sophia_g`).
 */
export function compiledStep<P extends Tree, S extends Tree, const I extends readonly Tree[]>(
  optimizer: Transform<S> & { readonly name?: string; readonly needs?: string | undefined },
  loss: (params: P, ...inputs: I) => np.Array,
): CompiledStep<P, S, I> {
  const { name = "the optimizer", needs, period = 1 } = optimizer;
  if (needs !== undefined)
    throw new Error(
      `compiledStep: ${name} needs ${needs} in its step context, which gradients do not give; write the step by jit and ` +
        "optimizer.update",
    );
  const whole = loss as (params: Tree, ...inputs: readonly Tree[]) => np.Array;
  const compile = (phase: number, first: boolean) =>
    jit((params: Tree, state: Tree, learningRateScale: np.Array, inputs: Tree[]): [Tree, Tree, np.Array] => {
      const [value, gradients] = valueAndGrad(whole)(refTree(params), ...inputs) as [np.Array, Tree];
      const context = { phase, first, learningRateScale };
      const [updates, next] = optimizer.update(gradients, state as S, refTree(params), context);
      learningRateScale.dispose();
      return [applyUpdates(params, updates), next, value];
    });
  const compiled = new Map<string, ReturnType<typeof compile>>();

  const step = ({ params, state, ...place }: Training<P, S>, ...inputs: I): Trained<P, S> => {
    const { learningRateScale } = place;
    if (!Number.isFinite(learningRateScale) || learningRateScale < 0)
      throw new RangeError(
        `compiledStep: learningRateScale must be a finite number ≥ 0, got ${learningRateScale}`,
      );
    const [phase, first] = [place.step % period, place.step === 0];
    const key = stepKey(optimizer, { phase, first });
    const run = compiled.get(key) ?? compile(phase, first);
    compiled.set(key, run);
    const scale = np.array(learningRateScale, { dtype: np.float32 });
    const [moved, next, value] = run(params, state, scale, [...inputs]) as [P, S, np.Array];
    dispatch(value);
    return { ...place, params: moved, state: next, step: place.step + 1, loss: value };
  };
  return Object.assign(step, {
    init: (params: P): Training<P, S> => ({
      params,
      state: optimizer.init(refTree(params)),
      step: 0,
      learningRateScale: 1,
    }),
    dispose() {
      for (const run of compiled.values()) run.dispose();
      compiled.clear();
    },
  });
}
