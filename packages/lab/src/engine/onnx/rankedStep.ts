import type { NamedTensors } from "@steepest/onnx";

import type { HostTensors } from "../hostTensor.ts";
import { averageToOwners, type Gradient } from "../ranks/averageToOwners.ts";
import { exchangeLayers } from "../ranks/layerNumbers.ts";
import type { SharedJob } from "../ranks/sharedJob.ts";
import { scalarNamed, tensorNamed } from "./nativeTensors.ts";
import { below, type Trainer } from "./onnxTrainer.ts";
import { LAYERS } from "./rankedTrainer.ts";

/** What a rank needs for its part of a step. */
export interface RankedStep {
  readonly train: Trainer;
  /** The optimizer's computation of this step. */
  readonly variant: number;
  /** The parts of this rank's batch. */
  readonly parts: readonly HostTensors[];
  /** The paths of the parameters, in tree order. */
  readonly paths: readonly string[];
  /** Loss and gradients of a part at the parameters as they are. */
  look(part: HostTensors): Promise<NamedTensors>;
}

/** The same on all ranks, but for the time. */
export interface RankedOutcome {
  readonly loss: number;
  readonly gradNorm: number;
  /** The first parameter whose gradient is not finite; then the parameters were left as they were. */
  readonly broken: string | undefined;
  /** When the update began. */
  readonly decided: number;
}

/**
 * One step of all ranks: each computes the gradients of its parts, the sums go whole to those who update, and the new parameters
 * from them to all.
 */
export async function rankedStep(
  shared: SharedJob,
  { train, variant, parts, paths, look }: RankedStep,
): Promise<RankedOutcome> {
  const { collectives, clip } = shared;
  const losses: number[] = [];
  const sums = new Map<string, Float32Array>();
  for (const part of parts) {
    const found = await look(part);
    losses.push(scalarNamed(found, "loss"));
    for (const path of paths) {
      const gradient = floatsNamed(found, below("gradients", path));
      // The next part overwrites what this one reports.
      const sum = sums.get(path) ?? (parts.length === 1 ? gradient : gradient.slice());
      if (sums.has(path)) for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (gradient[i] ?? 0);
      sums.set(path, sum);
    }
  }
  const count = parts.length * collectives.size;
  const loss = collectives
    .allGather(losses)
    .flat()
    .reduce((mean, part) => mean + part / count, 0);
  const gradients = paths.map((path): Gradient => {
    const sum = sums.get(path);
    if (sum === undefined) throw new Error(`internal: no gradient of "${path}"`);
    return { path, sum, mean: shared.owns(path) ? floatsNamed(train.batch, path) : undefined };
  });
  const { norm, broken } = averageToOwners(collectives, shared, gradients, { parts: count, clip });
  const decided = performance.now();
  if (!Number.isFinite(loss) || !Number.isFinite(norm)) return { loss, gradNorm: norm, broken, decided };
  train.steps = variant;
  await train.run(undefined, ({ [LAYERS]: own }) => {
    if (shared.layers.length > 0)
      exchangeLayers(collectives, shared, { own, all: floatsNamed(train.batch, LAYERS) });
    return true;
  });
  const { state } = train;
  collectives.copyFromOwners(
    paths.map((path) => ({ owner: shared.owner(path), data: floatsNamed(state, below("params", path)) })),
  );
  return { loss, gradNorm: norm, broken, decided };
}

function floatsNamed(tensors: NamedTensors, name: string): Float32Array {
  const found = tensorNamed(tensors, name);
  if (found instanceof Float32Array) return found;
  throw new Error(`internal: "${name}" is not float32`);
}
