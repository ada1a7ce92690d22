import {
  createImageModel,
  type ImageDataset,
  type ImageRows,
  type ImageSettings,
  imageDataset,
  type LoadedImages,
  whiten,
  whiteningKernel,
} from "@steepest/models";

import type { HostTensors } from "../engine/hostTensor.ts";
import { parseAugmentation } from "../plan/parseAugmentation.ts";
import { modelOptions } from "../plan/resolvePlan.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import type { PreparedRun } from "./preparedRun.ts";

/** Images of a validation batch. */
const TEST_BATCH = 500;

/** Model and batches of an image model. Throws `ConfigError` or `DataError`. */
export function imageRun(
  plan: RunPlan,
  data: LoadedImages,
): Pick<PreparedRun, "model" | "images" | "batches"> {
  const { train, test, source, sha256 } = data;
  const { batch, accumulate, seed, evalBatches = Number.POSITIVE_INFINITY } = plan;
  const dataset = imageDataset({
    train,
    test,
    batchSize: batch,
    seed,
    augment: parseAugmentation(plan.augment),
    source,
  });
  const settings = { ...modelOptions(plan), imageShape: train.shape, classes: train.classes };
  const whitening = whiteningOf(plan, settings, data);
  return {
    model: createImageModel(plan.model, { ...settings, ...(whitening !== undefined && { whitening }) }),
    images: {
      mean: [...dataset.normalisation.mean],
      deviation: [...dataset.normalisation.deviation],
      ...(train.classNames !== undefined && { classNames: train.classNames }),
    },
    batches: {
      tokensPerStep: batch,
      unit: "images",
      train: (step) => hostBatch(dataset.trainBatch(step)),
      *validation() {
        const size = accumulate === 1 ? TEST_BATCH : largestDivisor(TEST_BATCH, batch / accumulate);
        let left = (evalBatches * TEST_BATCH) / size; // the same images, whatever the memory they are scored in
        for (const rows of dataset.testBatches(size)) {
          if (left-- <= 0) return;
          yield hostBatch(rows);
        }
      },
      sha256,
    },
  };
}

/** The largest number up to a bound that divides another. */
function largestDivisor(of: number, atMost: number): number {
  let divisor = Math.min(of, atMost);
  while (of % divisor !== 0) divisor--;
  return divisor;
}

/** The frozen filters of a model that has some, unless the plan wants them trained. They depend on the data alone. */
function whiteningOf(
  plan: RunPlan,
  settings: ImageSettings,
  { train, test, source }: LoadedImages,
): number[] | undefined {
  const kernel = whiteningKernel(plan.model, settings);
  if (kernel === undefined || plan.modelOptions.whitening === false) return undefined;
  const plain: ImageDataset = imageDataset({
    train,
    test,
    batchSize: Math.min(5000, train.count),
    seed: 0,
    source,
  });
  return whiten(plain.trainBatch(0).images, train.shape, { kernel });
}

function hostBatch({ imagesShape, images, labels }: ImageRows): HostTensors {
  return {
    images: { dtype: "float32", shape: imagesShape, data: images },
    labels: { dtype: "int32", shape: [labels.length], data: labels },
  };
}
