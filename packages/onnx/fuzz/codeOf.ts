import { bodyOf, type FuzzInput, type Program, parametersOf, resultsOf } from "./program.ts";

/** A program as a file that shows the difference: `npx tsx FILE` in the folder of this package. */
export function codeOf(program: Program): string {
  const { inputs, gradient } = program;
  const usesGradient = gradient !== undefined;
  const floats = `(list) => list.filter((x) => x.dtype.startsWith("float")).map(weighed).reduce((a, b) => a.add(b))`;
  return [
    'import { grad, lax, nn, numpy as np } from "@jax-js/jax";',
    'import { compile } from "@steepest/onnx";',
    "",
    "const pick = (list, i) => Object.values(list)[i];",
    `const program = (${parametersOf(program)}) => {`,
    bodyOf(program, resultsOf(program)),
    "};",
    ...(usesGradient
      ? [
          "const weights = (x) => Array.from({ length: x.size }, (_, i) => ((i % 7) + 1) / 4);",
          "const array = (x) => np.array(weights(x), { dtype: x.dtype, shape: [...x.shape] });",
          "const weighed = (x) => np.sum(x.mul(array(x)));",
          `const total = ${floats};`,
          `const fn = grad((...x) => total(program(...x)), { argnums: ${gradient} });`,
        ]
      : ["const fn = program;"]),
    `const inputs = () => [${inputs.map(textOf).join(", ")}];`,
    `const show = (out) => [out].flat().map((x) => x.dtype + "[" + x.shape + "] " + x.dataSync());`,
    'console.log("jax-js ", show(fn(...inputs())));',
    'console.log("onnx   ", show(await compile(fn)(...inputs())));',
  ].join("\n");
}

const ARRAYS = {
  float32: "Float32Array",
  float64: "Float64Array",
  int32: "Int32Array",
  uint32: "Uint32Array",
  bool: "Int32Array",
} as const;

function textOf({ dtype, shape, values }: FuzzInput): string {
  if (values.length === 0) return `np.zeros([${shape}], { dtype: "${dtype}" })`;
  const numbers = values.map((v) => (Object.is(v, -0) ? "-0" : String(v)));
  return `np.array(new ${ARRAYS[dtype]}([${numbers}]), { shape: [${shape}], dtype: "${dtype}" })`;
}
