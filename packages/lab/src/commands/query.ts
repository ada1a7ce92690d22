import { Command } from "commander";

import type { CommandIo } from "../text/commandIo.ts";
import type { QueryFlags } from "./queryFlags.ts";

const help = `
Tables:
  runs      a row for each run: run (its folder), status, created, optimizer, learningRate, model, data, seed, steps, batch, schedule,
            parameters, stateFloats, trainLoss, valLoss, valAccuracy, msPerStep, tokensPerSecond, peakRssBytes, node, cpu, gitCommit,
            and as JSON optimizerOptions, modelOptions, plan
  metrics   a row for each line of metrics.jsonl: run, step, seconds, tokens, loss, valLoss, valAccuracy, gradNorm, scheduleFactor, ms
  damaged   lines of metrics.jsonl that cannot be read: run, line

Examples:
  steepest query "SELECT optimizer, min(valLoss) FROM runs GROUP BY optimizer ORDER BY 2"
  steepest query "SELECT run, min(step) FROM metrics WHERE valLoss < 2 GROUP BY run" runs/rates
  steepest query "SELECT run, optimizerOptions->>'momentum' AS momentum, valLoss FROM runs" --json
  steepest query "SELECT * FROM metrics" --parquet metrics.parquet

The SQL is DuckDB's. The folders are only read.`;

/** `steepest query`: SQL over run folders. */
export const queryCommand = (io: CommandIo): Command =>
  new Command("query")
    .argument("[SQL]", "a statement, in quotes")
    .argument("[DIR...]", "folders to look in (default runs)")
    .option("--csv <FILE>", "write the answer there")
    .option("--parquet <FILE>", "write the answer there")
    .option("--json", "last line of stdout: the rows as JSON")
    .addHelpText("after", help)
    .action(async (sql: string | undefined, folders: string[], flags: QueryFlags) => {
      const { showQuery } = await import("./showQuery.ts");
      await showQuery(sql, folders, flags, io);
    });
