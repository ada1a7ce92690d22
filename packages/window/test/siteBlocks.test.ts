import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";

import { docstringExamples } from "../../../packaging/docstringExamples.ts";
import { packages, root } from "../../../packaging/packages.ts";
import { shellCommands } from "../../../packaging/shellCommands.ts";
import { siteBlocks } from "../../../packaging/siteBlocks.ts";
import { readContenderArguments } from "../../lab/src/commands/contenderArguments.ts";
import { verbs } from "../../lab/src/commands/verbs.ts";
import { defaultJob } from "../../lab/src/plan/defaultJob.ts";
import { ownFlags, readOwnFlags } from "../../lab/src/plan/ownFlags.ts";
import { parsePlanInput } from "../../lab/src/plan/planInput.ts";
import { readPlanFlags } from "../../lab/src/plan/readPlanFlags.ts";
import { planOptimizer, resolvePlan } from "../../lab/src/plan/resolvePlan.ts";
import { parseAxis } from "../../lab/src/sweep/axis.ts";
import { addVerbs } from "../../lab/src/text/verb.ts";
import { apiSources } from "../site/apiSources.ts";
import { renderSite } from "../site/buildSite.ts";
import { writtenSources } from "../site/siteSource.ts";

const blocks = siteBlocks();
const commands = blocks
  .filter(({ use }) => use === "command")
  .flatMap(({ path, code }) => shellCommands(code).map((words) => ({ path, words })));

/** Reads a command line of `steepest` as the command does, up to where it would begin. Throws what it would say. */
async function readCommandLine(argv: readonly string[]): Promise<void> {
  const io = { out() {}, err() {}, interactive: false, signal: new AbortController().signal, listen() {} };
  const program = new Command("steepest");
  await addVerbs(program, verbs, argv, io);
  let asked: Command | undefined;
  const quieten = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: () => {}, writeErr: () => {} });
    command.action(() => {
      asked = command;
    });
    command.commands.forEach(quieten);
  };
  program.commands.forEach(quieten);
  await program.parseAsync([...argv], { from: "user" });
  if (asked === undefined || asked.commands.length > 0)
    throw new Error(`no such command: steepest ${argv.join(" ")}`);
  if (["train", "compare", "sweep"].includes(asked.name()) && asked.parent === program) readJob(asked);
}

function readJob(command: Command): void {
  const flags = command.opts<{ resume?: string; weights?: string; optimizer?: string; over?: string[] }>();
  if (flags.resume !== undefined || /^(status|pause|unpause|cancel)$/.test(command.args[0] ?? "")) return;
  const { weights, ...here } = command.opts(); // a folder that is not here
  const inputs = readPlanFlags(here);
  if (command.name() !== "train") {
    const { contenders } = readContenderArguments(command, inputs);
    expect(contenders.length).toBeGreaterThan(0);
    for (const axis of flags.over ?? []) parseAxis(axis);
    return;
  }
  const named = parsePlanInput(flags.optimizer === undefined ? {} : { optimizer: flags.optimizer }, "");
  const model = inputs.findLast((input) => input.model !== undefined)?.model ?? defaultJob.model;
  const own = readOwnFlags(
    command.args,
    ownFlags(command, flags.optimizer ?? defaultJob.optimizer, model),
    command,
  );
  planOptimizer(resolvePlan(...inputs, named, own));
}

/** The scripts that `npm run` knows where a page stands. */
function scriptsFor(path: string): string[] {
  const folder = path.startsWith("examples/") ? dirname(path) : ".";
  const { scripts } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    scripts?: object;
  };
  return Object.keys(scripts ?? {});
}
/** Programs of others: what they are told is theirs to check. */
const foreign = ["apt-get", "sbatch", "zcat", "chrt", "python3"];

/** Checks one command of the docs; throws where it could not be given like that. */
async function checkCommand([first = "", ...rest]: readonly string[], path = "README.md"): Promise<void> {
  if (first === "npx") return checkCommand(rest, path);
  if (first === "steepest") return readCommandLine(rest);
  if (first === "mpirun") {
    const at = rest.findIndex((word) => word === "steepest" || word === "node");
    return checkCommand(rest.slice(at), path);
  }
  if (first === "npm" && rest[0] === "run") return expect(scriptsFor(path)).toContain(rest[1]);
  if (first === "npm" && rest[0] === "install") {
    const known = [...packages.map(({ name }) => name), "@jax-js/jax"];
    for (const name of rest.slice(1).filter((word) => !word.startsWith("-"))) expect(known).toContain(name);
    return;
  }
  if (first === "npm" && ["ci", "test", "start"].includes(rest[0] ?? "")) return;
  if (["tsx", "vitest", "node"].includes(first)) {
    const file = rest.find((word) => word.endsWith(".ts"));
    expect(file !== undefined && existsSync(join(root, file)), `${first} ${rest.join(" ")}`).toBe(true);
    return;
  }
  if (!foreign.includes(first)) throw new Error(`nothing checks "${[first, ...rest].join(" ")}"`);
}

describe("blocks of code of the docs", () => {
  test("each is run, compiled, read as a command line, or no code", () => {
    const count = (use: string): number => blocks.filter((block) => block.use === use).length;
    expect(count("run")).toBeGreaterThan(100);
    expect(count("browser")).toBeGreaterThan(4);
    expect(count("part")).toBe(1);
    expect(count("command")).toBeGreaterThan(20);
    expect(new Set(blocks.map(({ name }) => name)).size).toBe(blocks.length);
    for (const { use, code, path } of blocks) if (use === "run") expect(code, path).toMatch(/^import /m);
  });

  test.each(commands)("$path: $words", async ({ words, path }) => {
    await checkCommand(words, path);
  });

  test("a command line with a mistake is found", async () => {
    for (const line of [
      "npx steepest train --optimiser muon",
      "npx steepest train --optimizer muon --momentum 2",
      "steepest compare adamw mon",
      "npx steepest swep muon",
      "npx steepest sweep muon --over learningRate=",
      "npx steepest runs --srt valLoss",
      "npx steepest bench engin",
      "npm run nothing",
      "npm install steepset",
      "npx tsx bench/nothing.ts",
      "curl example",
    ])
      await expect(checkCommand(shellCommands(line)[0] ?? []), line).rejects.toThrow(/./);
  });

  test("examples in the docs of functions are known, and so are all other blocks of the API: declarations", async () => {
    const examples = docstringExamples();
    expect(examples.length).toBeGreaterThan(100);
    const sources = [...writtenSources(), ...(await apiSources())];
    expect(renderSite(sources).pages.length).toBe(sources.length);
    const text = sources.filter(({ path }) => path.startsWith("api/")).map(({ markdown }) => markdown);
    const shown = text.flatMap((page) =>
      [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code),
    );
    const code = shown.filter((block) =>
      /^(import |const \w+ = |await |let |createOptimizer\(|test\()/.test(block),
    );
    for (const block of code)
      expect(
        examples.some((example) => example.code.includes(block)),
        block,
      ).toBe(true);
  });
});

test("lines of a shell are read with quotes, comments and lines that go on", () => {
  expect(shellCommands("a 'b c' --d=\"e f\" # g\n# only said\nh \\\n  i && j\n")).toEqual([
    ["a", "b c", "--d=e f"],
    ["h", "i"],
    ["j"],
  ]);
});
