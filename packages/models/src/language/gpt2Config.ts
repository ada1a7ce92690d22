import { type Settings, wholeFrom } from "../model/setting.ts";
import { expectHeads, settingChecks } from "../model/settingChecks.ts";
import { type Initialization, initializations } from "./initialValue.ts";
import { languageSettings } from "./languageSettings.ts";

/** The shape of a GPT-2. */
export type Gpt2Config = {
  /** Number of token ids. */
  readonly vocabSize: number;
  /** Longest sequence, in tokens: the rows of the table of positions. */
  readonly context: number;
  /** Size of the residual stream, a multiple of heads. */
  readonly width: number;
  /** Number of blocks; 0 leaves embeddings, norm and head. */
  readonly depth: number;
  readonly heads: number;
  /** Width of the feed-forward layer. Default 4 · width. */
  readonly hiddenWidth?: number;
  /** Added to the variance in every LayerNorm. Default 1e-5. */
  readonly normEps?: number;
  /** Multiply GELU by √2, so that activations keep their size, as Scion's models do. Default false. */
  readonly activationScale?: boolean;
  /** How weights start when the optimizer does not say. Default "normal"; "spectral" is `spectralInitialValue`. */
  readonly initialization?: Initialization;
};

/** A configuration with every default filled in. */
export type FullGpt2Config = Required<Gpt2Config>;

const sizes = ["vocabSize", "context", "width", "depth", "heads"] as const;
const { tiedHead: _, rotaryBase: __, ...shared } = languageSettings;

/** What each setting means. */
export const gpt2Settings: Settings<Gpt2Config> = {
  ...shared,
  hiddenWidth: { doc: "width of the feed-forward layer; left out 4 · width", range: wholeFrom(1) },
};

const checks = settingChecks("gpt2", Object.keys(gpt2Settings));

/**
 * Fills in the defaults. Throws `ConfigError` for an unknown or missing setting, a size that is no positive
 * integer, heads that do not divide the width, or numbers out of range.
 */
export function resolveGpt2Config(config: Gpt2Config): FullGpt2Config {
  checks.known(config);
  for (const name of sizes) checks.size(name, config[name], name === "depth" ? 0 : 1);
  const full: FullGpt2Config = {
    hiddenWidth: 4 * config.width,
    normEps: 1e-5,
    activationScale: false,
    initialization: "normal",
    ...config,
  };
  checks.size("hiddenWidth", full.hiddenWidth);
  expectHeads(config.width, config.heads, { rotary: false });
  checks.above("normEps", full.normEps, 0, "1e-5");
  checks.boolean("activationScale", full.activationScale);
  checks.choice("initialization", full.initialization, initializations);
  return full;
}
