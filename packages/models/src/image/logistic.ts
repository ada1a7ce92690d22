import { numpy as np } from "@jax-js/jax";
import { linear } from "../layers/linear.ts";
import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import { parameterSet } from "../model/parameterSet.ts";
import type { Settings } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { expectImageShape, expectImages } from "./expectImages.ts";
import type { ImageModel, ImageShape } from "./imageModel.ts";
import { imageSettings } from "./imageSettings.ts";
import { scoreImages } from "./scoreImages.ts";
import { smoothedCrossEntropy } from "./smoothedCrossEntropy.ts";

export type LogisticConfig = {
  readonly imageShape: ImageShape;
  /** Classes of the labels. */
  readonly classes: number;
  /** Tell these classes from the others, with one row of weights. Default null: one row for every class. */
  readonly positive?: readonly number[] | null;
  /** λ of the penalty ½ λ |W|² on the weights, not the bias. Default 0. */
  readonly l2?: number;
};

export type FullLogisticConfig = Required<LogisticConfig>;

/** Weights [rows, pixels] and bias [rows]; one row where the model is binary. */
export type LogisticParams = { head: np.Array; bias: np.Array };

export interface Logistic extends ImageModel<LogisticParams> {
  readonly config: FullLogisticConfig;
}

/** What each setting means. */
export const logisticSettings: Settings<LogisticConfig> = {
  imageShape: imageSettings.imageShape,
  classes: imageSettings.classes,
  positive: {
    doc: "tell these classes from the others, with one row of weights; null: a row for every class",
    range: "a list of classes, or null",
  },
  l2: { doc: "λ of the penalty ½ λ |W|² on the weights, not the bias", range: "≥ 0" },
};

/**
 * Logistic regression on the pixels of an image, a convex problem: the mean cross-entropy of softmax(W x + b) plus
 * ½ λ |W|².
 *
 * With `positive` it is binary, p = 1 / (1 + exp(−w x − b)) that the class is one of these. Its logits are (0, w x + b), so
 * that everything else is the case of two classes: the loss is log(1 + exp(z)) − y z.
 *
 * Starts at 0, whatever the optimizer would like, as is usual for a convex problem. Throws `ConfigError`.
 */
export function logistic(config: LogisticConfig): Logistic {
  const check = settingChecks("logistic regression", Object.keys(logisticSettings));
  check.known(config);
  expectImageShape(check, config.imageShape, config.classes);
  const full: FullLogisticConfig = { l2: 0, positive: null, ...config };
  const { positive, imageShape, l2 } = full;
  expectNumber("l2", l2, 0);
  if (positive !== null) expectSomeClasses(positive, config.classes);
  const pixels = imageShape.reduce((a, b) => a * b, 1);
  const classes = positive === null ? config.classes : 2;
  const rows = positive === null ? classes : 1;
  const apply = ({ head, bias }: LogisticParams, images: np.Array): np.Array => {
    const batch = expectImages(images, imageShape);
    const z = linear(images.reshape([batch, pixels]), head).add(bias);
    return positive === null ? z : np.concatenate([np.zeros([batch, 1], { dtype: z.dtype }), z], 1);
  };
  const answers = (labels: np.Array): np.Array => {
    if (positive === null) return labels;
    const wanted = np.array(Int32Array.from(positive), { dtype: np.int32 });
    return np.max(np.equal(labels.reshape([-1, 1]), wanted).astype(np.int32), 1);
  };
  const set = parameterSet<LogisticParams>(
    (leaf) => ({
      head: leaf({ path: "head", shape: [rows, pixels], role: "head" }),
      bias: leaf({ path: "bias", shape: [rows], role: "bias" }),
    }),
    (key, { shape }) => {
      key.dispose();
      return np.zeros([...shape]);
    },
  );
  return {
    kind: "image",
    name: "logistic",
    config: full,
    imageShape,
    classes,
    ...set,
    init: (key, { initialize: _, ...options } = {}) => set.init(key, options),
    flopsPerToken: 6 * rows * pixels,
    apply,
    loss({ head, bias }, { images, labels }) {
      const penalty = l2 === 0 ? undefined : np.sum(np.square(head.ref)).mul(l2 / 2);
      const loss = smoothedCrossEntropy(apply({ head, bias }, images), answers(labels));
      return penalty === undefined ? loss : loss.add(penalty);
    },
    score: (params, { images, labels }, options) =>
      scoreImages(apply, params, { images, labels: answers(labels) }, options),
  };
}

function expectSomeClasses(positive: unknown, classes: number): void {
  const all = Array.isArray(positive) ? positive : [];
  const right = all.every((one) => Number.isSafeInteger(one) && one >= 0 && one < classes);
  const some = new Set(all).size === all.length && all.length > 0 && all.length < classes;
  if (!right || !some) {
    throw new ConfigError(
      `positive must be some of the classes 0 … ${classes - 1}, not all, each once, for example [0]; ` +
        `got ${JSON.stringify(positive)}`,
    );
  }
}
