import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import { type Settings, wholeFrom, yesOrNo } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { expectImageShape } from "./expectImages.ts";
import type { ImageShape } from "./imageModel.ts";
import { imageSettings } from "./imageSettings.ts";

/** The shape of a convolutional net. */
export type CnnConfig = {
  readonly imageShape: ImageShape;
  readonly classes: number;
  /** Channels of each group. Every group halves the sides of the image. Default [64, 256, 256]. */
  readonly widths?: readonly number[];
  /** 3 × 3 convolutions in each group. Default 2. */
  readonly depth?: number;
  /** Side of the patches of the first layer, which has 2 · channels · kernel² filters. Default 2. */
  readonly kernel?: number;
  /**
   * The frozen filters of the first layer, as `whiten` gives them; their negatives are the other half. Default
   * none: then the first layer is trained from its random start like the others.
   */
  readonly whitening?: readonly number[];
  /** Give the batch norms a trainable gain, too. Default false. */
  readonly normGain?: boolean;
  /** Scale every GELU so that activations keep their size (`activationScales`), as Scion's models do. Default false. */
  readonly activationScale?: boolean;
  /** Added to the variance in batch norm. Default 1e-5; airbench has 1e-12. */
  readonly normEps?: number;
  /** Share of the target that goes to all classes alike. Default 0.2. */
  readonly labelSmoothing?: number;
  /** Factor on the logits. Default 1/9. */
  readonly logitScale?: number;
};

/** A configuration with every default filled in. */
export type FullCnnConfig = Required<Omit<CnnConfig, "whitening">> & Pick<CnnConfig, "whitening">;

const defaults = {
  widths: [64, 256, 256],
  depth: 2,
  kernel: 2,
  normGain: false,
  activationScale: false,
  normEps: 1e-5,
  labelSmoothing: 0.2,
  logitScale: 1 / 9,
} as const;

/** What each setting means. */
export const cnnSettings: Settings<CnnConfig> = {
  ...imageSettings,
  widths: {
    doc: "channels of each group, which halves the sides of the image",
    range: "a list of whole numbers ≥ 1",
  },
  depth: { doc: "3 × 3 convolutions in each group", range: wholeFrom(1) },
  kernel: { doc: "side of the patches of the first layer", range: wholeFrom(1) },
  whitening: {
    doc: "the frozen filters of the first layer, as `whiten` gives them; left out: trained",
    range: "a list of numbers",
  },
  normGain: { doc: "a trainable gain for every batch norm", range: yesOrNo },
  normEps: { doc: "added to the variance in batch norm", range: "≥ 0" },
  logitScale: { doc: "factor on the logits", range: "> 0" },
};

/** Filters of the first layer: each whitening filter and its negative. */
export const firstWidth = ({ imageShape: [channels], kernel }: FullCnnConfig): number =>
  2 * channels * kernel ** 2;

/** Sides of the image after the first layer and after each group. */
export function sidesOf({
  imageShape: [, height, width],
  kernel,
  widths,
}: FullCnnConfig): [number, number][] {
  const first: [number, number] = [height - kernel + 1, width - kernel + 1];
  return widths.reduce<[number, number][]>(
    (sides) => {
      const [h, w] = sides.at(-1) ?? first;
      return [...sides, [Math.floor(h / 2), Math.floor(w / 2)]];
    },
    [first],
  );
}

/**
 * Fills in the defaults. Throws `ConfigError` for an unknown setting, a size that is no whole number, an image
 * too small for so many halvings, or whitening filters of another size than the first layer's.
 */
export function resolveCnnConfig(config: CnnConfig): FullCnnConfig {
  const check = settingChecks("cnn", Object.keys(cnnSettings));
  check.known(config);
  expectImageShape(check, config.imageShape, config.classes);
  const full: FullCnnConfig = { ...defaults, ...config };
  if (!Array.isArray(full.widths) || full.widths.length === 0) {
    throw new ConfigError(
      `widths must be a list of channels, for example [64, 256, 256]; got ${full.widths}`,
    );
  }
  for (const width of full.widths) check.size("every one of widths", width);
  check.size("depth", full.depth);
  check.size("kernel", full.kernel);
  check.boolean("normGain", full.normGain);
  check.boolean("activationScale", full.activationScale);
  expectNumber("normEps", full.normEps, 0);
  expectNumber("labelSmoothing", full.labelSmoothing, 0, 1);
  expectNumber("logitScale", full.logitScale, Number.MIN_VALUE);
  const [channels, height, width] = full.imageShape;
  if (Math.min(...(sidesOf(full).at(-1) ?? [0])) < 1) {
    throw new ConfigError(
      `an image of ${height} × ${width} pixels is too small for ${full.widths.length} groups, each of which ` +
        "halves its sides: take fewer widths",
    );
  }
  const expected = (channels * full.kernel ** 2) ** 2;
  const { whitening } = full;
  if (whitening !== undefined && !(Array.isArray(whitening) && whitening.length === expected)) {
    throw new ConfigError(
      `whitening must be the ${expected} numbers that whiten(images, imageShape, { kernel: ${full.kernel} }) gives ` +
        `for ${channels} channels; got ${Array.isArray(whitening) ? `${whitening.length} numbers` : JSON.stringify(whitening)}`,
    );
  }
  return full;
}
