import type { Collectives } from "../../collectives/collectives.ts";
import type { HostTensor, HostTensors } from "../hostTensor.ts";
import { emptyTensor } from "../ranks/gatherState.ts";
import type { Snapshot } from "../trainingEngine.ts";
import type { OuterLeaf } from "./outerStep.ts";

/** What a rank goes on with. */
export interface OuterStart {
  readonly own: Snapshot;
  readonly outer: { readonly weights: HostTensors; readonly momentum: HostTensors };
  /** Whether the ranks' weights differ: steps were made since the last outer step. */
  readonly apart: boolean;
}

const under = (tensors: HostTensors, prefix: string): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([path, tensor]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), tensor] as const] : [],
    ),
  );
const rankPrefix = (rank: number, half: "params" | "state"): string => `rank${rank}.${half}.`;

/**
 * The part of a checkpoint that is this rank's. Throws where it was written by another number of ranks, whose inner states do
 * not fit, or without outer steps.
 */
export function splitState({ params, state }: Snapshot, { rank, size }: Collectives): OuterStart {
  const written = new Set(Object.keys(state).flatMap((path) => /^rank(\d+)\.state\./.exec(path)?.[1] ?? []));
  const weights = under(state, "outer.weights.");
  if (Object.keys(weights).length === 0)
    throw new Error("the checkpoint was written without outer steps: begin another run with --weights");
  if (written.size > 0 && written.size !== size) {
    throw new Error(
      `a run with outer steps keeps the optimizer's state of each of its ${written.size} ranks and cannot go on with ${size}: ` +
        `take --ranks ${written.size}, or begin another run from its weights with --weights`,
    );
  }
  const own = under(state, rankPrefix(rank, "params"));
  const apart = Object.keys(own).length > 0;
  return {
    own: { params: apart ? own : params, state: under(state, rankPrefix(rank, "state")) },
    outer: { weights, momentum: under(state, "outer.momentum.") },
    apart,
  };
}

/** The state of all ranks on rank 0, as `splitState` reads it; others get nothing. */
export function gatherOuter(
  collectives: Collectives,
  own: Snapshot,
  {
    owner,
    kept,
    apart,
  }: { owner(path: string): number; readonly kept: ReadonlyMap<string, OuterLeaf>; readonly apart: boolean },
): HostTensors {
  const gathered: Record<string, HostTensor> = {};
  const take = (name: string, from: number, { shape, dtype, data }: HostTensor): void => {
    const { rank } = collectives;
    const tensor = rank === from ? ({ shape, dtype, data } as HostTensor) : emptyTensor(name, shape, dtype);
    if (from !== 0 && (rank === 0 || rank === from)) collectives.move(from, 0, tensor.data);
    if (rank === 0) gathered[name] = tensor;
  };
  for (const [path, tensor] of Object.entries(own.params)) {
    for (const half of ["weights", "momentum"] as const) {
      const data = kept.get(path)?.[half].slice();
      take(
        `outer.${half}.${path}`,
        owner(path),
        data === undefined ? tensor : ({ ...tensor, data } as HostTensor),
      );
    }
  }
  for (let from = 0; from < collectives.size; from++) {
    for (const half of apart ? (["params", "state"] as const) : (["state"] as const)) {
      for (const [path, tensor] of Object.entries(own[half]))
        take(rankPrefix(from, half) + path, from, tensor);
    }
  }
  return gathered;
}
