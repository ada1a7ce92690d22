/**
 * Finds the learning rates of the default job: for every optimizer the validation loss over a ladder of rates
 * (1, 2, 5, 10, …), seed 0; the ladder is extended while the best one is at its end. Where the recipe has an
 * auxiliary rate of its own, that follows, and then the main one again. The winner is run with further seeds.
 *
 *   npx tsx bench/sweep-defaults.ts                       all optimizers, into docs/results/default-learning-rates.md
 *   npx tsx bench/sweep-defaults.ts adamw muon --steps 200 --seeds 1 --out /tmp/rates.md
 *
 * Every run's result is kept in runs/sweep-defaults.jsonl, and a run that is there is not made again.
 */
import "steepest/node";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

const { describeOptimizer, optimizerNames } = await import("steepest");
const { NonFiniteLossError, resolvePlan, trainRun } = await import("../packages/lab/src/index.ts");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string" },
    seeds: { type: "string", default: "3" },
    model: { type: "string" },
    out: { type: "string", default: "docs/results/default-learning-rates.md" },
    cache: { type: "string", default: "runs/sweep-defaults.jsonl" },
  },
});

type Options = Readonly<Record<string, number>>;
/** `loss` is null where the run diverged. */
type Outcome = { readonly key: string; readonly loss: number | null };

const cache = new Map<string, number>();
if (existsSync(values.cache)) {
  for (const line of readFileSync(values.cache, "utf8").trimEnd().split("\n")) {
    const { key, loss } = JSON.parse(line) as Outcome;
    cache.set(key, loss ?? Number.POSITIVE_INFINITY);
  }
}
mkdirSync(dirname(values.cache), { recursive: true });

/** The final validation loss, infinite where the run diverged. */
async function lossOf(optimizer: string, optimizerOptions: Options, seed: number): Promise<number> {
  const plan = resolvePlan({
    optimizer,
    optimizerOptions,
    seed,
    ...(values.steps !== undefined && { steps: Number(values.steps) }),
    ...(values.model !== undefined && { model: values.model }),
    evalEvery: 1_000_000, // at the start and at the end
    checkpointEvery: 0,
    sampleTokens: 0,
  });
  const key = JSON.stringify(plan);
  const known = cache.get(key);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), "steepest-sweep-"));
  const began = performance.now();
  let loss = Number.POSITIVE_INFINITY;
  try {
    loss = (await trainRun(plan, { out: join(folder, "run") })).valLoss;
  } catch (error) {
    if (!(error instanceof NonFiniteLossError)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const outcome: Outcome = { key, loss: Number.isFinite(loss) ? loss : null };
  appendFileSync(values.cache, `${JSON.stringify(outcome)}\n`);
  cache.set(key, loss);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.error(
    `${optimizer} ${JSON.stringify(optimizerOptions)} seed ${seed}: ${loss.toFixed(4)} (${seconds} s)`,
  );
  return loss;
}

/** The ladder 1, 2, 5, 10, …: rung 0 is 1, rung −3 is 0.1. */
const rung = (index: number): number =>
  Number(`${[1, 2, 5][((index % 3) + 3) % 3]}e${Math.floor(index / 3)}`);
const nearestRung = (value: number): number => Math.round(3 * Math.log10(value));

interface Sweep {
  readonly option: string;
  readonly tried: ReadonlyMap<number, number>;
  readonly best: number;
}

async function sweep(optimizer: string, option: string, initial: number, others: Options): Promise<Sweep> {
  const middle = nearestRung(initial);
  const tried = new Map<number, number>();
  const attempt = async (index: number): Promise<void> => {
    if (!tried.has(index)) tried.set(index, await lossOf(optimizer, { ...others, [option]: rung(index) }, 0));
  };
  for (const offset of [0, -1, 1, -2, 2]) await attempt(middle + offset);
  for (let extensions = 0; ; extensions++) {
    const [best = middle] = [...tried].sort(([, a], [, b]) => a - b)[0] ?? [];
    const indices = [...tried.keys()];
    const [low, high] = [Math.min(...indices), Math.max(...indices)];
    if ((best > low && best < high) || extensions === 12) {
      const ascending = [...tried].sort(([a], [b]) => a - b);
      return {
        option,
        best: rung(best),
        tried: new Map(ascending.map(([index, loss]) => [rung(index), loss])),
      };
    }
    await attempt(best === low ? low - 1 : high + 1);
  }
}

const show = (loss: number): string => (Number.isFinite(loss) ? loss.toFixed(4) : "diverged");
const chosen: Record<string, Options> = {};
const rows: string[] = [];
const tables: string[] = [];
for (const name of positionals.length > 0 ? positionals : optimizerNames()) {
  const { options } = describeOptimizer(name);
  let best: Options = {};
  const isRate = (option: string): boolean => Number(options[option]?.default) > 0;
  // The best main rate depends on the auxiliary one, so it has a second turn.
  const turns = isRate("auxiliaryLearningRate")
    ? ["learningRate", "auxiliaryLearningRate", "learningRate"]
    : ["learningRate"];
  for (const option of turns.filter(isRate)) {
    const initial = best[option] ?? Number(options[option]?.default);
    const result = await sweep(name, option, initial, best);
    best = { ...best, [option]: result.best };
    const cells = [...result.tried].map(([value, loss]) => {
      const text = `${value}: ${show(loss)}`;
      return value === result.best ? `**${text}**` : text;
    });
    tables.push(`| ${name} | ${option} | ${cells.join(", ")} |`);
  }
  chosen[name] = best;
  const losses: number[] = [];
  for (let seed = 0; seed < Number(values.seeds); seed++) losses.push(await lossOf(name, best, seed));
  const settings = Object.entries(best).map(([option, value]) => `${option} ${value}`);
  rows.push(`| ${name} | ${settings.join(", ") || "its defaults"} | ${losses.map(show).join(", ")} |`);
}

const job = resolvePlan({
  ...(values.steps !== undefined && { steps: Number(values.steps) }),
  ...(values.model !== undefined && { model: values.model }),
});
const page = `# Learning rates of the default job

Made by \`npx tsx bench/sweep-defaults.ts\`. The job: model ${job.model}, ${job.steps} steps of ${job.batch} sequences, schedule
${job.schedule} with ${job.warmup} steps of warm-up, the default text. A number is the validation loss in nats per token after
the last step. Rates are tried on a ladder with seed 0, which goes on until the best one is inside; the winner is
run with ${values.seeds} seed${values.seeds === "1" ? "" : "s"}.

| optimizer | chosen | validation loss, seeds 0, 1, … |
| --- | --- | --- |
${rows.join("\n")}

## Everything tried

| optimizer | option | value: validation loss |
| --- | --- | --- |
${tables.join("\n")}
`;
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, page);
console.log(`wrote ${values.out}; for packages/lab/src/defaults/defaultOptions.ts:`);
console.log(JSON.stringify(chosen, null, 2));
