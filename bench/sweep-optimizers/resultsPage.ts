import { describeOptimizer } from "steepest";

import { bestTrials, isLong, type Measured } from "./bestTrials.ts";
import { auxiliaryLearningRate } from "./runTrial.ts";
import type { Trial } from "./trial.ts";

/** docs/results/all-optimizers.md. */
export function resultsPage(trials: readonly Trial[]): string {
  const { measured, missing } = bestTrials(trials);
  const parameters = trials[0]?.parameters ?? 0;
  return `# All optimizers on the default GPT

The job of \`npm start\` with 300 steps: GPT \`tiny\` (${parameters.toLocaleString("en-US")} parameters) on the characters of
*Moby Dick*, 16 × 64 characters a step, linear schedule with 20 steps of warm-up, ONNX engine with one thread. Validation loss
at the end in nats per character, seed 0; a model that knows nothing has ln 89 = 4.49. One seed: differences of a hundredth
are noise.

This is where learning rates come from, not a ranking: for that every method has the same budget, several seeds and two tasks, [ranking.md](ranking.md).

The learning rate is swept in powers of three: 75 steps with another seed at three rates or more, until the best has a worse
one on either side; from there 300 steps downwards until that makes it worse. All other options are the library's defaults, but
the AdamW that takes embeddings, head, gains and biases of a matrix method has ${auxiliaryLearningRate} everywhere. The column "rates tried" has
all of them, with those that diverged struck through. ms per step is processor time,
gradient included; optimizers that recompute a basis every K steps are averaged over them. State is floats per parameter.

Made by \`npx tsx bench/sweep-optimizers.ts\`, in about an hour. Bold rates are the ones reported.

| | optimizer | structure or norm | validation loss | learning rate | ms per step | state | rates tried |
| ---: | --- | --- | ---: | ---: | ---: | ---: | --- |
${measured.map(row).join("\n")}

${remarks}
${divergences(trials)}
${absences(missing)}`;
}

const remarks = `How much this says:

- The twelve whose defaults changed since (\`s3cg\`, \`adam_hyperball\`, \`muon_hyperball\`, \`muon_plus\`, \`swan\`, \`uscg\`, \`ucg\`, \`sd\`, \`ggnc\`, \`gluon\`, \`lion_k\`,
  \`almond\`) were measured again, in an hour in which the machine took 2.5 times as long: their ms are scaled by what \`muon\`, \`adamw\`, \`scion\`
  and \`mano_v2\` took then (27, 26, 29 and 30 ms) and take in this table. Losses do not depend on that.
- One small model, one seed and 300 steps: the order need not carry over to anything larger.
`;

function row({ optimizer, best, trials }: Measured, index: number): string {
  const geometry = describeOptimizer(optimizer).geometry.replaceAll("|", "\\|");
  return `| ${[
    index + 1,
    `[${optimizer}](../optimizers/${optimizer}.md)`,
    geometry,
    best.valLoss.toFixed(3),
    best.learningRate,
    best.msPerStep.toFixed(1),
    (best.stateFloats / best.parameters).toFixed(2),
    rates(trials, best.learningRate),
  ].join(" | ")} |`;
}

/** Nats per character of a model that knows nothing but the number of characters. */
const KNOWS_NOTHING = Math.log(89);

const hasDiverged = ({ valLoss }: Trial): boolean => valLoss === null || valLoss > KNOWS_NOTHING;

/** Every rate once, ascending. */
function rates(trials: readonly Trial[], chosen: number): string {
  const all = [...new Set(trials.map(({ learningRate }) => learningRate))].sort((a, b) => a - b);
  return all
    .map((rate) => {
      const diverged = trials.some((trial) => trial.learningRate === rate && hasDiverged(trial));
      return rate === chosen ? `**${rate}**` : diverged ? `~~${rate}~~` : String(rate);
    })
    .join(", ");
}

function divergences(trials: readonly Trial[]): string {
  const failed = trials.filter(hasDiverged);
  if (failed.length === 0) return "No run diverged.\n";
  const line = ({ optimizer, learningRate, steps, fault, valLoss }: Trial): string =>
    `- ${optimizer} at ${learningRate}, of ${steps} steps: ${fault ?? `ended at a loss of ${valLoss?.toFixed(1)}`}`;
  return [
    "## Runs that diverged",
    "",
    "Those that ended above ln 89, or at a loss or gradient that is not finite: then the engine undoes the step, and the run",
    "ends with a sentence.",
    "",
    ...failed.sort((a, b) => a.optimizer.localeCompare(b.optimizer)).map(line),
    "",
  ].join("\n");
}

function absences(missing: ReadonlyMap<string, string>): string {
  if (missing.size === 0) return "";
  const lines = [...missing].map(([name, why]) => {
    const { summary } = describeOptimizer(name);
    return `- ${name}, which ${why}. ${summary}`;
  });
  return ["## Not in the table", "", ...lines, ""].join("\n");
}

/** docs/results/all-optimizers.json: every optimizer with its best long run, and the loss at every rate. */
export function resultsJson(trials: readonly Trial[]): string {
  const entries = bestTrials(trials).measured.map(({ optimizer, best, trials: own }) => {
    const { learningRate, valLoss, msPerStep, stateFloats } = best;
    const tried = own.map((trial) => ({
      learningRate: trial.learningRate,
      steps: trial.steps,
      valLoss: trial.valLoss,
      ...(isLong(trial) ? {} : { seed: trial.seed }),
      ...(trial.fault !== undefined && { fault: trial.fault }),
    }));
    return ` ${JSON.stringify({ optimizer, learningRate, valLoss, msPerStep, stateFloats, tried })}`;
  });
  return `[\n${entries.join(",\n")}\n]\n`;
}

/** packages/lab/src/plan/rates/measurements.json: what the catalogue shows beside its formulas. */
export function measurementsJson(trials: readonly Trial[]): string {
  const { measured } = bestTrials(trials);
  const optimizers = Object.fromEntries(
    measured.map(({ optimizer, best: { learningRate, valLoss, msPerStep, stateFloats } }) => [
      optimizer,
      { learningRate, valLoss: round(valLoss, 4), msPerStep: round(msPerStep, 1), stateFloats },
    ]),
  );
  return `${JSON.stringify({ parameters: trials[0]?.parameters ?? 0, optimizers }, null, 2)}\n`;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
