import type { Verb } from "@steepest/lab/text";

/** What `steepest bench` measures, a command each. */
export const measurements: readonly Verb[] = [
  {
    name: "engine",
    usage: "[options]",
    description: "The engines side by side: loss and gradients of a GPT, and a step of AdamW",
    load: async () => (await import("./commands/benchEngine.ts")).benchEngineCommand,
  },
  {
    name: "matrix",
    usage: "[options]",
    description: "Time and error of the matrix routines over sizes, aspect ratios and condition numbers",
    load: async () => (await import("./commands/benchMatrix.ts")).benchMatrixCommand,
  },
  {
    name: "optimizer",
    usage: "[options] [NAME...]",
    description: "Time of one update of every optimizer, beside PyTorch and what the machine allows",
    load: async () => (await import("./commands/benchOptimizer.ts")).benchOptimizerCommand,
  },
];
