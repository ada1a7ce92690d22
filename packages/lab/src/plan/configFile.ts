import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { dataNames } from "@steepest/models/node";
import { fileError } from "../files/fileError.ts";
import { pathOrName } from "./pathOrName.ts";
import { type PlanInput, parsePlanInput } from "./planInput.ts";
import { noData, tokenizerNames } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/**
 * The settings of a JSON config file, or of the `config.json` of a run folder (which has them in `plan`). A relative path of
 * `data`, `tokenizer` or `weights` is taken from the file's folder. Throws `UsageError` for anything that is not such a file.
 */
export function readConfigFile(path: string): PlanInput {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const failure = fileError("read the config file", path, error);
    throw failure instanceof Error ? new UsageError(failure.message, { cause: error }) : error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new UsageError(`config file ${path} is not JSON: ${what}`, { cause: error });
  }
  const plan = typeof value === "object" && value !== null && "plan" in value ? value.plan : value;
  const input = parsePlanInput(plan, `config file ${path}`);
  const here = (given: string | undefined, names: readonly string[]): string | undefined =>
    given === undefined ? undefined : pathOrName(given, names, dirname(path));
  return {
    ...input,
    data: here(input.data, [...dataNames, noData]),
    tokenizer: here(input.tokenizer, tokenizerNames),
    weights: here(input.weights, []),
  };
}
