import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

import { LongestFirst } from "./test-support/longestFirst.ts";
import { peerTests } from "./test-support/peerTests.ts";
import { slowTests } from "./test-support/slowTests.ts";

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Files that need a process of their own: they measure its peak of memory, replace a module, or hold so much of it
 * (Fashion-MNIST) that collecting the garbage of all others with it takes longer than they do.
 */
const apart = [
  "packages/models/test/{dataFuzz,fashionMnist,imageFolder,loadData,parquet,textFuzz}.test.ts",
  "packages/onnx/test/cuts.test.ts",
  // TypeDoc holds the whole program.
  "packages/window/test/{docsSite,siteBlocks}.test.ts",
];

/** They share one browser, so one process: each start of it takes a second. */
const inBrowser = ["packages/window/test/browser/**/*.test.ts"];

/** What a run leaves out: all that starts other programs, unless it is `vitest --mode peers`; what is slow in `--mode quick`. */
const left = (mode: string): string[] =>
  mode === "peers" ? [] : [...peerTests, ...(mode === "quick" ? slowTests : [])];

const all = ["packages/*/test/**/*.test.ts", "bench/test/**/*.test.ts", "test/*.test.ts"];

export default defineConfig(({ mode }) => ({
  resolve: {
    alias: [
      { find: /^steepest$/, replacement: at("packages/steepest/src/index.ts") },
      { find: /^steepest\/node$/, replacement: at("packages/steepest/src/node.ts") },
      { find: /^steepest\/schedules$/, replacement: at("packages/steepest/src/core/schedules/index.ts") },
      { find: /^steepest\/(\w+)$/, replacement: at("packages/steepest/src/$1/index.ts") },
      { find: /^@steepest\/kernels$/, replacement: at("packages/kernels/src/index.ts") },
      { find: /^@steepest\/onnx$/, replacement: at("packages/onnx/src/index.ts") },
      { find: /^@steepest\/onnx\/export$/, replacement: at("packages/onnx/src/export/exportOnnxBytes.ts") },
      { find: /^@steepest\/models$/, replacement: at("packages/models/src/index.ts") },
      { find: /^@steepest\/models\/node$/, replacement: at("packages/models/src/node.ts") },
      { find: /^@steepest\/lab$/, replacement: at("packages/lab/src/index.ts") },
      { find: /^@steepest\/lab\/cli$/, replacement: at("packages/lab/src/cli.ts") },
      { find: /^@steepest\/lab\/(\w+)$/, replacement: at("packages/lab/src/$1/index.ts") },
      { find: /^@steepest\/bench$/, replacement: at("bench/src/index.ts") },
      { find: /^#test-support\//, replacement: at("test-support/") },
    ],
  },
  test: {
    setupFiles: ["test-support/setup.ts"],
    // Against tests that never end, not slow machines: no test depends on finishing within a time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ["default", "./test-support/claimsReporter.ts", "./test-support/skippedTable.ts"],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      // Files after one another in the same process: what they import, and what jax-js compiled, is there already.
      {
        extends: true,
        test: {
          name: "together",
          include: mode === "peers" ? peerTests.filter((path) => !inBrowser.includes(path)) : all,
          exclude: [...apart, ...inBrowser, ...left(mode)],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: inBrowser,
          exclude: left(mode),
          isolate: false,
          fileParallelism: false,
          sequence: { groupOrder: 1 }, // after the others: vitest asks it of one worker beside two
        },
      },
      { extends: true, test: { name: "apart", include: mode === "peers" ? [] : apart, exclude: left(mode) } },
    ],
  },
}));
