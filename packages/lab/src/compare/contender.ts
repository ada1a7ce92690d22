import { describeOptimizer, didYouMean, optimizerNames } from "steepest";
import type { OptionSpecs } from "steepest/define";
import type { Json, JsonOptions } from "../plan/runPlan.ts";
import { UsageError } from "../plan/usageError.ts";
import { contenderSyntax } from "./contenderSyntax.ts";

/** An optimizer that takes part in a comparison. */
export interface Contender {
  /** As written: unique in a comparison. */
  readonly label: string;
  readonly optimizer: string;
  readonly options: JsonOptions;
}

/**
 * Reads `NAME` or `NAME:option=value,…`. Option names may be in kebab-case. Values are numbers, true, false, texts, or JSON
 * for options that are lists or objects; a comma begins a new option only where a name and `=` follow. Whether a value
 * is allowed is left to the optimizer. Throws `UsageError`.
 */
export function parseContender(text: string): Contender {
  const [name = "", ...rest] = text.split(":");
  if (!optimizerNames().some((known) => known === name)) {
    throw new UsageError(
      name.includes("=")
        ? `"${text}" is no optimizer: options are written with theirs, ${contenderSyntax}`
        : `there is no optimizer "${name}"${didYouMean(name, optimizerNames())}; see steepest optimizers`,
    );
  }
  const { options } = describeOptimizer(name);
  if (rest.length === 0) return { label: name, optimizer: name, options: {} };
  const read: Record<string, Json> = {};
  for (const part of rest.join(":").split(/,(?=\s*[A-Za-z][\w-]*\s*=)/)) {
    const [, written, value] = /^\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (written === undefined || value === undefined || value === "") {
      throw new UsageError(`cannot read "${part}" in "${text}": expected ${contenderSyntax}`);
    }
    const option = expectOption(name, written, options);
    if (Object.hasOwn(read, option)) throw new UsageError(`"${text}" gives ${option} twice`);
    read[option] = parseValue(value);
  }
  return { label: text, optimizer: name, options: read };
}

/** All of a command line. Throws `UsageError` where one is wrong or appears twice. */
export function parseContenders(texts: readonly string[], command = "compare"): Contender[] {
  if (texts.length === 0) {
    throw new UsageError(
      `${command} needs optimizers: ${contenderSyntax}. For example: steepest ${command} adamw muon`,
    );
  }
  const contenders = texts.map(parseContender);
  const twice = contenders.find(({ label }, i) => contenders.findIndex((one) => one.label === label) < i);
  if (twice !== undefined) {
    throw new UsageError(
      `"${twice.label}" is given twice; to compare one optimizer with itself give it different options, ` +
        `for example ${twice.optimizer} ${twice.optimizer}:learningRate=0.01`,
    );
  }
  return contenders;
}

function expectOption(optimizer: string, written: string, options: OptionSpecs): string {
  const option = written.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  if (Object.hasOwn(options, option)) return option;
  const names = Object.keys(options);
  throw new UsageError(
    `${optimizer} has no option "${written}"${didYouMean(option, names)}; its options are ${names.join(", ")}`,
  );
}

function parseValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
