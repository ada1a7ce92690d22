import type { CnnConfig } from "./cnnConfig.ts";
import type { ImageShape } from "./imageModel.ts";
import type { LogisticConfig } from "./logistic.ts";
import type { MlpConfig } from "./mlp.ts";
import type { VitConfig } from "./vitConfig.ts";

/** What the data decide. */
type OfData = "imageShape" | "classes" | "whitening";

export type ImagePreset =
  | ({ readonly family: "logistic" } & Omit<LogisticConfig, OfData>)
  | ({ readonly family: "mlp" } & Omit<MlpConfig, OfData>)
  | ({ readonly family: "cnn" } & Omit<CnnConfig, OfData>)
  | ({ readonly family: "vit" } & Omit<VitConfig, OfData>);

/** Named shapes; the size of the images and the classes come with the data. Parameter counts are for Fashion-MNIST. */
export const imageModelPresets = {
  /** Multinomial logistic regression, 7,850 parameters; convex. */
  logistic: { family: "logistic" },
  /** Two hidden layers, 0.27M parameters. */
  mlp: { family: "mlp", widths: [256, 256] },
  /** A narrow airbench net for a few minutes on two cores, 0.14M parameters. */
  "cnn-small": { family: "cnn", widths: [32, 64, 64] },
  /** The 94 % net of airbench (Jordan 2024, arXiv:2404.00498): 1.97M parameters on CIFAR-10. */
  cnn: { family: "cnn", widths: [64, 256, 256] },
  /** 0.2M parameters, for trying things. */
  "vit-micro": { family: "vit", width: 64, depth: 4, heads: 4 },
  /** DeiT-tiny, -small and -base (Touvron et al. 2021, arXiv:2012.12877): 5.7M, 22M, 87M parameters at 224 × 224. */
  "vit-tiny": { family: "vit", width: 192, depth: 12, heads: 3 },
  "vit-small": { family: "vit", width: 384, depth: 12, heads: 6 },
  "vit-base": { family: "vit", width: 768, depth: 12, heads: 12 },
} as const satisfies Record<string, ImagePreset>;

export type ImageModelName = keyof typeof imageModelPresets;

export const imageModelNames = Object.keys(imageModelPresets) as readonly ImageModelName[];

/** A preset's settings, what the data decide, and what is to differ. */
export type ImageSettings = { readonly imageShape: ImageShape; readonly classes: number } & Readonly<
  Record<string, unknown>
>;
