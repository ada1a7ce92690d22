// A small CNN trained on ONNX Runtime with what the packages export: bright images against dark ones.
import { numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { createImageModel } from "@steepest/models";
import { spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, muon, refTree } from "steepest";

const images = 16;
const model = createImageModel("cnn-small", { imageShape: [1, 16, 16], classes: 2, widths: [4, 8, 8] });
const optimizer = muon({ learningRate: 0.05, auxiliaryLearningRate: 0.1, roles: model.roles() });
const params = model.init(random.key(0));
const start = { params, state: optimizer.init(refTree(params)) };
const training = TrainStep.create(
  (state: typeof start, batch) => {
    const [loss, gradients] = valueAndGrad(model.loss)(refTree(state.params), batch);
    const [updates, next] = optimizer.update(refTree(gradients), state.state, refTree(state.params));
    return [{ params: applyUpdates(state.params, updates), state: next }, { loss }, gradients];
  },
  { state: start, batch: { images: spec([images, 1, 16, 16]), labels: spec([images], "int32") } },
);

const labels = Int32Array.from({ length: images }, (_, i) => i % 2);
const noise = random.normal(random.key(1), [images, 1, 16, 16]);
const pixels = noise.add(np.array(Array.from(labels, (label) => 2 * label - 1)).reshape([images, 1, 1, 1]));
const losses: number[] = [];
for (let step = 0; step < 40; step++) {
  const { loss } = await training.run({ images: pixels.ref, labels });
  losses.push(Number(loss?.[0]));
}
training.dispose();
const [first = 0] = losses;
const last = losses.at(-1) ?? Number.NaN;
if (!(last < first - 0.2)) throw new Error(`the loss did not fall: ${losses.join(", ")}`);
console.log(`CNN: ${first.toFixed(3)} to ${last.toFixed(3)}`);
