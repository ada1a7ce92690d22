import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tokenDataset } from "@steepest/models";
import { loadData, textTokens } from "@steepest/models/node";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { prepareRun } from "../src/prepare/prepareRun.ts";
import { cli, microFlags, microPlan, temporaryFolder } from "./support/microRun.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
  vi.stubEnv("STEEPEST_CACHE", join(folder, "cache"));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("--text-column chooses the column of a Parquet file", async () => {
  const fixtures = join(import.meta.dirname, "../../models/test/fixtures");
  for (const name of ["required", "plain"]) {
    copyFileSync(join(fixtures, `${name}.parquet`), join(folder, `${name}.parquet`));
  }
  const train = (data: string, ...flags: string[]) =>
    cli("train", ...microFlags(folder), "--steps", "1", "--data", join(folder, data), ...flags);
  const wrong = await train("plain.parquet", "--text-column", "story", "--out", join(folder, "a"));
  expect(wrong.code).toBe(1);
  expect(wrong.err.at(-1)).toMatch(
    /has no text column "story": choose one of those it has \("text"\), .*--text-column/,
  );
  const right = await train("required.parquet", "--text-column", "story", "--out", join(folder, "b"));
  expect(right.code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "b", "config.json"), "utf8")).plan.textColumn).toBe("story");
  expect((await train("text.txt", "--text-column", "story")).err.at(-1)).toMatch(
    /text\.txt is no Parquet, which textColumn is for: leave it out$/,
  );
});

test("--order epochs makes the batches of an epoch, and says so in the config", async () => {
  const flags = ["--steps", "2", "--order", "epochs", "--out", join(folder, "run")];
  expect((await cli("train", ...microFlags(folder), ...flags)).code).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "run", "config.json"), "utf8")).plan.order).toBe("epochs");

  const { batches, model, tokenizer } = await prepareRun(microPlan(folder, { order: "epochs" }));
  const data = await loadData(join(folder, "text.txt"));
  if (data.kind !== "text" || tokenizer === undefined || model.kind !== "language") {
    return expect.unreachable("no text");
  }
  const expected = tokenDataset({
    ...(await textTokens(data, tokenizer)),
    context: 8,
    batchSize: 2,
    order: "epochs",
  });
  for (const step of [0, 1, 300]) {
    const { tokens, targets } = await batches.train(step);
    expect([tokens?.data, targets?.data]).toEqual([
      expected.trainBatch(step).tokens,
      expected.trainBatch(step).targets,
    ]);
  }
  const random = await prepareRun(microPlan(folder));
  expect(await random.batches.train(0)).not.toEqual(await batches.train(0));
  expect((await cli("train", ...microFlags(folder), "--order", "epoch")).err.at(-1)).toMatch(
    /--order must be one of random, epochs, got "epoch" \(did you mean "epochs"\?\)$/,
  );
});

test("--help names them", async () => {
  const { out } = await cli("train", "--help");
  for (const flag of ["--text-column <NAME>", "--order <NAME>", "--image-size <N>"]) {
    expect(out.join("\n")).toContain(flag);
  }
});
