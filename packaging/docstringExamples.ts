import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./packages.ts";

/** An example in the docs of a function, which the pages of the API show. */
export interface DocstringExample {
  /** A name for a file. */
  readonly name: string;
  /** Where it stands, from the root of the repository. */
  readonly path: string;
  /** A module of its own, with what the example takes as given. */
  readonly code: string;
  /** False: it needs files that are not here, and is compiled only. */
  readonly runs: boolean;
}

const jax = 'import { numpy as np, random } from "@jax-js/jax";\n';
const steepest = (names: string): string => `import { ${names} } from "steepest";\n`;
const training = `${jax}${steepest("compiledStep, muon")}
const loss = ({ w }: { w: np.Array }, x: np.Array) => np.square(np.matmul(x, w)).mean();
const params = { w: random.normal(random.key(0), [8, 8]) };
const batch = (k: number) => random.normal(random.key(k), [4, 8]);
`;

/** What each example takes as given. */
const given: Readonly<Record<string, string>> = {
  "packages/models/src/checkpoint/importWeights.ts":
    'import { createLanguageModel, importWeights } from "@steepest/models";\nimport { openSafetensors } from "@steepest/models/node";\n',
  "packages/models/src/checkpoint/saveState.ts": `import { loadState, saveState } from "@steepest/models/node";\n${training}
void batch;
const step = compiledStep(muon(), loss);
let training = step.init({ w: params.w.ref });
`,
  "packages/models/src/language/gpt.ts": `${jax}import { gpt } from "@steepest/models";
const [tokens, targets] = [np.zeros([2, 64], { dtype: np.int32 }), np.ones([2, 64], { dtype: np.int32 })];
`,
  "packages/steepest/src/optimizers/scion/uniformScion.ts": steepest(
    "createOptimizer, scionPresets, uniformScion",
  ),
  "packages/steepest/src/optimizers/scion/scionPresets.ts": steepest("createOptimizer, scionPreset"),
  "packages/steepest/src/optimizers/scion/imageScionPreset.ts": `import { random } from "@jax-js/jax";
import { createImageModel } from "@steepest/models";
${steepest("createOptimizer, imageScionPreset, listParameters")}
const model = createImageModel("cnn-small", { imageShape: [1, 28, 28], classes: 10 });
const params = model.init(random.key(0));
`,
  "packages/steepest/src/define/extras.ts": "",
  "packages/steepest/src/testing/leakedArrays.ts": `import { numpy as np } from "@jax-js/jax";
import { expectNoLeaks } from "steepest/testing";
const test = (_: string, work: () => unknown) => work();
const makeParams = () => np.zeros([2, 2]);
const loss = (w: np.Array) => np.square(w).sum();
`,
  "packages/steepest/src/createOptimizer.ts": `${steepest("createOptimizer")}import { cosine } from "steepest/schedules";\n`,
  "packages/steepest/src/node.ts": "",
  "packages/kernels/src/compile/residentState.ts": `${jax}import { residentState } from "@steepest/kernels";
type State = { params: np.Array; momentum: np.Array };
const [params, momentum] = [random.normal(random.key(0), [8]), np.zeros([8])];
const batches = [random.normal(random.key(1), [8]), random.normal(random.key(2), [8])];
const step = ({ params, momentum }: State, batch: np.Array): [State, np.Array] => {
  const next = momentum.mul(0.9).add(params.ref.sub(batch));
  const loss = np.square(next.ref).sum();
  return [{ params: params.sub(next.ref.mul(0.1)), momentum: next }, loss];
};
`,
  "packages/onnx/src/export/exportOnnx.ts": `import { random, tree } from "@jax-js/jax";
import { createLanguageModel } from "@steepest/models";
import { exportOnnx, spec } from "@steepest/onnx";
const model = createLanguageModel("tiny", { vocabSize: 89, context: 256 });
const params = model.init(random.key(0));
`,
  "packages/onnx/src/compile.ts": `import { numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { compile } from "@steepest/onnx";
const loss = (w: np.Array, x: np.Array, y: np.Array) => np.square(np.matmul(x, w).sub(y)).mean();
const [params, x, y] = [random.normal(random.key(0), [8, 4]), np.ones([2, 8]), np.zeros([2, 4])];
`,
  "packages/onnx/src/step/trainStep.ts": `import { numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { spec, TrainStep } from "@steepest/onnx";
type Params = { w: np.Array };
const model = ({ w }: Params, x: np.Array, y: np.Array) =>
  np.square(np.matmul(x, w).sum(1).sub(y.astype(np.float32))).mean();
const params: Params = { w: random.normal(random.key(0), [784, 10]) };
const [x, y] = [np.ones([64, 784]), np.ones([64], { dtype: np.int32 })];
`,
  "packages/kernels/src/compile/fuse.ts": `${jax}import { fuse } from "@steepest/kernels";
const [p, g] = [random.normal(random.key(0), [8]), np.ones([8])];
`,
  "packages/steepest/src/core/compiledStep.ts": training,
};
const needsFiles = ["packages/models/src/checkpoint/importWeights.ts"];

/** The examples in the sources of the libraries. Throws for one that nothing is given for, and for what is given for none. */
export function docstringExamples(): DocstringExample[] {
  const found = ["steepest", "models", "kernels", "onnx", "lab"].flatMap((name) => {
    const folder = `packages/${name}/src`;
    const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    return files.filter((file) => file.endsWith(".ts")).flatMap((file) => examplesOf(`${folder}/${file}`));
  });
  const unused = Object.keys(given).filter((path) => !found.some((example) => example.path === path));
  if (unused.length > 0)
    throw new Error(`docstringExamples.ts gives something for no example: ${unused.join(", ")}`);
  return found;
}

/** An example is what follows `@example` up to the end or the next tag, or a block of TypeScript anywhere. */
const EXAMPLE = /^ *\* ```ts\n(?<block>.*?)^ *\* ```$|^ *\* @example(?<rest>.*?)(?=^ *\*\/|^ *\* @)/gms;

function examplesOf(path: string): DocstringExample[] {
  const text = readFileSync(join(root, path), "utf8");
  return [...text.matchAll(EXAMPLE)].map(({ groups = {} }, i) => {
    const code = (groups["block"] ?? groups["rest"] ?? "").replaceAll(/^ *\* ?/gm, "").trim();
    const before = given[path] ?? importOfCall(code);
    if (before === undefined)
      throw new Error(`${path} has an example: say in packaging/docstringExamples.ts what it takes as given`);
    return {
      name: `doc-${path.replace(/\.ts$/, "").replaceAll(/[^\w]+/g, "-")}-${i + 1}`,
      path,
      code: `${before}${code}\nexport {};\n`,
      runs: !needsFiles.includes(path),
    };
  });
}

/** Examples of optimizers are one call, `muon({ … })`. */
function importOfCall(code: string): string | undefined {
  const name = /^(\w+)\([^\n]*\)$/.exec(code)?.[1];
  return name === undefined ? undefined : `import { ${name} } from "steepest";\n`;
}
