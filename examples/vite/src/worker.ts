import { init, numpy as np, random } from "@jax-js/jax";
import { characterTokenizer, createLanguageModel, generate, textDataset } from "@steepest/models";
import { compiledStep, muon, refTree } from "steepest";

import type { Progress, Wish } from "./messages.ts";

await init("wasm");

const text =
  "a step downhill is a step towards the sea, and a step uphill is a step towards the sky. ".repeat(20);
const tokenizer = characterTokenizer(text);
const size = { context: 32, width: 32, depth: 2, heads: 2 };
const model = createLanguageModel("tiny", { vocabSize: tokenizer.vocabSize, ...size });
const data = textDataset({ text, tokenizer, context: model.context, batchSize: 8 });

const optimizer = muon({ learningRate: 0.03, auxiliaryLearningRate: 0.01, roles: model.roles() });
const step = compiledStep(optimizer, model.loss);
let training = step.init(model.init(random.key(0)));

let learningRateScale = 1;
self.onmessage = ({ data: wish }: MessageEvent<Wish>) => {
  learningRateScale = wish.learningRateScale;
};

for (;;) {
  const { tokens, targets } = data.trainBatch(training.step);
  const ids = (values: Int32Array): np.Array => np.array(new Int32Array(values)).reshape([8, model.context]);
  const { loss, ...next } = step(
    { ...training, learningRateScale },
    { tokens: ids(tokens), targets: ids(targets) },
  );
  training = next;
  const progress: Progress = { step: training.step, loss: await loss.jsAsync() }; // waits, so that messages are heard
  if (training.step % 50 !== 0) {
    self.postMessage(progress);
    continue;
  }
  const written = await generate(model, refTree(training.params), tokenizer.encode("a step "), {
    tokens: 40,
  });
  self.postMessage({ ...progress, sample: tokenizer.decode(written) } satisfies Progress);
}
