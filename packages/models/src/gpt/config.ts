import { didYouMean } from "steepest";
import { ConfigError } from "../configError.ts";
import { type Activation, activations } from "../layers/activation.ts";

/** The shape of a GPT. */
export type GptConfig = {
  /** Number of token ids. */
  readonly vocabSize: number;
  /** Longest sequence, in tokens. */
  readonly context: number;
  /** Size of the residual stream; a multiple of 2 · heads. */
  readonly width: number;
  /** Number of blocks; 0 leaves embedding, norm and head. */
  readonly depth: number;
  readonly heads: number;
  /** Width of the feed-forward layer. Default 4 · width, for swiglu 8/3 · width rounded up to a multiple of 8. */
  readonly hiddenWidth?: number;
  /** Default "relu2". */
  readonly activation?: Activation;
  /** One table for embedding and head. Default false. */
  readonly tiedHead?: boolean;
  /** RMS-normalise queries and keys of each head, before the rotation. Default true. */
  readonly queryKeyNorm?: boolean;
  /** Give every RMSNorm a trainable gain. Default false. */
  readonly normGain?: boolean;
  /** Slowest wavelength of the rotary embedding is about 2π · this, in tokens. Default 10000. */
  readonly rotaryBase?: number;
};

/** A configuration with every default filled in. */
export type FullGptConfig = Required<GptConfig>;

const defaults = {
  activation: "relu2",
  tiedHead: false,
  queryKeyNorm: true,
  normGain: false,
  rotaryBase: 10000,
} as const;

const sizes = ["vocabSize", "context", "width", "depth", "heads"] as const;
const known: readonly string[] = [...sizes, "hiddenWidth", ...Object.keys(defaults)];

/**
 * Fills in the defaults. Throws `ConfigError` for an unknown or missing setting, a size that is no positive
 * integer, heads that do not divide the width, an odd head width, or an unknown activation.
 */
export function resolveGptConfig(config: GptConfig): FullGptConfig {
  for (const name of Object.keys(config)) {
    if (!known.includes(name)) {
      throw new ConfigError(
        `a gpt has no setting "${name}"${didYouMean(name, known)}; settings are ${known.join(", ")}`,
      );
    }
  }
  for (const name of sizes) expectSize(name, config[name], name === "depth" ? 0 : 1);
  const activation = config.activation ?? defaults.activation;
  if (!Object.hasOwn(activations, activation)) {
    const names = Object.keys(activations);
    throw new ConfigError(
      `activation is one of ${names.join(", ")}; got "${activation}"${didYouMean(activation, names)}`,
    );
  }
  const { width, heads } = config;
  const hiddenWidth = config.hiddenWidth ?? (activation === "swiglu" ? Math.ceil(width / 3) * 8 : 4 * width);
  expectSize("hiddenWidth", hiddenWidth, 1);
  const full = { ...defaults, ...config, activation, hiddenWidth };
  if (width % heads !== 0) {
    throw new ConfigError(
      `heads must divide width: ${width} / ${heads} is not whole; ` +
        `take ${divisors(width).join(", ")} heads, or a width of ${Math.ceil(width / heads) * heads}`,
    );
  }
  if ((width / heads) % 2 !== 0) {
    throw new ConfigError(
      `each head needs an even width for the rotary embedding: ${width} / ${heads} heads = ${width / heads}; ` +
        `take a width of ${2 * heads * Math.ceil(width / heads / 2)} or other heads`,
    );
  }
  for (const name of ["tiedHead", "queryKeyNorm", "normGain"] as const) {
    if (typeof full[name] !== "boolean") {
      throw new ConfigError(`${name} is true or false; got ${String(full[name])}`);
    }
  }
  if (!(Number.isFinite(full.rotaryBase) && full.rotaryBase > 1)) {
    throw new ConfigError(`rotaryBase must be a number above 1, usually 10000; got ${full.rotaryBase}`);
  }
  return full;
}

function expectSize(name: string, value: number | undefined, least: 0 | 1): void {
  if (value === undefined) throw new ConfigError(`a gpt needs ${name}; settings are ${known.join(", ")}`);
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new ConfigError(`${name} must be ${least === 0 ? "0 or " : ""}a positive integer; got ${value}`);
  }
}

/** Head counts that leave an even head width. */
const divisors = (width: number): number[] =>
  Array.from({ length: width }, (_, i) => i + 1)
    .filter((n) => width % (2 * n) === 0)
    .slice(0, 12);
