import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import { oneOf, type Settings, wholeFrom, yesOrNo } from "../model/setting.ts";
import { expectHeads, settingChecks } from "../model/settingChecks.ts";
import { expectImageShape } from "./expectImages.ts";
import type { ImageShape } from "./imageModel.ts";
import { imageSettings } from "./imageSettings.ts";

/** The shape of a vision transformer. */
export type VitConfig = {
  readonly imageShape: ImageShape;
  readonly classes: number;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  /** Side of the square patches; must divide height and width. Default 16, for images below 128 pixels 4. */
  readonly patch?: number;
  /** Width of the feed-forward layer. Default 4 · width. */
  readonly hiddenWidth?: number;
  /** What the head reads: a class token of its own, or the mean over the patches. Default "class". */
  readonly pooling?: "class" | "mean";
  /** Biases in the linear layers. Default true. */
  readonly bias?: boolean;
  /** Give every RMSNorm a trainable gain. Default true. */
  readonly normGain?: boolean;
  /** Scale the nonlinearity so that activations keep their size (`activationScales`), as Scion's models do. Default false. */
  readonly activationScale?: boolean;
  /** Share of the target that goes to all classes alike. Default 0.1. */
  readonly labelSmoothing?: number;
};

/** A configuration with every default filled in. */
export type FullVitConfig = Required<VitConfig>;

const defaults = {
  pooling: "class",
  bias: true,
  normGain: true,
  activationScale: false,
  labelSmoothing: 0.1,
} as const;
const sizes = ["width", "depth", "heads"] as const;
const poolings = ["class", "mean"];

/** What each setting means. */
export const vitSettings: Settings<VitConfig> = {
  ...imageSettings,
  width: { doc: "size of the residual stream, a multiple of heads", range: wholeFrom(1) },
  depth: { doc: "number of blocks", range: wholeFrom(0) },
  heads: { doc: "attention heads", range: wholeFrom(1) },
  patch: {
    doc: "side of the square patches; left out 16, for images below 128 pixels 4",
    range: "a divisor of height and width",
  },
  hiddenWidth: { doc: "width of the feed-forward layer; left out 4 · width", range: wholeFrom(1) },
  pooling: {
    doc: "what the head reads: a class token of its own, or the mean over the patches",
    range: oneOf(poolings),
  },
  bias: { doc: "biases in the linear layers", range: yesOrNo },
  normGain: { doc: "a trainable gain for every RMSNorm", range: yesOrNo },
};

/** Patches down and across. */
export const gridOf = ({ imageShape: [, height, width], patch }: FullVitConfig): [number, number] => [
  height / patch,
  width / patch,
];

/** Length of the sequence the blocks see. */
export function tokensOf(config: FullVitConfig): number {
  const [down, across] = gridOf(config);
  return down * across + (config.pooling === "class" ? 1 : 0);
}

/**
 * Fills in the defaults. Throws `ConfigError` for an unknown or missing setting, a size that is no whole number,
 * patches that do not tile the image, or heads that do not divide the width.
 */
export function resolveVitConfig(config: VitConfig): FullVitConfig {
  const check = settingChecks("vit", Object.keys(vitSettings));
  check.known(config);
  expectImageShape(check, config.imageShape, config.classes);
  for (const name of sizes) check.size(name, config[name], name === "depth" ? 0 : 1);
  const [, height, width] = config.imageShape;
  const full: FullVitConfig = {
    ...defaults,
    patch: Math.min(height, width) < 128 ? 4 : 16,
    hiddenWidth: 4 * config.width,
    ...config,
  };
  check.size("patch", full.patch);
  check.size("hiddenWidth", full.hiddenWidth);
  check.choice("pooling", full.pooling, poolings);
  check.boolean("bias", full.bias);
  check.boolean("normGain", full.normGain);
  check.boolean("activationScale", full.activationScale);
  expectNumber("labelSmoothing", full.labelSmoothing, 0, 1);
  if (height % full.patch !== 0 || width % full.patch !== 0) {
    const fits = Array.from({ length: Math.min(height, width) }, (_, i) => i + 1).filter(
      (side) => height % side === 0 && width % side === 0,
    );
    throw new ConfigError(
      `patches of ${full.patch} × ${full.patch} do not tile an image of ${height} × ${width}: take patch ${fits.join(", ")}`,
    );
  }
  expectHeads(full.width, full.heads, { rotary: false });
  return full;
}
