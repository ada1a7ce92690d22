import type { Parameter, Role } from "steepest";
import type { Model } from "../model/model.ts";

/** One tensor of a checkpoint and the parameters it holds. */
export interface WeightRule {
  /** Its name in the files we write. */
  readonly name: string;
  /** Our parameters, one below the other: their rows, or entries, in this order. */
  readonly paths: readonly string[];
  /** Stored [dIn, dOut]. */
  readonly transposed: boolean;
  /** The tensor may have more rows than the parameter, which takes the first of them: a table of positions. */
  readonly longer?: boolean;
}

/** How checkpoints name the parameters of a model. */
export interface WeightNames {
  readonly rules: readonly WeightRule[];
  /** What names may or may not begin with: the body of the model, saved with or without its head. */
  readonly prefix: string;
  /** Tensors of a checkpoint that are no parameters: masks and tables that older versions stored. */
  readonly ignored: RegExp;
  /** The head of a tied model, which some checkpoints store a second time. */
  readonly tiedHead?: { readonly name: string; readonly path: string };
}

/** What of a model decides the names of its weights. */
export type NamedModel = Pick<Model, "name" | "parameters">;

/**
 * The names of a model's parameters in the checkpoints we write for others: those of Hugging Face for gpt2, llama and
 * qwen3, for every other model its own paths.
 */
export function weightNames(model: NamedModel): WeightNames {
  switch (model.name) {
    case "gpt2":
      return gpt2Names(model.parameters);
    case "llama":
    case "qwen3":
      return llamaNames(model.parameters);
    default:
      return ownNames(model);
  }
}

/** The names in these tensors: the model's own paths where one of them is there, as in a checkpoint of a run. */
export function namesIn(model: NamedModel, tensors: ReadonlyMap<string, unknown>): WeightNames {
  return model.parameters.some(({ path }) => tensors.has(path)) ? ownNames(model) : weightNames(model);
}

/** A tensor's name as these tensors have it: with the prefix or without, whichever is there. */
export function nameIn(
  { prefix }: WeightNames,
  name: string,
  tensors: ReadonlyMap<string, unknown>,
): string | undefined {
  const other = name.startsWith(prefix) ? name.slice(prefix.length) : `${prefix}${name}`;
  return [name, other].find((one) => tensors.has(one));
}

function ownNames({ name: family, parameters }: NamedModel): WeightNames {
  return {
    rules: parameters.map(({ path }) => ({
      name: path,
      paths: [path],
      transposed: false,
      longer: isPositions(family, path),
    })),
    prefix: "",
    ignored: /^$/,
  };
}

/** GPT-2's rows know nothing of one another: with fewer of them the model is the same on shorter texts. */
const isPositions = (family: string, path: string): boolean => family === "gpt2" && path === "positions";

/**
 * GPT-2's linear layers are `Conv1D`, stored [dIn, dOut], and query, key and value are one of them. `attn.bias` is no
 * bias but the causal mask.
 */
function gpt2Names(parameters: readonly Parameter[]): WeightNames {
  const top: Record<string, string> = {
    embedding: "wte.weight",
    positions: "wpe.weight",
    finalGain: "ln_f.weight",
    finalBias: "ln_f.bias",
  };
  const inBlock: Record<string, string> = {
    "attention.gain": "ln_1.weight",
    "attention.bias": "ln_1.bias",
    "attention.out": "attn.c_proj.weight",
    "attention.outBias": "attn.c_proj.bias",
    "feedForward.gain": "ln_2.weight",
    "feedForward.bias": "ln_2.bias",
    "feedForward.up": "mlp.c_fc.weight",
    "feedForward.upBias": "mlp.c_fc.bias",
    "feedForward.down": "mlp.c_proj.weight",
    "feedForward.downBias": "mlp.c_proj.bias",
  };
  const fused: Record<string, readonly [name: string, last: string, parts: readonly string[]]> = {
    "attention.query": ["attn.c_attn.weight", "", ["query", "key", "value"]],
    "attention.queryBias": ["attn.c_attn.bias", "Bias", ["query", "key", "value"]],
  };
  const rules = parameters.flatMap(({ path, role }): WeightRule[] => {
    const transposed = role === "hidden";
    const { block, rest } = inBlocks(path);
    const whole = top[path] ?? (block === undefined ? undefined : inBlock[rest]);
    const name = (tensor: string): string =>
      `transformer.${block === undefined ? "" : `h.${block}.`}${tensor}`;
    if (whole !== undefined) {
      return [{ name: name(whole), paths: [path], transposed, longer: isPositions("gpt2", path) }];
    }
    const several = fused[rest];
    if (several === undefined) return []; // key and value, with the query
    const [tensor, last, parts] = several;
    return [
      {
        name: name(tensor),
        paths: parts.map((part) => `blocks.${block}.attention.${part}${last}`),
        transposed,
      },
    ];
  });
  return {
    rules,
    prefix: "transformer.",
    ignored: /(^|\.)attn\.(bias|masked_bias)$/,
    tiedHead: { name: "lm_head.weight", path: "embedding" },
  };
}

function llamaNames(parameters: readonly Parameter[]): WeightNames {
  const inBlock: Record<string, string> = {
    "attention.gain": "input_layernorm",
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.out": "self_attn.o_proj",
    "attention.queryGain": "self_attn.q_norm",
    "attention.keyGain": "self_attn.k_norm",
    "feedForward.gain": "post_attention_layernorm",
    "feedForward.up": "mlp.up_proj",
    "feedForward.gate": "mlp.gate_proj",
    "feedForward.down": "mlp.down_proj",
  };
  const top: Record<string, string> = {
    embedding: "model.embed_tokens.weight",
    finalGain: "model.norm.weight",
    head: "lm_head.weight",
  };
  const rules = parameters.map(({ path }): WeightRule => {
    const { block, rest } = inBlocks(path);
    const name =
      top[path] ?? (block === undefined ? undefined : `model.layers.${block}.${inBlock[rest]}.weight`);
    if (name === undefined) throw new Error(`internal: no checkpoint name for "${path}"`);
    return { name, paths: [path], transposed: false };
  });
  const tied = parameters.some(({ path, role }) => path === "embedding" && role === tiedRole);
  return {
    rules,
    prefix: "model.",
    ignored: /(^|\.)rotary_emb\.inv_freq$/,
    ...(tied && { tiedHead: { name: "lm_head.weight", path: "embedding" } }),
  };
}

/** An embedding table that is also the head has the role of the latter. */
const tiedRole: Role = "head";

/** `blocks.3.attention.query` is block 3, `attention.query`. */
function inBlocks(path: string): { block?: string; rest: string } {
  const [, block, rest] = /^blocks\.(\d+)\.(.*)$/.exec(path) ?? [];
  return block === undefined || rest === undefined ? { rest: path } : { block, rest };
}
