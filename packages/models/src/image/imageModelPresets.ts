import type { CnnConfig } from "./cnnConfig.ts";
import type { ImageShape } from "./imageModel.ts";
import type { LogisticConfig } from "./logistic.ts";
import type { MlpConfig } from "./mlp.ts";
import type { VitConfig } from "./vitConfig.ts";

/** What the data decide. */
type OfData = "imageShape" | "classes" | "whitening";

type Preset<F extends string, C> = { readonly family: F; readonly about: string } & Omit<C, OfData>;

export type ImagePreset =
  | Preset<"logistic", LogisticConfig>
  | Preset<"mlp", MlpConfig>
  | Preset<"cnn", CnnConfig>
  | Preset<"vit", VitConfig>;

const deit =
  "a vision transformer of the shape of DeiT (Touvron et al. 2021, arXiv:2012.12877), with RMSNorm";

/** Named shapes; the size of the images and the classes come with the data. */
export const imageModelPresets = {
  logistic: { family: "logistic", about: "multinomial logistic regression; convex" },
  mlp: { family: "mlp", about: "two hidden layers on the pixels", widths: [256, 256] },
  "cnn-small": {
    family: "cnn",
    about: "a narrow airbench net, a few minutes of training on two cores",
    widths: [32, 64, 64],
  },
  cnn: {
    family: "cnn",
    about: "the 94 % net of airbench for CIFAR-10 (Jordan 2024, arXiv:2404.00498)",
    widths: [64, 256, 256],
  },
  "vit-micro": {
    family: "vit",
    about: "a vision transformer for trying things",
    width: 64,
    depth: 4,
    heads: 4,
  },
  "vit-tiny": { family: "vit", about: deit, width: 192, depth: 12, heads: 3 },
  "vit-small": { family: "vit", about: deit, width: 384, depth: 12, heads: 6 },
  "vit-base": { family: "vit", about: deit, width: 768, depth: 12, heads: 12 },
} as const satisfies Record<string, ImagePreset>;

export type ImageModelName = keyof typeof imageModelPresets;

export const imageModelNames = Object.keys(imageModelPresets) as readonly ImageModelName[];

/** A preset's settings, what the data decide, and what is to differ. */
export type ImageSettings = { readonly imageShape: ImageShape; readonly classes: number } & Readonly<
  Record<string, unknown>
>;
