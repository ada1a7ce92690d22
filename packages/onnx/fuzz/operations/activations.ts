import { type Operation, unary } from "../operation.ts";

const steady = [
  "sigmoid",
  "silu",
  "softplus",
  "gelu",
  "elu",
  "celu",
  "selu",
  "mish",
  "logSigmoid",
  "softSign",
];
const pieces = ["relu", "relu6", "leakyRelu", "hardTanh", "hardSigmoid", "hardSilu", "squareplus"];
const pieced = ["sparsePlus", "sparseSigmoid", "identity"];
const rows = ["softmax", "logSoftmax"];

/** The functions of `nn`. */
export const activations: readonly Operation[] = [
  ...steady.map((name) => unary(`nn.${name}`, {}, (x) => `nn.${name}(np.clip(${x}, -16, 16))`)),
  ...pieces.map((name) => unary(`nn.${name}`, { strict: true })),
  ...pieced.map((name) => unary(`nn.${name}`, { strict: true })),
  unary("nn.relu", {}),
  unary("nn.gelu", {}, (x) => `nn.gelu(np.clip(${x}, -16, 16), { approximate: false })`),
  ...rows.map((name) =>
    unary(`nn.${name}`, { rank: 1 }, (x, v, r) => `nn.${name}(${x}, ${r.integer(0, v.shape.length)})`),
  ),
  ...["logsumexp", "logmeanexp"].map((name) =>
    unary(`nn.${name}`, { rank: 1 }, (x, v, r) => {
      const axis = r.integer(0, v.shape.length);
      return v.shape[axis] === 0 ? undefined : `nn.${name}(${x}, ${axis})`;
    }),
  ),
  unary("nn.standardize", { rank: 1 }, (x) => `nn.standardize(${x})`),
  unary("nn.glu", { rank: 1 }, (x) => `nn.glu(np.clip(np.concatenate([${x}, ${x}], -1), -16, 16))`),
  unary(
    "nn.oneHot",
    { of: "integer", exact: true, strict: true },
    (x) => `nn.oneHot(np.clip(${x}.astype("int32"), 0, 4), 5)`,
  ),
];
