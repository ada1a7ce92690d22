import { type Activation, activations } from "../layers/activation.ts";
import { oneOf, type Settings, wholeFrom, yesOrNo } from "../model/setting.ts";
import { expectHeads, settingChecks } from "../model/settingChecks.ts";
import { type Initialization, initializations } from "./initialValue.ts";
import { languageSettings } from "./languageSettings.ts";

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
  /** Scale the nonlinearity so that activations keep their size (`activationScales`), as Scion's models do. Default false. */
  readonly activationScale?: boolean;
  /** One table for embedding and head. Default false. */
  readonly tiedHead?: boolean;
  /** RMS-normalise queries and keys of each head, before the rotation. Default true. */
  readonly queryKeyNorm?: boolean;
  /** Give every RMSNorm a trainable gain. Default false. */
  readonly normGain?: boolean;
  /** Slowest wavelength of the rotary embedding is about 2π · this, in tokens. Default 10000. */
  readonly rotaryBase?: number;
  /** How weights start when the optimizer does not say. Default "normal"; "spectral" is `spectralInitialValue`. */
  readonly initialization?: Initialization;
};

/** A configuration with every default filled in. */
export type FullGptConfig = Required<GptConfig>;

const defaults = {
  activation: "relu2",
  activationScale: false,
  tiedHead: false,
  queryKeyNorm: true,
  normGain: false,
  rotaryBase: 10000,
  initialization: "normal",
} as const;

const sizes = ["vocabSize", "context", "width", "depth", "heads"] as const;
const { normEps: _, ...shared } = languageSettings;

/** What each setting means. */
export const gptSettings: Settings<GptConfig> = {
  ...shared,
  hiddenWidth: {
    doc: "width of the feed-forward layer; left out 4 · width, for swiglu 8/3 · width",
    range: wholeFrom(1),
  },
  activation: {
    doc: "nonlinearity of the feed-forward layer; relu2 is relu(x)²",
    range: oneOf(Object.keys(activations)),
  },
  queryKeyNorm: { doc: "RMS-normalise queries and keys of each head", range: yesOrNo },
  normGain: { doc: "a trainable gain for every RMSNorm", range: yesOrNo },
};

const checks = settingChecks("gpt", Object.keys(gptSettings));

/**
 * Fills in the defaults. Throws `ConfigError` for an unknown or missing setting, a size that is no positive
 * integer, heads that do not divide the width, an odd head width, or an unknown activation.
 */
export function resolveGptConfig(config: GptConfig): FullGptConfig {
  checks.known(config);
  for (const name of sizes) checks.size(name, config[name], name === "depth" ? 0 : 1);
  const activation = config.activation ?? defaults.activation;
  checks.choice("activation", activation, Object.keys(activations));
  const { width, heads } = config;
  const hiddenWidth = config.hiddenWidth ?? (activation === "swiglu" ? Math.ceil(width / 3) * 8 : 4 * width);
  checks.size("hiddenWidth", hiddenWidth);
  const full = { ...defaults, ...config, activation, hiddenWidth };
  expectHeads(width, heads, { rotary: true });
  for (const name of ["activationScale", "tiedHead", "queryKeyNorm", "normGain"] as const) {
    checks.boolean(name, full[name]);
  }
  checks.above("rotaryBase", full.rotaryBase, 1, "10000");
  checks.choice("initialization", full.initialization, initializations);
  return full;
}
