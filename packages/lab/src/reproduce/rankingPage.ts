import { describeOptimizer, type OptimizerName } from "steepest";

import type { TunedOutcome } from "./protocol.ts";
import { besideBest, floatsOf, lossOf } from "./rankMethods.ts";
import { meanOf, short } from "./statistics.ts";

/** A task on which all methods were compared under the protocol. */
export interface RankedTask {
  /** `text`. */
  readonly name: string;
  /** A sentence: model, data, steps. */
  readonly job: string;
  /** The page of the claim, from docs/results. */
  readonly page: string;
  readonly outcomes: readonly TunedOutcome[];
}

interface Row {
  readonly label: string;
  /** By task; the first is 1. */
  readonly places: readonly number[];
  readonly mean: number;
}

/** Every method on every task, in the order of their mean place. */
export function rankingPage(tasks: readonly RankedTask[]): string {
  const rows = rowsOf(tasks);
  const ties = tasks.map(({ outcomes }) => besideBest(ranked(outcomes)));
  const everywhere = rows.filter(({ label }) => ties.every((tied) => tied.has(label)));
  const [first, second] = tasks.map((_, task) => rows.map(({ places }) => places[task] ?? Number.NaN));
  const agreement = first === undefined || second === undefined ? Number.NaN : correlation(first, second);
  const cells = tasks.map(({ name }) => `${name}: place | loss`).join(" | ");
  return `# All optimizers on ${tasks.map(({ name }) => name).join(" and ")}

Every method of the catalogue under [the protocol](../protocol.md): the same budget of trials over its learning rate and what else it has (the rate of the AdamW
beside a matrix method, or weight decay), three fresh seeds for the verdict, steps fixed beforehand. A range whose best value is its last goes on, by one value on text, by
up to four on images.

${tasks.map(({ name, job, page }) => `- **${name}**: ${job} ([settings, intervals, figure](${page}))`).join("\n")}

In the order of their mean place. ●: on this task it cannot be told from the first (95 %, paired by seed, without correction for ${rows.length} methods). ${
    everywhere.length === 0
      ? "No method is in that group on every task."
      : `On every task: ${everywhere.map(({ label }) => link(label)).join(", ")}.`
  }

The places on the two tasks agree with a rank
correlation of ${agreement.toFixed(2)} (Spearman; 1: the same order, 0: none): ${agreement < 0.5 ? "what leads on one says little of the other" : "what leads on one tends to lead on the other, and not more than that"}. Models are of a hundred thousand parameters and runs of
150 steps; the order at another scale is another question.

| | method | family | ${cells} | state, floats a parameter |
| ---: | --- | --- | ${tasks.map(() => "---: | ---:").join(" | ")} | ---: |
${rows
  .map(({ label, places }, i) => {
    const own = tasks.map(({ outcomes }) => outcomes.find((one) => one.label === label));
    const told = own.map((one, task) =>
      one === undefined || !Number.isFinite(lossOf(one))
        ? "– | diverged"
        : `${places[task]}${ties[task]?.has(label) ? " ●" : ""} | ${short(lossOf(one))}`,
    );
    const state = own[0] === undefined ? "–" : short(floatsOf(own[0]));
    return `| ${i + 1} | ${link(label)} | ${describeOptimizer(label as OptimizerName).family} | ${told.join(" | ")} | ${state} |`;
  })
  .join("\n")}

Made by \`npm run docs\` from the data of the claims. The sweep that the learning rates came from, one seed and one swept option: [all-optimizers.md](all-optimizers.md).
`;
}

const link = (label: string): string => `[${label}](../optimizers/${label}.md)`;

const ranked = (outcomes: readonly TunedOutcome[]): TunedOutcome[] =>
  [...outcomes].sort((a, b) => lossOf(a) - lossOf(b) || (a.label < b.label ? -1 : 1));

function rowsOf(tasks: readonly RankedTask[]): Row[] {
  const orders = tasks.map(({ outcomes }) => ranked(outcomes).map(({ label }) => label));
  const labels = orders[0] ?? [];
  return labels
    .map((label): Row => {
      const places = orders.map((order) => order.indexOf(label) + 1);
      return { label, places, mean: meanOf(places) };
    })
    .sort((a, b) => a.mean - b.mean || (a.label < b.label ? -1 : 1));
}

/** Pearson's, which of places is Spearman's. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [meanOf(a), meanOf(b)];
  const sum = (of: (x: number, y: number) => number): number =>
    a.reduce((total, x, i) => total + of(x - ma, (b[i] ?? Number.NaN) - mb), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}
