import * as v from "valibot";

const numbers = v.array(v.number());
const options = v.record(v.string(), v.unknown());
const absolute = v.object({ abs: v.number() });

const trajectory = v.object({
  kind: v.literal("trajectory"),
  optimizer: v.string(),
  /** `owner/name:path` of the code that was run. */
  source: v.optional(v.string()),
  options,
  tolerance: absolute,
  params: v.array(
    v.object({
      name: v.string(),
      role: v.picklist(["hidden", "embedding", "head", "bias", "conv", "gain"]),
      shape: v.array(v.number()),
      init: numbers,
      options: v.optional(options),
      state: v.optional(v.record(v.string(), v.object({ shape: v.array(v.number()), data: numbers }))),
    }),
  ),
  grads: v.array(v.array(numbers)),
  expected: v.array(v.array(numbers)),
});

const matrixCase = { name: v.string(), shape: v.array(v.number()), input: numbers };

const matrixFunction = v.object({
  kind: v.literal("matrix_function"),
  optimizer: v.string(),
  options,
  cases: v.array(
    v.object({
      ...matrixCase,
      output: v.optional(numbers),
      sigma: v.optional(v.number()),
      u: v.optional(numbers),
      v: v.optional(numbers),
      tolerance: absolute,
    }),
  ),
});

const matrixReference = v.object({
  kind: v.literal("matrix_reference"),
  optimizer: v.string(),
  options,
  cases: v.array(
    v.looseObject({
      ...matrixCase,
      polar: v.optional(numbers),
      singularValues: v.optional(numbers),
      inverseSquareRoot: v.optional(numbers),
      inverseFourthRoot: v.optional(numbers),
      inverseEighthRoot: v.optional(numbers),
      tolerance: v.object({ rel: v.number() }),
    }),
  ),
});

const goldenFile = v.variant("kind", [trajectory, matrixFunction, matrixReference]);

export type Trajectory = v.InferOutput<typeof trajectory>;
export type MatrixFunctionFile = v.InferOutput<typeof matrixFunction>;
export type MatrixReferenceFile = v.InferOutput<typeof matrixReference>;
export type GoldenFile = v.InferOutput<typeof goldenFile>;

/** Thrown for a file that is not one of ours, with the first thing that is wrong in it. */
export class GoldenFileError extends Error {
  override readonly name = "GoldenFileError";
}

/** The text of a golden file, checked. `file` is for the message. */
export function parseGoldenFile(text: string, file: string): GoldenFile {
  const result = v.safeParse(goldenFile, parseJson(text, file));
  if (!result.success) {
    const [issue] = result.issues;
    throw new GoldenFileError(`${file}: ${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
  }
  expectSizes(result.output, file);
  return result.output;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new GoldenFileError(`${file}: not JSON (${error instanceof Error ? error.message : error})`);
  }
}

function expectSizes(golden: GoldenFile, file: string): void {
  const expectCount = (what: string, values: readonly unknown[] | undefined, count: number): void => {
    if (values?.length === count) return;
    throw new GoldenFileError(
      `${file}: ${what} should have ${count} entries and has ${values?.length ?? "none"}`,
    );
  };
  const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
  if (golden.kind !== "trajectory") {
    for (const one of golden.cases) expectCount(`input of "${one.name}"`, one.input, size(one.shape));
    return;
  }
  const { params, grads, expected } = golden;
  expectCount("expected", expected, grads.length);
  for (const param of params) expectCount(`init of "${param.name}"`, param.init, size(param.shape));
  for (const [what, steps] of Object.entries({ grads, expected })) {
    for (const [step, arrays] of steps.entries()) {
      expectCount(`${what}[${step}]`, arrays, params.length);
      for (const [i, param] of params.entries()) {
        expectCount(`${what}[${step}] of "${param.name}"`, arrays[i], size(param.shape));
      }
    }
  }
}
