import type { ImageFacts } from "../prepare/imageFacts.ts";
import { formatCountOf } from "../text/quantities.ts";
import type {
  ExportDescription,
  ExportedInference,
  ExportedTensor,
  ExportedTrainStep,
  ExportedWeights,
} from "./exportDescription.ts";

/** `README.txt` of an export: what the files are, and the loop that runs them. */
export function exportReadme(
  { step, model, trainStep, weights, tokenizer, images }: ExportDescription,
  { optimizer, steps }: { readonly optimizer: string; readonly steps: number },
): string {
  const parts = [
    `A model after ${step} of ${formatCountOf(steps, "step")} of ${optimizer}, exported by steepest.${weights === undefined ? `\n${aboutMeta(tokenizer)}` : ""}`,
    model && aboutModel(model, images),
    trainStep && aboutTrainStep(trainStep),
    weights && aboutWeights(weights, images === undefined),
  ];
  return `${parts.filter((part) => part !== undefined).join("\n\n")}\n`;
}

const aboutMeta = (tokenizer: string | undefined): string =>
  `meta.json names every input and output with type and shape${tokenizer === undefined ? "." : `; ${tokenizer} is the vocabulary.`}`;

const aboutTokens = `Attention looks back only: fill a shorter text up at its end with
any token, and the logits at its last position are those of the next token.`;

/** How an image is to be prepared: with the numbers of the training images. */
const aboutImages = ({ mean, deviation, classNames }: ImageFacts): string =>
  `A pixel from 0 to 1 goes in as (pixel - mean) / deviation of its
channel: mean ${mean.map(short).join(", ")}; deviation ${deviation.map(short).join(", ")}.${classNames === undefined ? "" : ` Classes in order:\n${classNames.join(", ")}`}`;

const short = (value: number): string => String(Number(value.toPrecision(7)));

function aboutModel({ file, inputs, outputs }: ExportedInference, images: ImageFacts | undefined): string {
  const { name = "", dtype, shape } = inputs[0] ?? {};
  return `${file}: the trained model
  ${name} ${dtype} [${shape}] -> logits float32 [${outputs[0]?.shape}]
The weights are inside (or in ${file}.data beside it). ${images === undefined ? aboutTokens : aboutImages(images)}

  import numpy, onnxruntime
  session = onnxruntime.InferenceSession("${file}")
  ${name} = numpy.zeros([${shape}], numpy.${dtype})
  [logits] = session.run(["logits"], {"${name}": ${name}})`;
}

const goOn = (what: string): string => `${what} goes on from them: steepest train --weights .`;

const inJavaScript = `In JavaScript: loadPretrained(".") and readTokenizer(".") of @steepest/models/node.`;

function aboutWeights(
  { file, config, naming, why, tokenizer, statistics }: ExportedWeights,
  isLanguage: boolean,
): string {
  const more = [
    tokenizer === "characters.json" && "characters.json has the character of every id, in order.",
    tokenizer === "tokenizer.json" && "tokenizer.json is the tokenizer.",
    statistics !== undefined && `${statistics} has the means and variances of batch norm.`,
  ].filter((line) => line !== false);
  const begin = `${file}, ${config}: the trained weights, float32, and the settings of the model`;
  const end = more.length === 0 ? "" : `\n${more.join("\n")}`;
  if (naming === "steepest") {
    return `${begin}
Names are the paths of steepest's parameters; a weight is [out, in]. Not Hugging Face's: ${why}.
${isLanguage ? `${inJavaScript} ` : ""}${goOn("Training")}${end}`;
  }
  return `${begin}
in the naming of Hugging Face:

  from transformers import AutoModelForCausalLM
  model = AutoModelForCausalLM.from_pretrained(".")

${inJavaScript} ${goOn("Training")}${end}`;
}

/** What a batch is, by the name of its first input. */
function aboutBatch(batch: readonly ExportedTensor[]): string {
  const column = 22;
  const names = batch.map(({ name }) => name).join(", ");
  const [first, second] = batch;
  if (first === undefined || second === undefined) return "";
  const kinds =
    first.name === "tokens"
      ? `int32 [${first.shape}]; targets are the tokens that come next`
      : `${first.dtype} [${first.shape}] and ${second.dtype} [${second.shape}]; labels are the classes`;
  return `\n  ${names.padEnd(column - 2)}  ${kinds}`;
}

function aboutTrainStep(step: ExportedTrainStep): string {
  const { graphs, inputs, nextStep, learningRateFactor: factor } = step;
  const files = graphs.map(({ file }) => file).join(", ");
  const batch = inputs.filter(({ name }) => name !== factor.input && !/^(params|state)\b/.test(name));
  const names = batch.map(({ name }) => name);
  const [first] = batch;
  return `${files}: the training step
  params.*, state.*     weights and optimizer state, to begin with in params.safetensors and optimizer.safetensors${aboutBatch(batch)}
  ${factor.input}    float32, times the learning rates of the run
    -> params.*.next, state.*.next    what goes in the next time
    -> loss, gradNorm                 before the update
Clipping of the run is inside, its schedule is not: ${factor.input} is yours to choose at every step. 1 trains at the
full learning rates; the run's own schedule (${factor.schedule}) had it at ${short(factor.lastStep)} in its last step. The next step is number
${nextStep}, from 0.
params.safetensors and config.json are weights for ${first?.name === "tokens" ? `loadPretrained(".") of @steepest/models/node and ` : ""}steepest train --weights . too.
${which(graphs.length)}Never let an output write into the memory of an input: keep two buffers for each and swap them after every step.

${inPython(names, factor.input)}

${inTypeScript(names, factor.input)}`;
}

function inPython(names: readonly string[], factor: string): string {
  const fed = names.map((name) => `feed["${name}"]`).join(", ");
  return `In Python (pip install onnxruntime safetensors):

  import json, numpy, onnxruntime
  from safetensors.numpy import load_file
  step = json.load(open("meta.json"))["trainStep"]
  sessions = [onnxruntime.InferenceSession(graph["file"]) for graph in step["graphs"]]
  names = [output["name"] for output in step["outputs"]]
  feed = {f"{part}.{path}": tensor
          for part, file in step["start"].items() for path, tensor in load_file(file).items()}
  for i in range(step["nextStep"], step["nextStep"] + 100):
      feed["${factor}"] = numpy.array(0.1, numpy.float32)
${fed === "" ? "" : `      ${fed} = next_batch()\n`}      graph = step["firstStep"] if i == 0 else step["cycle"][i % len(step["cycle"])]
      results = dict(zip(names, sessions[graph].run(names, feed)))
      feed.update({output["feeds"]: results[output["name"]] for output in step["outputs"] if "feeds" in output})
      print(i, results["loss"])`;
}

function inTypeScript(names: readonly string[], factor: string): string {
  return `In TypeScript (npm install onnxruntime-node @steepest/models):

  import { readFileSync } from "node:fs";
  import { InferenceSession, Tensor } from "onnxruntime-node";
  import { decodeSafetensors } from "@steepest/models";
  const { trainStep: step } = JSON.parse(readFileSync("meta.json", "utf8"));
  const sessions: InferenceSession[] = [];
  for (const { file } of step.graphs) sessions.push(await InferenceSession.create(file));
  const feed: Record<string, Tensor> = {};
  for (const part of ["params", "state"])
    for (const [path, { dtype, data, shape }] of Object.entries(decodeSafetensors(readFileSync(step.start[part]))))
      feed[\`\${part}.\${path}\`] = new Tensor(dtype, data as never, shape);
  for (let i = step.nextStep; i < step.nextStep + 100; i++) {
    feed.${factor} = new Tensor("float32", [0.1], []);
${names.length === 0 ? "" : `    Object.assign(feed, nextBatch()); // { ${names.join(", ")} } as tensors\n`}    const graph = i === 0 ? step.firstStep : step.cycle[i % step.cycle.length];
    const results = await sessions[graph]!.run(feed);
    for (const { name, feeds } of step.outputs) if (feeds) feed[feeds] = results[name]!;
    console.log(i, results.loss!.data[0]);
  }`;
}

const which = (graphs: number): string =>
  graphs === 1
    ? ""
    : `Not all steps compute the same: step 0 runs graphs[firstStep], step i runs graphs[cycle[i mod length of cycle]].
`;
