import { ConfigError } from "../model/configError.ts";
import { type Settings, wholeFrom } from "../model/setting.ts";
import { expectHeads, settingChecks } from "../model/settingChecks.ts";
import { type Initialization, initializations } from "./initialValue.ts";
import { languageSettings } from "./languageSettings.ts";

/** The shape of a LLaMA or, with other defaults, of a Qwen3. */
export type LlamaConfig = {
  /** Number of token ids. */
  readonly vocabSize: number;
  /** Longest sequence, in tokens. */
  readonly context: number;
  /** Size of the residual stream. */
  readonly width: number;
  /** Number of blocks; 0 leaves embedding, norm and head. */
  readonly depth: number;
  /** Query heads. */
  readonly heads: number;
  /** Key and value heads, a divisor of `heads`: each serves heads / kvHeads query heads. Default: `heads`. */
  readonly kvHeads?: number;
  /** Size of a head, even. Default width / heads; for qwen3 128, whatever the width. */
  readonly headDim?: number;
  /** Width of the feed-forward layer. Default 8/3 · width rounded up to a multiple of 8; for qwen3 3 · width. */
  readonly hiddenWidth?: number;
  /** One table for embedding and head. Default false; for qwen3 true. */
  readonly tiedHead?: boolean;
  /** Added to the mean square in every RMSNorm. Default 1e-6. */
  readonly normEps?: number;
  /** Slowest wavelength of the rotary embedding is about 2π · this, in tokens. Default 10000; for qwen3 1e6. */
  readonly rotaryBase?: number;
  /** Scale the gated nonlinearity so that activations keep their size (`activationScales`). Default false. */
  readonly activationScale?: boolean;
  /** How weights start when the optimizer does not say. Default "normal"; "spectral" is `spectralInitialValue`. */
  readonly initialization?: Initialization;
};

/** A configuration with every default filled in. */
export type FullLlamaConfig = Required<LlamaConfig>;

/** What a family takes where a setting is left out. */
export interface FamilyDefaults {
  readonly family: string;
  readonly headDim: (width: number, heads: number) => number;
  readonly hiddenWidth: (width: number) => number;
  readonly tiedHead: boolean;
  readonly rotaryBase: number;
}

const sizes = ["vocabSize", "context", "width", "depth", "heads"] as const;

/** What each setting means. */
export const llamaSettings: Settings<LlamaConfig> = {
  ...languageSettings,
  kvHeads: { doc: "heads for keys and values; left out: as many as heads", range: "a divisor of heads" },
  headDim: { doc: "size of a head; left out width / heads, for qwen3 128", range: "even, ≥ 2" },
  hiddenWidth: {
    doc: "width of the feed-forward layer; left out 8/3 · width, for qwen3 3 · width",
    range: wholeFrom(1),
  },
};

/**
 * Fills in the defaults of a family. Throws `ConfigError` for an unknown or missing setting, a size that is no
 * positive integer, key heads that do not divide the query heads, an odd head width, or numbers out of range.
 */
export function resolveLlamaConfig(config: LlamaConfig, defaults: FamilyDefaults): FullLlamaConfig {
  const checks = settingChecks(defaults.family, Object.keys(llamaSettings));
  checks.known(config);
  for (const name of sizes) checks.size(name, config[name], name === "depth" ? 0 : 1);
  const { width, heads } = config;
  const full: FullLlamaConfig = {
    kvHeads: heads,
    headDim: defaults.headDim(width, heads),
    hiddenWidth: defaults.hiddenWidth(width),
    tiedHead: defaults.tiedHead,
    normEps: 1e-6,
    rotaryBase: defaults.rotaryBase,
    activationScale: false,
    initialization: "normal",
    ...config,
  };
  if (config.headDim === undefined && full.headDim % 2 !== 0) {
    expectHeads(width, heads, { rotary: true });
  }
  for (const name of ["kvHeads", "headDim", "hiddenWidth"] as const) checks.size(name, full[name]);
  if (heads % full.kvHeads !== 0) {
    throw new ConfigError(
      `kvHeads must divide heads, each serves as many query heads: ${heads} / ${full.kvHeads} is not whole; ` +
        `take ${divisors(heads).join(", ")}`,
    );
  }
  if (full.headDim % 2 !== 0) {
    throw new ConfigError(
      `headDim must be even for the rotary embedding; got ${full.headDim}, take ${full.headDim + 1} or other heads`,
    );
  }
  checks.boolean("tiedHead", full.tiedHead);
  checks.boolean("activationScale", full.activationScale);
  checks.above("normEps", full.normEps, 0, "1e-6");
  checks.above("rotaryBase", full.rotaryBase, 1, String(defaults.rotaryBase));
  checks.choice("initialization", full.initialization, initializations);
  return full;
}

const divisors = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
