import { numpy as np, random } from "@jax-js/jax";
import type { Parameter } from "steepest";
import { type ImageActivation, imageActivation, imageActivations } from "../layers/imageActivation.ts";
import { linear } from "../layers/linear.ts";
import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import { parameterSet } from "../model/parameterSet.ts";
import { oneOf, type Settings } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { expectImageShape, expectImages } from "./expectImages.ts";
import type { ImageModel, ImageShape } from "./imageModel.ts";
import { imageSettings } from "./imageSettings.ts";
import { scoreImages } from "./scoreImages.ts";
import { smoothedCrossEntropy } from "./smoothedCrossEntropy.ts";

export type MlpConfig = {
  readonly imageShape: ImageShape;
  readonly classes: number;
  /** Widths of the hidden layers. Default [256, 256]. */
  readonly widths?: readonly number[];
  /** Default "relu". */
  readonly activation?: ImageActivation;
  /** Scale the nonlinearity so that activations keep their size (`activationScales`), as Scion's models do. Default false. */
  readonly activationScale?: boolean;
  /** Share of the target that goes to all classes alike. Default 0. */
  readonly labelSmoothing?: number;
};

export type FullMlpConfig = Required<MlpConfig>;

/** Weights are [dOut, dIn]. */
export type MlpTree<T> = { layers: { weight: T; bias: T }[]; head: T; headBias: T };
export type MlpParams = MlpTree<np.Array>;

export interface Mlp extends ImageModel<MlpParams> {
  readonly config: FullMlpConfig;
}

const defaults = {
  widths: [256, 256],
  activation: "relu",
  activationScale: false,
  labelSmoothing: 0,
} as const;

/** What each setting means. */
export const mlpSettings: Settings<MlpConfig> = {
  ...imageSettings,
  widths: { doc: "widths of the hidden layers", range: "a list of whole numbers ≥ 1" },
  activation: { doc: "nonlinearity of the hidden layers", range: oneOf(Object.keys(imageActivations)) },
};

/**
 * A multilayer perceptron on the pixels of an image: x ← activation(W x + b) for every width, logits = head x + b.
 * Starts at N(0, 2/dIn) (He et al. 2015, arXiv:1502.01852), the head at N(0, 1/dIn), biases at 0.
 * Throws `ConfigError` when the configuration cannot work.
 */
export function mlp(config: MlpConfig): Mlp {
  const check = settingChecks("multilayer perceptron", Object.keys(mlpSettings));
  check.known(config);
  expectImageShape(check, config.imageShape, config.classes);
  const full: FullMlpConfig = { ...defaults, ...config };
  if (!Array.isArray(full.widths)) {
    throw new ConfigError(
      `widths must be a list of layer widths, for example [256, 256]; got ${full.widths}`,
    );
  }
  for (const width of full.widths) check.size("every one of widths", width);
  check.choice("activation", full.activation, Object.keys(imageActivations));
  check.boolean("activationScale", full.activationScale);
  expectNumber("labelSmoothing", full.labelSmoothing, 0, 1);
  const pixels = full.imageShape.reduce((a, b) => a * b, 1);
  const activate = imageActivation(full.activation, full.activationScale);
  const apply = ({ layers, head, headBias }: MlpParams, images: np.Array): np.Array => {
    let x = images.reshape([expectImages(images, full.imageShape), pixels]);
    for (const { weight, bias } of layers) x = activate(linear(x, weight).add(bias));
    return linear(x, head).add(headBias);
  };
  const set = parameterSet<MlpParams>((leaf) => mlpTree(full, pixels, leaf), initialValue);
  return {
    kind: "image",
    name: "mlp",
    config: full,
    imageShape: full.imageShape,
    classes: full.classes,
    ...set,
    flopsPerToken: 6 * set.parameterCount,
    apply,
    loss: (params, { images, labels }) =>
      smoothedCrossEntropy(apply(params, images), labels, full.labelSmoothing),
    score: (params, batch, options) => scoreImages(apply, params, batch, options),
  };
}

function mlpTree<T>(
  { widths, classes }: FullMlpConfig,
  pixels: number,
  leaf: (p: Parameter) => T,
): MlpTree<T> {
  const layers = widths.map((width, i) => ({
    weight: leaf({ path: `layers.${i}.weight`, shape: [width, widths[i - 1] ?? pixels], role: "hidden" }),
    bias: leaf({ path: `layers.${i}.bias`, shape: [width], role: "bias" }),
  }));
  return {
    layers,
    head: leaf({ path: "head", shape: [classes, widths.at(-1) ?? pixels], role: "head" }),
    headBias: leaf({ path: "headBias", shape: [classes], role: "bias" }),
  };
}

function initialValue(key: np.Array, { shape, role }: Parameter): np.Array {
  if (role === "bias") {
    key.dispose();
    return np.zeros([...shape]);
  }
  const dIn = shape[1] ?? 1;
  return random.normal(key, [...shape]).mul(Math.sqrt((role === "head" ? 1 : 2) / dIn));
}
