import { numpy as np } from "@jax-js/jax";
import {
  inverseRoot,
  lakic,
  type Normalization,
  newtonSchulz,
  polar,
  powerIteration,
  singularValues,
} from "steepest/matrix";

import type { MatrixFunctionFile, MatrixReferenceFile } from "./goldenFile.ts";
import { largestDifference, type ReplayOutcome } from "./outcome.ts";
import { NotReplayed } from "./rule.ts";

/** One comparison of one case. */
interface Comparison {
  readonly name: string;
  readonly error: number;
  readonly tolerance: number;
}

/** A matrix function on every case of a file. */
export async function replayMatrixFunction(golden: MatrixFunctionFile, file: string): Promise<ReplayOutcome> {
  const run = matrixFunction(golden);
  const comparisons: Comparison[] = [];
  for (const one of golden.cases) {
    const results = await run(matrix(one.input, one.shape));
    const expected: Record<string, readonly number[] | undefined> = {
      output: one.output,
      sigma: one.sigma === undefined ? undefined : [one.sigma],
      u: one.u,
      v: one.v,
    };
    for (const [what, values] of Object.entries(expected)) {
      if (values === undefined) continue;
      const error = largestDifference(results[what] ?? [], values);
      comparisons.push({ name: `${one.name}, ${what}`, error, tolerance: one.tolerance.abs });
    }
  }
  return judge(golden.optimizer, file, comparisons);
}

/** The polar factor and the singular values against numpy's. */
export async function replayMatrixReference(
  golden: MatrixReferenceFile,
  file: string,
): Promise<ReplayOutcome> {
  const comparisons: Comparison[] = [];
  for (const one of golden.cases) {
    const { name, input, shape, tolerance } = one;
    const add = (what: string, actual: ArrayLike<number>, expected: readonly number[]): void => {
      const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      const error = largestDifference(actual, expected);
      comparisons.push({ name: `${name}, ${what}`, error, tolerance: tolerance.rel * largest });
    };
    const roots = [
      [2, one.inverseSquareRoot],
      [4, one.inverseFourthRoot],
      [8, one.inverseEighthRoot],
    ] as const;
    for (const [p, expected] of roots) {
      if (expected === undefined) continue;
      add(`a^(−1/${p}) by eigenvectors`, await inverseRoot(matrix(input, shape), p).data(), expected);
    }
    if (one.polar !== undefined) add("polar", await polar(matrix(input, shape)).data(), one.polar);
    if (one.singularValues !== undefined)
      add("singular values", await singularValues(matrix(input, shape)).data(), one.singularValues);
  }
  return judge(golden.optimizer, file, comparisons);
}

const matrix = (input: readonly number[], shape: readonly number[]): np.Array =>
  np.array(Float32Array.from(input)).reshape([...shape]);

/** The worst comparison, measured by its own tolerance, stands for the file. */
function judge(optimizer: string, file: string, comparisons: readonly Comparison[]): ReplayOutcome {
  const outside = comparisons.find(({ error, tolerance }) => !(error <= tolerance));
  const worst = comparisons.reduce((a, b) => (b.error / b.tolerance > a.error / a.tolerance ? b : a));
  return {
    file,
    optimizer,
    maxAbsError: worst.error,
    tolerance: worst.tolerance,
    ok: outside === undefined,
    ...(outside === undefined ? {} : { firstOutside: `case ${outside.name}` }),
  };
}

type MatrixFunction = (x: np.Array) => Promise<Record<string, ArrayLike<number>>>;

/** The function a file is about. */
function matrixFunction({ optimizer, options }: MatrixFunctionFile): MatrixFunction {
  const steps = Number(options.steps);
  if (optimizer === "power_iteration") {
    return async (x) => {
      // Theirs starts at ones; with ten steps that shows where σ₁ and σ₂ are close.
      const { sigma, u, v } = powerIteration(x, { steps, start: np.ones([x.shape[1] ?? 0]) });
      return { sigma: await sigma.data(), u: await u.data(), v: await v.data() };
    };
  }
  if (options.method === "lakic_inverse_sqrt")
    return async (x) => ({ output: await lakic(x, { steps }).data() });
  const coefficients = options.coefficients;
  if (!isCoefficientList(coefficients))
    throw new NotReplayed(`matrix function "${optimizer}" is not built yet`);
  const mode = options.mode === "repeat_last" ? "repeatLast" : "cycle";
  const normalization = parseNormalization(String(options.normalization));
  // A file may be about a set that can turn updates around (aol4, cubic5), and shows what it does.
  const set = { name: optimizer, schedule: coefficients, mode, steps, safety: 1, flipsSign: true } as const;
  return async (x) => ({
    output: await newtonSchulz(x, { coefficients: set, steps, normalization }).data(),
  });
}

function isCoefficientList(list: unknown): list is [number, number, number][] {
  return Array.isArray(list) && list.every((c) => Array.isArray(c) && c.length === 3);
}

/** `x / (1.02*frobenius + 1e-6)` and `x / max(frobenius, 1e-15)`, as the files write them. */
function parseNormalization(text: string): Normalization {
  const added = /^x \/ \((?:([\d.]+)\*)?frobenius \+ ([\d.e-]+)\)$/.exec(text);
  if (added) return { guard: "add", eps: Number(added[2]), factor: Number(added[1] ?? 1) };
  const floored = /^x \/ max\(frobenius, ([\d.e-]+)\)$/.exec(text);
  if (floored) return { guard: "floor", eps: Number(floored[1]), factor: 1 };
  throw new NotReplayed(`normalization "${text}" is not understood`);
}
