import { didYouMean } from "steepest";
import { ConfigError } from "../model/configError.ts";
import { cnn } from "./cnn.ts";
import { resolveCnnConfig } from "./cnnConfig.ts";
import type { ImageModel } from "./imageModel.ts";
import {
  type ImageModelName,
  type ImagePreset,
  type ImageSettings,
  imageModelNames,
  imageModelPresets,
} from "./imageModelPresets.ts";
import { logistic } from "./logistic.ts";
import { mlp } from "./mlp.ts";
import { vit } from "./vit.ts";
import type { VitConfig } from "./vitConfig.ts";

/**
 * The model of a preset, with some of its settings replaced.
 * Throws `ConfigError` for an unknown name or setting and for settings that do not go together.
 */
export function createImageModel(name: string, settings: ImageSettings): ImageModel {
  if (!isImageModelName(name)) {
    throw new ConfigError(
      `there is no image model "${name}"${didYouMean(name, imageModelNames)}; they are ${imageModelNames.join(", ")}`,
    );
  }
  const preset: ImagePreset = imageModelPresets[name];
  const { family, about: _, ...shape } = preset;
  // The families check names and values of their settings themselves.
  const config = { ...shape, ...settings };
  switch (family) {
    case "logistic":
      return logistic(config);
    case "mlp":
      return mlp(config);
    case "cnn":
      return cnn(config);
    case "vit":
      return vit(config as VitConfig);
  }
}

/** Side of the patches whose whitening the first layer of a model is, or undefined for a model without. */
export function whiteningKernel(name: string, settings: ImageSettings): number | undefined {
  if (!isImageModelName(name)) return undefined;
  const { family, about: _, ...shape }: ImagePreset = imageModelPresets[name];
  return family === "cnn" ? resolveCnnConfig({ ...shape, ...settings }).kernel : undefined;
}

const isImageModelName = (name: string): name is ImageModelName => Object.hasOwn(imageModelPresets, name);
