import { modelKind } from "@steepest/models";
import type { Command } from "commander";
import { describeOptimizer, optimizerNames } from "steepest";
import { kebabCase } from "./kebabCase.ts";
import { modelSettings } from "./modelSettings.ts";
import { unknownFlag } from "./planFlags.ts";
import { tunedJobs } from "./rates/tunedRates.ts";
import type { Json, JsonOptions } from "./runPlan.ts";
import { UsageError } from "./usageError.ts";

/** A flag that only some optimizers or models have. */
export interface OwnFlag {
  /** `--learning-rate`. */
  readonly flag: string;
  readonly of: "optimizerOptions" | "modelOptions";
  readonly name: string;
  readonly kind: "number" | "boolean" | "text" | "json";
  /** Default, range and meaning, for the help. */
  readonly help: string;
}

/**
 * The flags of an optimizer's options and a model's settings: their names in kebab-case. Where the command has
 * a flag of that name already, it is `--optimizer-…` or `--model-…` (muon's `steps`: `--optimizer-steps`).
 * Throws `OptionError` or `ConfigError` for an unknown name.
 */
export function ownFlags(command: Command, optimizer: string, model: string): OwnFlag[] {
  const taken = new Set(command.options.flatMap(({ long }) => long ?? []));
  const flagFor = (name: string, prefix: string): string => {
    const short = `--${kebabCase(name)}`;
    const flag = taken.has(short) ? `--${prefix}-${kebabCase(name)}` : short;
    taken.add(flag);
    return flag;
  };
  const ofOptimizer = Object.entries(describeOptimizer(optimizer).options).map(([name, option]): OwnFlag => {
    const kinds = {
      number: "number",
      rate: "number",
      integer: "number",
      boolean: "boolean",
      choice: "text",
      value: "json",
    } as const;
    const tuned = tunedJobs[modelKind(model)]
      .filter((job) => job.models.includes(model))
      .flatMap((job) => job.rates(optimizer)?.[name] ?? []);
    const found = tuned[0] === undefined ? "" : `; ${tuned[0]} for the job it was tuned on`;
    const initial =
      option.default === undefined ? "" : ` (default ${JSON.stringify(option.default)}${found})`;
    return {
      flag: flagFor(name, "optimizer"),
      of: "optimizerOptions",
      name,
      kind: kinds[option.kind],
      help: `${option.doc}, ${option.range.replace(", or a schedule", "")}${initial}`,
    };
  });
  const ofModel = Object.entries(modelSettings(model)).map(([name, setting]): OwnFlag => {
    // A setting that is a name may also take a list, as the spectrum of a quadratic: what is no JSON stays text.
    const { doc, range, default: initial } = setting;
    const kind = typeof initial === "number" || typeof initial === "boolean" ? typeof initial : "json";
    return {
      flag: flagFor(name, "model"),
      of: "modelOptions",
      name,
      kind: kind as OwnFlag["kind"],
      help: `${doc}, ${range} (default ${JSON.stringify(initial)})`,
    };
  });
  return [...ofOptimizer, ...ofModel];
}

/**
 * Reads what is left of a command line after its common flags: `--name value`, `--name=value`, and for
 * switches `--name` and `--no-name`. Throws `UsageError`.
 */
export function readOwnFlags(
  rest: readonly string[],
  known: readonly OwnFlag[],
  command: Command,
): { optimizerOptions: JsonOptions; modelOptions: JsonOptions } {
  const read = { optimizerOptions: {} as Record<string, Json>, modelOptions: {} as Record<string, Json> };
  const names = known.map(({ flag }) => flag);
  for (let i = 0; i < rest.length; i++) {
    const argument = rest[i] ?? "";
    if (!argument.startsWith("--")) {
      const [, name] = /^([A-Za-z][\w-]*)=/.exec(argument) ?? [];
      const asFlag = `--${kebabCase(name ?? "")}`;
      if (name !== undefined && !names.includes(asFlag)) throw unknownFlag(asFlag, command, names);
      throw new UsageError(
        `steepest ${command.name()} does not know what to do with "${argument}"${whatWasMeant(argument, name && asFlag)}; see --help`,
      );
    }
    const [flag = "", ...parts] = argument.split("=");
    const off = flag.startsWith("--no-")
      ? known.find((k) => k.kind === "boolean" && `--no-${k.flag.slice(2)}` === flag)
      : undefined;
    const found = off ?? known.find((k) => k.flag === flag);
    if (found === undefined) throw unknownFlag(flag, command, names);
    const next = rest[i + 1];
    let text = parts.length > 0 ? parts.join("=") : undefined;
    const isSwitch = found.kind === "boolean" && next !== "true" && next !== "false";
    if (text === undefined && (off !== undefined || isSwitch)) text = off === undefined ? "true" : "false";
    if (text === undefined) {
      if (next === undefined) throw new UsageError(`${flag} needs a value: ${found.help}`);
      text = next;
      i++;
    }
    read[found.of][found.name] = parseOwnValue(text, found.kind);
  }
  return read;
}

/** The flag that a word without one stands for, as other tools have it: an option's name and value, or an optimizer. */
function whatWasMeant(argument: string, flag: string | undefined): string {
  if (flag !== undefined) return ` (did you mean "${flag}${argument.slice(argument.indexOf("="))}"?)`;
  return isOptimizer(argument) ? ` (did you mean "--optimizer ${argument}"?)` : "";
}

const isOptimizer = (name: string): boolean => optimizerNames().some((known) => known === name);

/** A value as the option's own check expects it; what does not fit stays text, and that check refuses it. */
export function parseOwnValue(text: string, kind: OwnFlag["kind"]): Json {
  if (kind === "text") return text;
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : text;
  if (kind === "number") return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
