import { grad, jit, numpy as np, vmap } from "@jax-js/jax";
import { createNorm } from "steepest/norms";

import { type LandscapeName, landscapes } from "./landscape.ts";

/** The four ways down, in the order of their colours. */
export const walkNames = ["fixed", "steepest", "clipped", "ball"] as const;
export type WalkName = (typeof walkNames)[number];

/** What all four share. */
export interface WalkSettings {
  /** γ */
  readonly rate: number;
  /** ρ: the radius of the ball of the oracle, and the threshold of clipped steps. */
  readonly threshold: number;
  /** μ, the weight of the past. */
  readonly momentum: number;
  /** λ of the walk in a ball, whose radius is ρ/λ. */
  readonly decay: number;
}

/** A point of a walk. */
export interface WalkPoint {
  readonly x: number;
  readonly y: number;
  readonly value: number;
  /** ‖∇f‖_* there. */
  readonly dual: number;
}

export type Walks = Readonly<Record<WalkName, readonly WalkPoint[]>>;

/** Walks from a point, `steps` steps each; the first point is the start. */
export type Walker = (start: readonly number[], settings: WalkSettings, steps: number) => Walks;

const COUNT = walkNames.length;
const only = (name: WalkName): np.Array =>
  np.array(walkNames.map((one) => (one === name ? 1 : 0))).greater(0.5);

/**
 * The four walks in a norm of vectors, with d ← μd + (1 − μ)∇f:
 *
 *   fixed     x ← x + γρ lmo(d)                     uSCG
 *   steepest  x ← x + γ‖d‖_* lmo(d)                 steepest descent
 *   clipped   x ← x + γ min(ρ, ‖d‖_*) lmo(d)        generalized gradient norm clipping
 *   ball      x ← (1 − γλ)x + γρ lmo(d)             uSCG with decay λ: SCG in the ball of radius ρ/λ
 *
 * Norm, oracle and dual norm are the library's. Compiled once: settings are arguments of the compiled step.
 */
export function walker(landscape: LandscapeName, norm: "frobenius" | "max" | "l1"): Walker {
  const { value } = landscapes[landscape];
  const { lmo, dual } = createNorm(norm);
  const gradients = vmap(grad(value));
  const values = vmap(value);
  const duals = vmap(dual);
  const oracles = vmap(lmo);
  const advance = jit((x: np.Array, mean: np.Array, settings: np.Array) => {
    const [rate, threshold, momentum, decay] = [0, 1, 2, 3].map((i) => settings.ref.slice(i)) as [
      np.Array,
      np.Array,
      np.Array,
      np.Array,
    ];
    settings.dispose();
    const gradient = gradients(x.ref);
    const next = mean.mul(momentum.ref).add(gradient.ref.mul(momentum.neg().add(1)));
    const length = duals(next.ref);
    const clipped = np.minimum(length.ref, threshold.ref);
    const lengths = np.where(only("steepest"), length, np.where(only("clipped"), clipped, threshold));
    const step = oracles(next.ref).mul(lengths.mul(rate.ref).reshape([COUNT, 1]));
    const kept = np.where(only("ball"), rate.mul(decay).neg().add(1), 1).reshape([COUNT, 1]);
    return { x: x.ref.mul(kept).add(step), mean: next, value: values(x), dual: duals(gradient) };
  });
  return (start, { rate, threshold, momentum, decay }, steps) => {
    const numbers = [rate, threshold, momentum, decay];
    let x = np.array(
      walkNames.flatMap(() => [...start]),
      { shape: [COUNT, 2], dtype: np.float32 },
    );
    let mean = np.zeros([COUNT, 2]);
    const found: Record<WalkName, WalkPoint[]> = { fixed: [], steepest: [], clipped: [], ball: [] };
    for (let step = 0; step <= steps; step++) {
      const here: ArrayLike<number> = x.ref.dataSync();
      const next = advance(x, mean, np.array(numbers, { dtype: np.float32 }));
      const [value, length]: ArrayLike<number>[] = [next.value.dataSync(), next.dual.dataSync()];
      for (const [i, name] of walkNames.entries())
        found[name].push({
          x: here[2 * i] ?? 0,
          y: here[2 * i + 1] ?? 0,
          value: value?.[i] ?? 0,
          dual: length?.[i] ?? 0,
        });
      [x, mean] = [next.x, next.mean];
    }
    x.dispose();
    mean.dispose();
    return found;
  };
}
