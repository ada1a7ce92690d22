import { init, numpy as np, random } from "@jax-js/jax";
import { characterTokenizer, createLanguageModel, textDataset } from "@steepest/models";
import { compiledStep, muon } from "steepest";

await init("wasm");

const text =
  "a step downhill is a step towards the sea, and a step uphill is a step towards the sky. ".repeat(20);
const tokenizer = characterTokenizer(text);
const size = { context: 32, width: 32, depth: 2, heads: 2 };
const model = createLanguageModel("tiny", { vocabSize: tokenizer.vocabSize, ...size });
const data = textDataset({ text, tokenizer, context: model.context, batchSize: 8 });
const ids = (values) => np.array(values).reshape([8, model.context]);

const optimizer = muon({ learningRate: 0.03, auxiliaryLearningRate: 0.01, roles: model.roles() });
const step = compiledStep(optimizer, model.loss);
let training = step.init(model.init(random.key(0)));
for (;;) {
  const { tokens, targets } = data.trainBatch(training.step);
  const { loss, ...next } = step(training, { tokens: ids(tokens), targets: ids(targets) });
  training = next;
  self.postMessage(`step ${training.step}: loss ${(await loss.jsAsync()).toFixed(3)}`);
}
