/** A small fault, put where a test should see it. */
export interface Mutant {
  readonly what: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Is there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Two dozen places over all packages: a sign, a bound, an order, a forgotten case. */
export const mutants: readonly Mutant[] = [
  {
    what: "clipping by the global norm scales up as well",
    file: "packages/steepest/src/transforms/clipByGlobalNorm.ts",
    find: "mul(maxNorm * scale), 1);",
    replace: "mul(maxNorm * scale), 2);",
  },
  {
    what: "Adam averages squares with b1",
    file: "packages/steepest/src/transforms/scaleByAdam.ts",
    find: "v.mul(b2).add(np.square(g).mul(1 - b2))",
    replace: "v.mul(b1).add(np.square(g).mul(1 - b1))",
  },
  {
    what: "the oracle of the nuclear norm maximises",
    file: "packages/steepest/src/norms/nuclear.ts",
    find: `        const { sigma, step } = pair(g);
        sigma.dispose();
        return step.mul(-1);`,
    replace: `        const { sigma, step } = pair(g);
        sigma.dispose();
        return step.mul(1);`,
  },
  {
    what: "clipped steps are never shortened",
    file: "packages/steepest/src/steps/clippedConditionalGradient.ts",
    find: "np.minimum(dual, threshold)",
    replace: "np.maximum(dual, threshold)",
  },
  {
    what: "warm-up begins at 0",
    file: "packages/steepest/src/core/schedules/warmup.ts",
    find: "count.add(1).div(Math.max(1, warmup))",
    replace: "count.div(Math.max(1, warmup))",
  },
  {
    what: "Kronecker factors take the wrong side",
    file: "packages/steepest/src/fisher/kronecker.ts",
    find: "next.right = mix(right, np.matmul(transposed.ref, gradient.ref))",
    replace: "next.right = mix(right, np.matmul(transposed.ref, gradient.ref.mul(2)))",
  },
  {
    what: "infinite gradients pass for large ones",
    file: "packages/steepest/src/transforms/limitRange.ts",
    find: "return np.clip(x, -LARGEST, LARGEST).add(nothing);",
    replace: "nothing.dispose();\n  return np.clip(x, -LARGEST, LARGEST);",
  },
  {
    what: "the null space of a gradient has no basis of its own",
    file: "packages/steepest/src/fisher/singularGram.ts",
    find: "return long.ref.add(ramp(long, range));",
    replace: "ramp(long, range).dispose();\n  return long;",
  },
  {
    what: "the rate of a method without AdamW is looked up at AdamW's",
    file: "packages/steepest/src/define/assign.ts",
    find: "  if (values[auxiliary] === undefined || !reads(auxiliary)) return",
    replace: "  if (!reads(auxiliary)) return",
  },
  {
    what: "a group's pattern fits every path",
    file: "packages/steepest/src/define/pathPattern.ts",
    find: "export function fitsPattern(pattern: string, path: string): boolean {",
    replace:
      "export function fitsPattern(pattern: string, path: string): boolean {\n  if (pattern !== path) return true;",
  },
  {
    what: "loops read what their level has not written yet",
    file: "packages/kernels/src/fuse/levels.ts",
    find: "return isComputed(source.node) ? levelOf(source.node) + 1 : 0;",
    replace: "return isComputed(source.node) ? levelOf(source.node) : 0;",
  },
  {
    what: "tiles of a reduction are joined without the last",
    file: "packages/kernels/src/fuse/joiningCall.ts",
    find: 'const dimensions = direction === "all" ? [tiles] : shape;',
    replace: 'const dimensions = direction === "all" ? [tiles - 1] : shape;',
  },
  {
    what: "confidence intervals are of 90 %",
    file: "packages/lab/src/compare/pairedTest.ts",
    find: "const CONFIDENCE = 0.95;",
    replace: "const CONFIDENCE = 0.9;",
  },
  {
    what: "Holm's correction counts one test too few",
    file: "packages/lab/src/compare/pairedTest.ts",
    find: "(ps.length - rank) * p",
    replace: "(ps.length - rank - 1) * p",
  },
  {
    what: "a best value at the upper end is no edge",
    file: "packages/lab/src/sweep/edges.ts",
    find: "(value !== least && value !== most)",
    replace: "value !== least",
  },
  {
    what: "a lock counts as stale at once",
    file: "packages/lab/src/files/folderLock.ts",
    find: "const STALE_MS = 300_000;",
    replace: "const STALE_MS = -1;",
  },
  {
    what: "a run's sample is drawn from ids that the tokenizer lacks",
    file: "packages/lab/src/run/finishRun.ts",
    find: "    knownTokens: tokenizer.vocabSize, // the model's table may have more rows\n",
    replace: "",
  },
  {
    what: "a summary has the loss of the first validation",
    file: "packages/lab/src/run/finishRun.ts",
    find: "valLoss: validation.at(-1)?.loss ?? Number.NaN",
    replace: "valLoss: validation.at(0)?.loss ?? Number.NaN",
  },
  {
    what: "escape sequences reach the terminal",
    file: "packages/lab/src/text/terminalText.ts",
    find: "(i % 2 === 1 ? part : printable(part))",
    replace: "(i % 2 === 1 ? part : part)",
  },
  {
    what: "every part of a batch is its first",
    file: "packages/lab/src/engine/accumulate.ts",
    find: "const [from, to] = [i * size, (i + 1) * size];",
    replace: "const [from, to] = [0, size];",
  },
  {
    what: "a sample takes one candidate too many",
    file: "packages/models/src/language/sampleToken.ts",
    find: "const kept = order.subarray(0, topK);",
    replace: "const kept = order.subarray(0, topK + 1);",
  },
  {
    what: "test data are trained on where there are validation data",
    file: "packages/models/src/data/splitFiles.ts",
    find: "? { train, validation, leftOut: test }",
    replace: "? { train: [...train, ...test], validation, leftOut: [] }",
  },
  {
    what: "an empty maximum is 0",
    file: "packages/onnx/src/lower/reduction.ts",
    find: "Max: (dtype) => SMALLEST[dtype] ?? Number.NEGATIVE_INFINITY,",
    replace: "Max: (dtype) => SMALLEST[dtype] ?? 0,",
  },
  {
    what: "a scaled norm is measured the wrong way round",
    file: "packages/steepest/src/norms/defineNorm.ts",
    find: "value: (x) => parts.value(x).div(scale),",
    replace: "value: (x) => parts.value(x).mul(scale),",
  },
];
