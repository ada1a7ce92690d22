import type { Verb } from "../text/verb.ts";
import { withThreads } from "./withThreads.ts";

/** Every command of `steepest`, in the order of its help. */
export const verbs: readonly Verb[] = [
  {
    name: "train",
    usage: "[options]",
    description: "Train a model with one optimizer, into a run folder",
    load: async () => (await withThreads(() => import("./train.ts"))).trainCommand,
  },
  {
    name: "compare",
    usage: "[options] NAME...",
    description: "Train the same model on the same data with several optimizers",
    load: async () => (await import("./compare.ts")).compareCommand,
  },
  {
    name: "sweep",
    usage: "[options] NAME...",
    description: "Search for the best settings: rates, decay, widths, batches",
    load: async () => (await import("./sweep.ts")).sweepCommand,
  },
  {
    name: "reproduce",
    usage: "[options] [NAME]",
    description: "Put claims of the papers to the test",
    load: async () => (await import("./reproduce.ts")).reproduceCommand,
  },
  {
    name: "worker",
    usage: "[options]",
    description: "Make the runs that sweeps hand to a queue, on this machine",
    load: async () => (await import("./worker.ts")).workerCommand,
  },
  {
    name: "serve",
    usage: "[options] [DIR...]",
    description: "Show runs in a browser as they go, and pages to try optimizers",
    load: async () => (await import("./serve.ts")).serveCommand,
  },
  {
    name: "runs",
    usage: "[options] [DIR...]",
    description: "List the runs that are there, filter, sort and compare their settings",
    load: async () => (await import("./runs.ts")).runsCommand,
  },
  {
    name: "query",
    usage: "[options] SQL [DIR...]",
    description: "Ask runs and their metrics in SQL, or write them as CSV or Parquet",
    load: async () => (await import("./query.ts")).queryCommand,
  },
  {
    name: "report",
    usage: "[options] DIR...",
    description: "Report on runs and comparisons that are there, one or several",
    load: async () => (await import("./report.ts")).reportCommand,
  },
  {
    name: "generate",
    usage: "[options] [FOLDER]",
    description: "Let a trained language model go on with a text",
    load: async () => (await import("./generate.ts")).generateCommand,
  },
  {
    name: "evaluate",
    usage: "[options] [RUN_DIR]",
    description: "Score a trained model on its own data or on others",
    load: async () => (await import("./evaluate.ts")).evaluateCommand,
  },
  {
    name: "optimizers",
    usage: "[options] [NAME]",
    description: "List the optimizers, or show one",
    load: async () => (await import("./optimizers.ts")).optimizersCommand,
  },
  {
    name: "export",
    usage: "[options] [RUN_DIR]",
    description:
      "Write the model and the training step of a run as ONNX files, or its weights for other programs",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "bench",
    usage: "[WHAT]",
    description: "Measure how fast engines, matrix routines and optimizers are on this machine",
    load: async () => (await import("./bench.ts")).benchCommand,
  },
  {
    name: "replay",
    usage: "[options] [file...]",
    description: "Replay recorded trajectories and compare every step",
    load: async () => (await import("./replay.ts")).replayCommand,
  },
];
