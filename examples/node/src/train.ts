import { existsSync } from "node:fs";
import { numpy as np, random } from "@jax-js/jax";
import { characterTokenizer, createLanguageModel, generate, textDataset } from "@steepest/models";
import { loadState, mobyDick, saveState } from "@steepest/models/node";
import { compiledStep, muon, refTree } from "steepest";
import { cosine } from "steepest/schedules";

const file = "training.safetensors";
const steps = Number(process.argv[2] ?? 200);

const text = mobyDick().slice(0, 200_000); // or readFileSync("book.txt", "utf8")
const tokenizer = characterTokenizer(text);
const size = { context: 32, width: 32, depth: 2, heads: 2 };
const model = createLanguageModel("tiny", { vocabSize: tokenizer.vocabSize, ...size });
const data = textDataset({ text, tokenizer, context: model.context, batchSize: 8 });
const ids = (values: Int32Array): np.Array => np.array(new Int32Array(values)).reshape([8, model.context]);

const optimizer = muon({
  learningRate: 0.03,
  auxiliaryLearningRate: 0.01,
  roles: model.roles(),
  schedule: cosine({ steps, warmup: 10 }),
});
const step = compiledStep(optimizer, model.loss);
let training = step.init(model.init(random.key(0)));
if (existsSync(file)) training = await loadState(file, training); // goes on where the last run ended

while (training.step < steps) {
  const { tokens, targets } = data.trainBatch(training.step);
  const { loss, ...next } = step(training, { tokens: ids(tokens), targets: ids(targets) });
  training = next;
  const value: number = loss.item();
  if (training.step % 50 === 0) {
    console.log(`step ${training.step}: loss ${value.toFixed(3)}`);
    await saveState(file, training);
  }
}
await saveState(file, training);
const written = await generate(model, refTree(training.params), tokenizer.encode("The "), { tokens: 60 });
console.log(`The ${tokenizer.decode(written)}`);
