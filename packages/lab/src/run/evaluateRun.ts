import { microBatches } from "../engine/accumulate.ts";
import { type Evaluation, withStatistics } from "../engine/batchFunctions.ts";
import type { HostTensor, HostTensors } from "../engine/hostTensor.ts";
import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { BatchSource } from "../prepare/batchSource.ts";

/** Training batches over which batch-norm statistics are averaged. */
export const STATISTICS_BATCHES = 16;

/**
 * The statistics of batch norm at the parameters as they are: means over the first `count` training batches, each
 * normalised by its own ("precise batch norm", Wu & Johnson 2021, arXiv:2105.07576), and in `parts` as it is in training.
 * The same batches every time, so that a resumed run gets the same. Empty where the model has none.
 */
export async function averageStatistics(
  engine: TrainingEngine,
  batches: BatchSource,
  {
    count = STATISTICS_BATCHES,
    parts = 1,
  }: { readonly count?: number | undefined; readonly parts?: number } = {},
): Promise<HostTensors> {
  const sums = new Map<string, { shape: readonly number[]; data: Float64Array }>();
  for (let i = 0; i < count; i++) {
    for (const part of microBatches(await batches.train(i), parts)) {
      const found = Object.entries(await engine.statistics(part));
      if (found.length === 0) return {};
      for (const [name, { shape, data }] of found) {
        const sum = sums.get(name)?.data ?? new Float64Array(data.length);
        for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] ?? 0) + (data[k] ?? 0) / (count * parts);
        sums.set(name, { shape, data: sum });
      }
    }
  }
  const average = ([name, { shape, data }]: [string, { shape: readonly number[]; data: Float64Array }]): [
    string,
    HostTensor,
  ] => [name, { dtype: "float32", shape, data: Float32Array.from(data) }];
  return Object.fromEntries([...sums].map(average));
}

/** Loss and accuracy over the validation batches, every example with the same weight. */
export async function evaluateRun(
  engine: TrainingEngine,
  batches: BatchSource,
  statistics: HostTensors,
): Promise<Evaluation> {
  let [loss, right, total] = [0, 0, 0];
  let counted = false;
  for (const batch of batches.validation()) {
    const size = Object.values(batch)[0]?.shape[0] ?? 1;
    const found = await engine.evaluate(withStatistics(batch, statistics));
    loss += size * found.loss;
    right += Math.round(size * (found.accuracy ?? 0)); // a share rounded to float32, of a whole number
    counted ||= found.accuracy !== undefined;
    total += size;
  }
  return { loss: loss / total, ...(counted && { accuracy: right / total }) };
}
