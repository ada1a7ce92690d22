/**
 * A sweep of which workers, the server of the queue, or the sweep itself are killed at random moments. In the end every run has to have
 * the loss of an undisturbed sweep, and one line.
 *
 * usage: npm run chaos:queue -- [--victim worker|database|coordinator|sweep] [--server Redis] [--kills 20] [--runs 40] [--steps 2000] [--seed 1]
 * `coordinator` is a sweep with a queue, `sweep` one without. Prints what went wrong and ends with exit code 1; the folder stays.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptFlags } from "#test-support/scriptFlags.ts";
import { queueKinds } from "../test/support/queueServers.ts";
import { generator } from "./generator.ts";
import { killSweep, victims } from "./killSweep.ts";

const options = scriptFlags(
  "npm run chaos:queue -- [--victim worker|database|coordinator|sweep] [--server Redis] [--kills 20] [--runs 40] [--steps 2000] [--seed 1]",
  { victim: "worker", server: "Redis", kills: 20, runs: 40, steps: 2000, seed: 1 },
);
const victim = victims.find((one) => one === options.victim);
const kind = queueKinds.find(({ name }) => name === options.server);
if (victim === undefined || kind === undefined) {
  console.error(
    `--victim is of ${victims.join(", ")}; --server of ${queueKinds.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
if (!kind.isThere) {
  console.error(`${kind.name} is not there: ${kind.enabledBy}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "steepest-chaos-"));
const job = [
  "--model",
  "rosenbrock",
  "--steps",
  String(options.steps),
  "--checkpoint-every",
  "100",
  "--eval-every",
  "500",
];
const over = ["--over", `learningRate=1e-5..1e-3:${options.runs}`, "--extend", "0"];
const common = {
  folder: join(folder, "sweep"),
  flags: ["sgd", ...job, ...over],
  workers: 3,
  say: console.log,
};
const server = victim === "sweep" ? undefined : await kind.begin();
try {
  const random = generator(options.seed);
  const killed = await killSweep({ ...common, victim, server, kills: options.kills, random });
  const alone = {
    ...common,
    folder: join(folder, "alone"),
    victim: "sweep",
    server: undefined,
    kills: 0,
  } as const;
  const { losses } = await killSweep({ ...alone, random });
  const wrong = [...killed.wrong];
  for (const [id, loss] of losses)
    if (killed.losses.get(id) !== loss) wrong.push(`${id}: ${killed.losses.get(id)}, not ${loss}`);
  for (const sentence of wrong) console.log(sentence);
  console.log(
    `${victim}, ${server === undefined ? "no queue" : kind.name}: ${killed.kills} kills, ${killed.losses.size} of ${losses.size} runs, ` +
      (wrong.length === 0 ? "as undisturbed" : `WRONG; folder: ${folder}`),
  );
  if (wrong.length === 0) rmSync(folder, { recursive: true, force: true });
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await server?.remove();
}
