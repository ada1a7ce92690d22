/**
 * The sweep behind the default job's learning rates: every optimizer at several settings, one seed that no
 * reported run uses. Prints a line per run and writes docs/results/default-learning-rates.{json,md}; a setting
 * that is in the JSON file already is not run again (delete the file to start anew).
 *
 *   npx tsx bench/sweep-defaults.ts
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import "steepest/node";
import type { JsonOptions } from "@steepest/lab";

const { NonFiniteLossError, resolvePlan, trainRun } = await import("@steepest/lab");

const seed = 100;
const doubling = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((first * 2 ** i).toPrecision(3)));

/** The options tried, by optimizer. The AdamW inside a method has a rate of its own, which matters as much. */
const grids: Readonly<Record<string, readonly JsonOptions[]>> = {
  adamw: doubling(0.002, 6).map((learningRate) => ({ learningRate })),
  muon: doubling(0.005, 6).flatMap((auxiliaryLearningRate) =>
    doubling(0.01, 5).map((learningRate) => ({ learningRate, auxiliaryLearningRate })),
  ),
  scion: doubling(0.0025, 6).map((learningRate) => ({ learningRate })),
  // `same` is the recipe's own default: AdamW steps at the rate of Mano itself.
  mano_v2: ["same", 0.04, 0.08].flatMap((auxiliaryLearningRate) =>
    doubling(0.002, 6)
      .filter((rate) => auxiliaryLearningRate === "same" || (rate >= 0.008 && rate <= 0.032))
      .map((learningRate) => ({ learningRate, auxiliaryLearningRate })),
  ),
};

interface Row {
  readonly optimizer: string;
  readonly options: JsonOptions;
  /** Null where the run diverged. */
  readonly loss: number | null;
}

const file = fileURLToPath(new URL("../docs/results/default-learning-rates.json", import.meta.url));
const known = JSON.parse(await readFile(file, "utf8").catch(() => "[]")) as Row[];
const rows: Row[] = [];
for (const [optimizer, settings] of Object.entries(grids)) {
  for (const options of settings) {
    const same = (row: Row): boolean =>
      row.optimizer === optimizer && JSON.stringify(row.options) === JSON.stringify(options);
    rows.push(known.find(same) ?? { optimizer, options, loss: await finalLoss(optimizer, options) });
    await writeFile(
      file,
      `${JSON.stringify([...rows, ...known.filter((row) => !rows.includes(row))], null, 1)}\n`,
    );
  }
}
await writeFile(file.replace(/json$/, "md"), page());

async function finalLoss(optimizer: string, options: JsonOptions): Promise<number | null> {
  const out = await mkdtemp(join(tmpdir(), "sweep-"));
  const plan = resolvePlan({
    optimizer,
    optimizerOptions: options,
    seed,
    sampleTokens: 0,
    checkpointEvery: 0,
  });
  try {
    const { valLoss } = await trainRun(plan, { out: join(out, "run") });
    console.log(optimizer, JSON.stringify(options), valLoss.toFixed(4));
    return valLoss;
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
    console.log(optimizer, JSON.stringify(options), "diverged");
    return null;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

function page(): string {
  const sections = Object.keys(grids).map((optimizer) => {
    const own = rows.filter((row) => row.optimizer === optimizer);
    const best = Math.min(...own.map(({ loss }) => loss ?? Number.POSITIVE_INFINITY));
    const keys = Object.keys(own[0]?.options ?? {});
    const line = ({ options, loss }: Row): string => {
      const shown = loss === null ? "diverged" : loss.toFixed(4);
      return `| ${keys.map((key) => options[key]).join(" | ")} | ${loss === best ? `**${shown}**` : shown} |`;
    };
    return [
      `## ${optimizer}\n`,
      `| ${keys.join(" | ")} | validation loss |`,
      `| ${keys.map(() => "---:").join(" | ")} | ---: |`,
      ...own.map(line),
      "",
    ].join("\n");
  });
  return `# Learning rates of the default job

The job of \`npm start\` (GPT \`tiny\` on the characters of *Moby Dick*, 500 steps of 16 × 64 characters), one run for each
setting, seed ${seed}; the runs that are reported elsewhere have other seeds. Validation loss at the end, in nats per
character. The best setting of each optimizer is its default in \`packages/lab/src/defaults\`.
Made by \`npx tsx bench/sweep-defaults.ts\`.

${sections.join("\n")}`;
}
