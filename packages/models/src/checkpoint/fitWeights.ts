import { didYouMean, type Parameter } from "steepest";
import { plainNames } from "./plainNames.ts";
import type { TensorInfo } from "./tensorSource.ts";
import { type NamedModel, nameIn, namesIn, type WeightRule } from "./weightNames.ts";
import { WeightsError } from "./weightsError.ts";

/** A rule with the parameters it fills and the name under which these tensors have it. */
export interface FittedRule extends WeightRule {
  readonly source: string;
  readonly parameters: readonly Parameter[];
}

/** Which tensor fills which parameters. */
export interface FittedWeights {
  readonly rules: readonly FittedRule[];
  /** A head that is stored again although the model has one table for both. */
  readonly tiedHead?: { readonly source: string; readonly path: string };
}

/** How many tensors a message names of each kind. */
const NAMED = 8;

/**
 * Which tensor fills which parameters, by the names of Hugging Face or the model's own paths, whichever the tensors
 * have, with or without the `module.` and `_orig_mod.` of PyTorch; a table that is also the head under either name. Every parameter must be filled by a float tensor of its shape (GPT-2's positions: or with more rows), and no
 * tensor may be left over. Throws `WeightsError` that names all (up to 8 of a kind) that are missing, extra, or of
 * another shape or type; nothing but names and shapes has been read then.
 */
export function fitWeights(model: NamedModel, given: ReadonlyMap<string, TensorInfo>): FittedWeights {
  const { tensors, stored } = plainNames(given);
  const storedName = (name: string): string => stored.get(name) ?? name;
  const names = namesIn(model, tensors);
  const parameters = new Map(model.parameters.map((parameter) => [parameter.path, parameter]));
  const { tiedHead } = names;
  const find = (name: string): string | undefined => nameIn(names, name, tensors);
  const missing: string[] = [];
  const wrong: string[] = [];
  const rules: FittedRule[] = [];
  for (const rule of names.rules) {
    const filled = rule.paths.map((path) => parameters.get(path) ?? unknown(path));
    const shape = storedShape(rule, filled);
    // A tied table is stored under one of its two names; safetensors keeps whichever comes first.
    const tied = tiedHead !== undefined && rule.paths[0] === tiedHead.path;
    const source = find(rule.name) ?? (tied ? find(tiedHead.name) : undefined);
    const found = source === undefined ? undefined : tensors.get(source);
    if (source === undefined || found === undefined) {
      missing.push(`"${rule.name}" [${shape}]`);
      continue;
    }
    if (found.dtype !== "float32" && found.dtype !== "float64") {
      wrong.push(`"${source}" holds ${found.stored}, expected floating-point numbers`);
    } else if (!fits(found.shape, shape, rule)) {
      wrong.push(`"${source}" is [${found.shape}], expected [${shape}]`);
    }
    rules.push({ ...rule, source: storedName(source), parameters: filled });
  }
  const tiedSource = tiedHead === undefined ? undefined : find(tiedHead.name);
  const used = new Set([
    ...rules.map(({ source }) => source),
    ...(tiedSource === undefined ? [] : [storedName(tiedSource)]),
  ]);
  const wanted = names.rules.map(({ name }) => name);
  const extra = [...tensors.keys()]
    .filter((name) => !used.has(storedName(name)) && !names.ignored.test(name))
    .map((name) => `"${name}"${missing.length === 0 ? "" : didYouMean(name, wanted)}`);
  const lines = [
    list("missing", missing),
    list("of the wrong shape or type", wrong),
    list("extra", extra),
  ].filter((line) => line !== undefined);
  if (lines.length > 0) {
    const remedy =
      'Build the model with the settings of the checkpoint (its "config.json"; see languageModelFromHuggingFace).';
    throw new WeightsError(
      `these weights are not those of this ${model.name}:\n  ${lines.join("\n  ")}\n${remedy}`,
    );
  }
  return {
    rules,
    ...(tiedHead !== undefined &&
      tiedSource !== undefined && {
        tiedHead: { source: storedName(tiedSource), path: tiedHead.path },
      }),
  };
}

/** The shape of a rule's tensor in a file. */
export function storedShape({ transposed }: WeightRule, parameters: readonly Parameter[]): number[] {
  const rows = parameters.reduce((sum, { shape }) => sum + (shape[0] ?? 1), 0);
  const [first] = parameters;
  const stacked = first === undefined || first.shape.length === 0 ? [] : [rows, ...first.shape.slice(1)];
  return transposed ? stacked.reverse() : stacked;
}

function fits(found: readonly number[], shape: readonly number[], { longer = false }: WeightRule): boolean {
  if (!longer) return String(found) === String(shape);
  const [rows = 0, ...rest] = shape;
  const [foundRows = 0, ...foundRest] = found;
  return foundRows >= rows && String(foundRest) === String(rest);
}

function list(what: string, tensors: readonly string[]): string | undefined {
  if (tensors.length === 0) return undefined;
  const more = tensors.length > NAMED ? `, and ${tensors.length - NAMED} more` : "";
  return `${what}: ${tensors.slice(0, NAMED).join(", ")}${more}`;
}

function unknown(path: string): never {
  throw new Error(`internal: a weight rule names the parameter "${path}", which the model does not have`);
}
