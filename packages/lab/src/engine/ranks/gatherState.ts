import type { Collectives } from "../../collectives/collectives.ts";
import type { HostTensor, HostTensors } from "../hostTensor.ts";

/** A leaf of the state of the whole optimizer. */
export interface StateLeafSpec {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: string;
}

/**
 * The whole optimizer's state on rank 0, in its own order, from the parts of all ranks; others get their part back. A leaf that
 * several have, such as a count of steps, is the same on all.
 */
export function gatherState(
  collectives: Collectives,
  whole: readonly StateLeafSpec[],
  own: HostTensors,
): HostTensors {
  const { rank, size } = collectives;
  const has = collectives.allGather(whole.map(({ path }) => (own[path] === undefined ? 0 : 1)));
  const gathered: Record<string, HostTensor> = {};
  for (const [i, { path, shape, dtype }] of whole.entries()) {
    const from = has.findIndex((flags) => flags[i] === 1);
    if (from < 0 || from >= size) throw new Error(`internal: no rank has the state "${path}"`);
    const mine = own[path];
    if (rank === 0) gathered[path] = mine ?? emptyTensor(path, shape, dtype);
    const moved = rank === 0 ? gathered[path] : mine;
    if (from !== 0 && moved !== undefined && (rank === 0 || rank === from)) {
      collectives.move(from, 0, moved.data);
    }
  }
  return rank === 0 ? gathered : own;
}

/** Room for a tensor of another rank. */
export function emptyTensor(path: string, shape: readonly number[], dtype: string): HostTensor {
  const size = shape.reduce((a, b) => a * b, 1);
  switch (dtype) {
    case "float32":
      return { dtype, shape, data: new Float32Array(size) };
    case "float64":
      return { dtype, shape, data: new Float64Array(size) };
    case "int32":
      return { dtype, shape, data: new Int32Array(size) };
    case "uint32":
      return { dtype, shape, data: new Uint32Array(size) };
    case "bool":
      return { dtype, shape, data: new Uint8Array(size) };
    default:
      throw new Error(`"${path}" is ${dtype}, which a checkpoint cannot hold`);
  }
}
