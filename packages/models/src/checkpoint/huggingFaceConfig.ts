import { gpt2 } from "../language/gpt2.ts";
import type { FullGpt2Config } from "../language/gpt2Config.ts";
import { llama } from "../language/llama.ts";
import type { FullLlamaConfig } from "../language/llamaConfig.ts";
import { qwen3 } from "../language/qwen3.ts";
import { ConfigError } from "../model/configError.ts";
import type { LanguageModel } from "../model/model.ts";

/** What a `config.json` of Hugging Face holds. */
export type HuggingFaceConfig = Readonly<Record<string, unknown>>;

/**
 * The model of a checkpoint's `config.json`: `model_type` gpt2, llama or qwen3. `context` replaces the longest
 * sequence, which may be far more than the memory at hand is for; of a gpt2 at most the `n_positions` of its table, of
 * which `importWeights` then takes the first rows.
 *
 * Throws `ConfigError` for another type, for a context beyond the table, and for a setting that changes the computation
 * and is not supported (scaled rotary embedding, biases, sliding windows, other activations), by its name.
 */
export function languageModelFromHuggingFace(
  config: HuggingFaceConfig,
  { context }: { readonly context?: number } = {},
): LanguageModel {
  const type = config.model_type;
  if (type === "gpt2") {
    expectOnly(config, {
      activation_function: ["gelu_new", "gelu_pytorch_tanh"],
      scale_attn_weights: [true],
      scale_attn_by_inverse_layer_idx: [false],
      add_cross_attention: [false],
      tie_word_embeddings: [true],
    });
    const positions = number(config, "n_positions");
    if (context !== undefined && context > positions) {
      throw new ConfigError(
        `a context of ${context} is longer than the table of positions: config.json has n_positions ${positions}`,
      );
    }
    const hiddenWidth = given(config, "n_inner");
    const normEps = given(config, "layer_norm_epsilon");
    return gpt2({
      vocabSize: number(config, "vocab_size"),
      context: context ?? positions,
      width: number(config, "n_embd"),
      depth: number(config, "n_layer"),
      heads: number(config, "n_head"),
      ...(hiddenWidth !== undefined && { hiddenWidth }),
      ...(normEps !== undefined && { normEps }),
    });
  }
  if (type !== "llama" && type !== "qwen3") {
    throw new ConfigError(
      `model_type is ${JSON.stringify(type)}; gpt2, llama and qwen3 checkpoints can be read`,
    );
  }
  expectOnly(config, {
    hidden_act: ["silu"],
    attention_bias: [false],
    mlp_bias: [false],
    use_sliding_window: [false],
    pretraining_tp: [1],
    partial_rotary_factor: [1],
  });
  expectFullAttention(config);
  const heads = number(config, "num_attention_heads");
  const headDim = given(config, "head_dim");
  const tied = config.tie_word_embeddings;
  const settings = {
    vocabSize: number(config, "vocab_size"),
    context: context ?? number(config, "max_position_embeddings"),
    width: number(config, "hidden_size"),
    hiddenWidth: number(config, "intermediate_size"),
    depth: number(config, "num_hidden_layers"),
    heads,
    kvHeads: given(config, "num_key_value_heads") ?? heads,
    normEps: given(config, "rms_norm_eps") ?? 1e-6,
    rotaryBase: rotaryBase(config),
    tiedHead: typeof tied === "boolean" ? tied : false,
    ...(headDim !== undefined && { headDim }),
  };
  return type === "llama" ? llama(settings) : qwen3(settings);
}

/**
 * The `config.json` that goes with `exportWeights`. Throws `ConfigError` for a model that Hugging Face's library does
 * not have: another family, or scaled activations.
 */
export function huggingFaceConfig(model: Pick<LanguageModel, "name" | "config">): HuggingFaceConfig {
  if (model.config.activationScale === true) {
    throw new ConfigError("Hugging Face's library has no models with activationScale");
  }
  switch (model.name) {
    case "gpt2": {
      const config = model.config as FullGpt2Config;
      return {
        architectures: ["GPT2LMHeadModel"],
        model_type: "gpt2",
        activation_function: "gelu_new",
        vocab_size: config.vocabSize,
        n_positions: config.context,
        n_embd: config.width,
        n_layer: config.depth,
        n_head: config.heads,
        n_inner: config.hiddenWidth,
        layer_norm_epsilon: config.normEps,
        tie_word_embeddings: true,
        torch_dtype: "float32",
      };
    }
    case "llama":
    case "qwen3": {
      const config = model.config as FullLlamaConfig;
      return {
        architectures: [model.name === "llama" ? "LlamaForCausalLM" : "Qwen3ForCausalLM"],
        model_type: model.name,
        hidden_act: "silu",
        vocab_size: config.vocabSize,
        max_position_embeddings: config.context,
        hidden_size: config.width,
        intermediate_size: config.hiddenWidth,
        num_hidden_layers: config.depth,
        num_attention_heads: config.heads,
        num_key_value_heads: config.kvHeads,
        head_dim: config.headDim,
        rms_norm_eps: config.normEps,
        rope_theta: config.rotaryBase,
        attention_bias: false,
        tie_word_embeddings: config.tiedHead,
        torch_dtype: "float32",
      };
    }
    default:
      throw new ConfigError(`Hugging Face's library has no model of the family "${model.name}"`);
  }
}

/** Newer files of Qwen3 list what each layer attends to. */
function expectFullAttention({ layer_types: types }: HuggingFaceConfig): void {
  if (types === undefined || types === null) return;
  const other = Array.isArray(types) ? types.find((type) => type !== "full_attention") : types;
  if (other === undefined) return;
  throw new ConfigError(
    `config.json has layer_types with ${JSON.stringify(other)}; supported is full_attention`,
  );
}

/**
 * `rope_theta`, in newer files inside `rope_parameters`. A scaled rotary embedding is refused; without a type it is the
 * default, unless something else is said that changes the angles.
 */
function rotaryBase(config: HuggingFaceConfig): number {
  const { rope_scaling: scaling, rope_parameters: parameters } = config;
  for (const [name, value] of Object.entries({ rope_scaling: scaling, rope_parameters: parameters })) {
    if (value === undefined || value === null) continue;
    if (!isObject(value) || !isDefaultRotary(value)) {
      throw new ConfigError(
        `config.json has ${name} ${JSON.stringify(value)}; only the default is supported`,
      );
    }
  }
  const nested = isObject(parameters) ? given(parameters, "rope_theta") : undefined;
  return nested ?? given(config, "rope_theta") ?? 10000;
}

function isDefaultRotary({ rope_type: newer, type: older, ...rest }: Record<string, unknown>): boolean {
  const { rope_theta: _, partial_rotary_factor: share = 1, ...others } = rest;
  const type = newer ?? older;
  return share === 1 && (type === "default" || (type === undefined && Object.keys(others).length === 0));
}

/** Settings that are absent, null, or one of the values that our models compute. */
function expectOnly(config: HuggingFaceConfig, values: Readonly<Record<string, readonly unknown[]>>): void {
  for (const [name, supported] of Object.entries(values)) {
    const value = config[name] ?? supported[0];
    if (!supported.includes(value)) {
      throw new ConfigError(
        `config.json has ${name} ${JSON.stringify(value)}; supported is ${supported.join(" or ")}`,
      );
    }
  }
}

function number(config: HuggingFaceConfig, name: string): number {
  const value = given(config, name);
  if (value === undefined) throw new ConfigError(`config.json has no ${name}`);
  return value;
}

/** A number, or undefined where the setting is absent or null. */
function given(config: HuggingFaceConfig, name: string): number | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number") {
    throw new ConfigError(`config.json has ${name} ${JSON.stringify(value)}; expected a number`);
  }
  return value;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
