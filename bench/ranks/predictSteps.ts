/**
 * Measures the parts of a step and whole steps of 1, 2 and 4 ranks in turns, and prints what `predictStep` makes of the parts beside what was
 * measured: `npx tsx bench/ranks/predictSteps.ts muon 256 4 [rounds] [cores]`. Parts are those of one process and, for the wire, of messages
 * alone; whole steps take no part in the prediction. Needs Open MPI; the machine should be idle, and the script says how far its rounds
 * lay apart.
 */
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { gpt } from "@steepest/models";

import { predictStep, type StepParts } from "./predictStep.ts";

const [optimizer = "muon", width = "256", depth = "4", rounds = "3", cores = String(cpus().length)] =
  process.argv.slice(2);
const SEQUENCES = 8;
const RANKS = [1, 2, 4];

const { parameterCount } = gpt({
  ...{ vocabSize: 96, context: 64, width: Number(width), depth: Number(depth) },
  heads: Math.max(1, Number(width) / 64),
});

type Numbers = Readonly<Record<string, number>>;

/** A line of JSON of a script, by so many ranks. */
function measured(ranks: number, file: string, ...rest: readonly (string | number)[]): Numbers {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const node = [process.execPath, "--import", "tsx", script, ...rest.map(String)];
  const mpi = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", String(ranks)];
  const [command = "", ...flags] = ranks === 1 ? node : [...mpi, ...node];
  const { stdout, stderr, status } = spawnSync(command, flags, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.trim()) as Numbers;
}
const stepsOf = (ranks: number, sequences: number): Numbers =>
  measured(ranks, "measureRanks.ts", optimizer, width, depth, 12, 1, sequences);

const seen = new Map<string, number[]>();
const note = (name: string, value: number | undefined): void => {
  if (value !== undefined) seen.set(name, [...(seen.get(name) ?? []), value]);
};
for (let round = 0; round < Number(rounds); round++) {
  for (const ranks of RANKS) {
    const alone = stepsOf(1, SEQUENCES / ranks);
    note(`gradients ${SEQUENCES / ranks}`, alone.gradientsCpu);
    note("update", alone.updateCpu);
    note("rest", (alone.stepCpu ?? 0) - (alone.gradientsCpu ?? 0) - (alone.updateCpu ?? 0));
    if (ranks > 1) note(`wire ${ranks}`, measured(ranks, "measureWire.ts", parameterCount, 20).wire);
  }
  for (const ranks of RANKS) {
    const whole = stepsOf(ranks, SEQUENCES / ranks);
    note(`step ${ranks}`, whole.step);
    note(`compute ${ranks}`, (whole.gradientsCpu ?? 0) + (whole.updateCpu ?? 0));
  }
}
const least = (name: string): number => Math.min(...(seen.get(name) ?? [0]));
const spread = (name: string): string => {
  const all = seen.get(name) ?? [];
  return `${Math.round(100 * (Math.max(...all) / Math.min(...all) - 1))} %`;
};
const parts: StepParts = {
  gradients: (sequences) => least(`gradients ${sequences}`),
  update: least("update"),
  rest: Math.max(0, least("rest")),
  share: (ranks) => 1 / ranks, // more equal matrices than ranks
  wire: (ranks) => (ranks === 1 ? 0 : least(`wire ${ranks}`)),
};
console.log(
  `${optimizer}, width ${width}, depth ${depth}, ${parameterCount.toLocaleString("en")} parameters, ${SEQUENCES} sequences of 64, ${cores} cores`,
);
console.log("| ranks | predicted, ms | measured, ms | predicted/measured | compute alone | rounds apart |");
console.log("| ---: | ---: | ---: | ---: | ---: | ---: |");
for (const ranks of RANKS) {
  const place = { ranks, sequences: SEQUENCES, cores: Number(cores), ranksOfMachine: ranks };
  const predicted = predictStep(parts, place);
  const compute = parts.gradients(SEQUENCES / ranks) + parts.update * parts.share(ranks);
  const [step, own] = [least(`step ${ranks}`), least(`compute ${ranks}`)];
  const row = [ranks, predicted.toFixed(0), step.toFixed(0), (predicted / step).toFixed(2)];
  console.log(`| ${[...row, (compute / own).toFixed(2), spread(`step ${ranks}`)].join(" | ")} |`);
}
console.log(JSON.stringify(Object.fromEntries(seen)));
