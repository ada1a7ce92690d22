import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { skipUnless } from "#test-support/skipUnless.ts";

import { bin, cli, microFlags, temporaryFolder } from "./support/microRun.ts";

/** DIR stands for a temporary folder. `says` is the whole sentence after "error: ". */
const cases: readonly { args: string; code: 1 | 2; says: string | RegExp }[] = [
  {
    args: "trian",
    code: 2,
    says: /^steepest has no command "trian" \(did you mean "train"\?\); commands are .*train/,
  },
  {
    args: "train --optimizer moun",
    code: 2,
    says: /^there is no optimizer "moun" \(did you mean "muon"\?\); optimizerNames\(\), .* lists all \d+$/,
  },
  {
    args: "train --learing-rate 0.1",
    code: 2,
    says: 'steepest train has no flag --learing-rate (did you mean "--learning-rate"?); see steepest train --help',
  },
  {
    args: "train --stesp=5",
    code: 2,
    says: 'steepest train has no flag --stesp (did you mean "--steps"?); see steepest train --help',
  },
  {
    args: "train --dropout 0.1",
    code: 2,
    says: /^steepest train has no flag --dropout: the models here have none; weight decay/,
  },
  {
    args: "train --learning-rate -1",
    code: 2,
    says: /^muon: learningRate must be ≥ 0.*, got -1 /,
  },
  { args: "train --learning-rate fast", code: 2, says: /^muon: learningRate must be ≥ 0.*, got "fast"/ },
  { args: "train --learning-rate", code: 2, says: /^--learning-rate needs a value/ },
  { args: "train --momentum 1", code: 2, says: /^muon: momentum must be \[0, 1\), got 1 / },
  {
    args: "train --nesterov maybe",
    code: 2,
    says: 'steepest train does not know what to do with "maybe"; see --help',
  },
  { args: "train --steps 0", code: 2, says: "--steps must be a whole number ≥ 1, got 0" },
  { args: "train --steps 1e400", code: 2, says: /^--steps must be a whole number ≥ 1/ },
  { args: "train --steps many", code: 2, says: '--steps must be a whole number ≥ 1, got "many"' },
  { args: "train --out DIR/run --steps", code: 2, says: "option '--steps <N>' argument missing" },
  { args: "train --seed -3", code: 2, says: "--seed must be a whole number ≥ 0, got -3" },
  { args: "train --clip 0", code: 2, says: "--clip must be a number > 0, got 0" },
  {
    args: "train --warmup 9 --steps 5",
    code: 2,
    says: "warmup 9 is longer than the run of 5 steps: shorten it",
  },
  {
    args: "train --schedule cosin",
    code: 2,
    says: '--schedule must be one of constant, linear, cosine, wsd, inverse-sqrt, got "cosin" (did you mean "cosine"?)',
  },
  { args: "train --model tny", code: 2, says: /^there is no model "tny" \(did you mean "tiny"\?\)/ },
  { args: "train --width 10", code: 2, says: /^heads must divide width/ },
  {
    args: "train muon",
    code: 2,
    says: 'steepest train does not know what to do with "muon" (did you mean "--optimizer muon"?); see --help',
  },
  {
    args: "train learningRate=0.01",
    code: 2,
    says: 'steepest train does not know what to do with "learningRate=0.01" (did you mean "--learning-rate=0.01"?); see --help',
  },
  {
    args: "train lr=0.01",
    code: 2,
    says: 'steepest train has no flag --lr (did you mean "--learning-rate"?); see steepest train --help',
  },
  {
    args: "compare muon lr=0.01",
    code: 2,
    says: /^"lr=0\.01" is no optimizer: options are written with theirs, NAME or NAME:option=value/,
  },
  { args: "train --from-step 3", code: 2, says: "--from-step goes with --resume DIR" },
  { args: "train --resume DIR --batch 9", code: 2, says: /^--batch does not go with --resume: / },
  {
    args: "train --data DIR/none.txt",
    code: 1,
    says: /^there is no file or folder .*none\.txt: give a path/,
  },
  {
    args: "train --data DIR/empty.txt",
    code: 1,
    says: /empty\.txt is empty: give a text file with some content$/,
  },
  { args: "train --data DIR/binary", code: 1, says: /binary is a binary file \(a zero byte at offset 3\)/ },
  { args: "train --data DIR", code: 1, says: /binary is a binary file/ },
  {
    args: "train --data DIR/short.txt --context 64",
    code: 1,
    says: /short\.txt has 12 tokens.* context of 64 needs/,
  },
  {
    args: "train --out DIR/text.txt",
    code: 1,
    says: /text\.txt is a file: choose another run folder \(--out\)$/,
  },
  { args: "train --out DIR/text.txt/run", code: 1, says: /^cannot write the run folder .*\(ENOTDIR\)$/ },
  { args: "train --out DIR/full", code: 1, says: /full exists and is not empty: choose another run folder/ },
  { args: "train --resume DIR/nothing", code: 1, says: /nothing is no run folder: it has no config\.json$/ },
  {
    args: "train --config DIR/none.json",
    code: 2,
    says: /^cannot read the config file .*none\.json: it does not exist/,
  },
  { args: "train --config DIR/text.txt", code: 2, says: /^config file .*text\.txt is not JSON: / },
  {
    args: "train --config DIR/typo.json",
    code: 2,
    says: /typo\.json has an unknown setting "stpes" \(did you mean "steps"\?\)/,
  },
  {
    args: "train --config DIR/wrong.json",
    code: 2,
    says: /wrong\.json: steps must be a whole number ≥ 1, got "5"$/,
  },
  { args: "train --config DIR/list.json", code: 2, says: /list\.json must hold an object of settings/ },
  {
    args: "train --config DIR/schedule.json",
    code: 2,
    says: /^"schedule" is no option of an optimizer here: use the settings schedule, warmup and clip$/,
  },
];

test.each(cases)("steepest $args", async ({ args, code, says }) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "empty.txt"), "");
  writeFileSync(join(folder, "short.txt"), "call me ish.");
  writeFileSync(join(folder, "binary"), Uint8Array.of(65, 66, 67, 0, 255, 254));
  writeFileSync(join(folder, "typo.json"), '{"stpes": 5}');
  writeFileSync(join(folder, "wrong.json"), '{"steps": "5"}');
  writeFileSync(join(folder, "list.json"), "[]");
  writeFileSync(join(folder, "schedule.json"), '{"optimizerOptions": {"schedule": "linear"}}');
  mkdirSync(join(folder, "full"));
  writeFileSync(join(folder, "full", "notes"), "mine");
  const before = readdirSync(folder, { recursive: true });

  const argv = args.split(" ").map((arg) => arg.replace("DIR", folder));
  const withOut =
    args.includes("--out") || args.includes("--resume") ? argv : [...argv, "--out", join(folder, "run")];
  const result = await cli(...(args.startsWith("train") ? withOut : argv));

  expect(result.err.at(-1)).toMatch(/^error: /);
  const sentence = result.err.at(-1)?.replace(/^error: /, "") ?? "";
  if (typeof says === "string") expect(sentence).toBe(says);
  else expect(sentence).toMatch(says);
  expect(result).toMatchObject({ code, out: [] });
  expect(result.err.join("\n")).not.toMatch(/\n\s+at /); // no stack trace
  expect(readdirSync(folder, { recursive: true })).toEqual(before); // nothing half-written
});

// A limit on the size of files stands for a full disk: writes fail in the same way, in the middle of a file.
describe("a disk that is full", () => {
  skipUnless(process.platform !== "win32", "a disk that is full", "a system with ulimit -f: Linux, macOS");
  // The sources are compiled on first use, which the limit would meet before the run does.
  beforeAll(() => {
    expect(spawnSync(process.execPath, [bin, "--version"]).status).toBe(0);
  });
  const limited = (blocks: number, folder: string): SpawnSyncReturns<string> => {
    const argv = [
      ...microFlags(folder),
      "--optimizer",
      "sgd",
      "--steps",
      "2",
      "--out",
      join(folder, "new", "run"),
    ];
    const command = `ulimit -f ${blocks}; exec "$0" "$@"`;
    return spawnSync("bash", ["-c", command, process.execPath, bin, "train", ...argv], { encoding: "utf8" });
  };

  test("while the run folder is made: no folder", () => {
    const folder = temporaryFolder();
    const { status, stderr } = limited(1, folder);
    expect(stderr).toMatch(
      /error: cannot write the run folder .*run: the file would be larger .*\(EFBIG\)\n$/,
    );
    expect(status).toBe(1);
    expect(existsSync(join(folder, "new"))).toBe(false);
  });

  test("while a checkpoint is written: the run is kept, half a checkpoint is not", () => {
    const folder = temporaryFolder();
    const { status, stderr } = limited(8, folder);
    expect(stderr).toMatch(
      /error: cannot write the checkpoint .*step-2: the file would be larger .*\(EFBIG\)\n$/,
    );
    expect(status).toBe(1);
    expect(readdirSync(join(folder, "new", "run", "checkpoints"))).toEqual([]);
  });
});
