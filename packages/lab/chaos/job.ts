/** A small job of the command, and the command lines that begin it and go on with it. */
export interface Job {
  readonly name: string;
  readonly verb: "train" | "compare" | "sweep";
  readonly flags: readonly string[];
  /** Of a process that goes on with what is there. */
  readonly again?: readonly string[];
}

const text = "--width 16 --depth 1 --heads 2 --context 8 --batch 2 --eval-batches 1 --eval-every 5".split(
  " ",
);
const often = ["--steps", "30", "--checkpoint-every", "7"];

/** The jobs that are disturbed; `data` is a text. */
export function jobs(data: string): readonly Job[] {
  const language = [...text, "--data", data, ...often];
  const train = (name: string, ...flags: string[]): Job => ({ name, verb: "train", flags });
  const compare = (name: string, ...flags: string[]): Job => ({ name, verb: "compare", flags });
  return [
    train("muon on onnx", "--optimizer", "muon", ...language, "--sample-tokens", "5"),
    train("mano_v2 on jax", "--optimizer", "mano_v2", "--engine", "jax", ...language, "--sample-tokens", "0"),
    train("a problem", "--optimizer", "adamw", "--model", "quadratic", ...often, "--eval-every", "4"),
    compare("a comparison of texts", "adamw", "muon", ...language),
    {
      name: "a sweep of a problem",
      verb: "sweep",
      flags: [
        "sgd",
        "--over",
        "learningRate=0.01,0.03,0.1",
        "--parallel",
        "2",
        "--model",
        "quadratic",
        ...often,
      ],
    },
    compare("a comparison of problems", "sgd", "adamw", "--seeds", "0,1", "--model", "quadratic", ...often),
  ];
}

/** Runs made by several processes over MPI. */
export function rankJobs(data: string): readonly Job[] {
  const ranks = ["--ranks", "2"];
  const flags = [...text, "--data", data, ...often, "--sample-tokens", "0", ...ranks];
  return ["adamw", "muon"].map((optimizer) => ({
    name: `${optimizer} on two ranks`,
    verb: "train",
    flags: ["--optimizer", optimizer, ...flags],
    again: ranks,
  }));
}

/** The arguments of a process that begins the job in a folder, or goes on with what is there. */
export const argumentsOf = ({ verb, flags, again = [] }: Job, folder: string, resume: boolean): string[] =>
  resume ? [verb, "--resume", folder, ...retry[verb], ...again] : [verb, ...flags, "--out", folder];

/** A run that found the disk full has failed; a sweep makes it again where that is asked for. */
const retry: Readonly<Record<Job["verb"], readonly string[]>> = {
  train: [],
  compare: [],
  sweep: ["--retry", "failed"],
};

/** Whether there is something to go on with. */
export const markerOf = ({ verb }: Job): string => markers[verb];

const markers: Readonly<Record<Job["verb"], string>> = {
  train: "config.json",
  compare: "compare.json",
  sweep: "sweep.json",
};
