import type { Collectives } from "../../collectives/collectives.ts";
import type { HostTensors } from "../hostTensor.ts";

/** A step on what many inner steps of several ranks came to. */
export interface OuterRule {
  /** Inner steps between two outer steps, H. */
  readonly every: number;
  readonly learningRate: number;
  /** Of Nesterov; in [0, 1). */
  readonly momentum: number;
}

/** What the outer step keeps of a parameter, at the rank that owns it. */
export interface OuterLeaf {
  readonly weights: Float32Array;
  readonly momentum: Float32Array;
}

/**
 * With θ the outer weights and θᵣ those of rank r, for each parameter at its owner:
 *
 *   Δ = θ − mean θᵣ      m ← μm + Δ      θ ← θ − η(Δ + μm)      θᵣ ← θ on all ranks
 *
 * Sums are taken in the order of the ranks. A rank sends and receives what a step of data-parallel training does.
 * Source: Douillard et al. 2023, arXiv:2311.08105, Algorithm 1, with Nesterov's step as SGD has it there.
 */
export function outerStep(
  collectives: Collectives,
  { learningRate, momentum: mu }: OuterRule,
  params: HostTensors,
  { owner, kept }: { owner(path: string): number; readonly kept: ReadonlyMap<string, OuterLeaf> },
): void {
  const pieces = Object.entries(params).map(([path, { data }]) => {
    if (!(data instanceof Float32Array)) throw new Error(`internal: "${path}" is not float32`);
    const into = kept.has(path) ? new Float32Array(data.length) : undefined;
    return { path, owner: owner(path), data, into };
  });
  collectives.sumToOwners(pieces);
  for (const { path, data, into } of pieces) {
    const own = kept.get(path);
    if (own === undefined || into === undefined) continue;
    const { weights, momentum } = own;
    for (let i = 0; i < data.length; i++) {
      const before = weights[i] ?? 0;
      const moved = before - (into[i] ?? 0) / collectives.size;
      const m = mu * (momentum[i] ?? 0) + moved;
      momentum[i] = m;
      weights[i] = before - learningRate * (moved + mu * m);
    }
    data.set(weights);
  }
  collectives.copyFromOwners(pieces);
}
