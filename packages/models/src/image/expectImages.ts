import type { numpy as np } from "@jax-js/jax";
import { ConfigError } from "../model/configError.ts";
import type { SettingChecks } from "../model/settingChecks.ts";
import type { ImageShape } from "./imageModel.ts";

/** The batch size. Throws for images of another shape than the model's. */
export function expectImages(images: np.Array, [channels, height, width]: ImageShape): number {
  const [batch = 0, ...shape] = images.shape;
  if (images.shape.length !== 4 || String(shape) !== String([channels, height, width])) {
    throw new Error(
      `images must be [batch, ${channels}, ${height}, ${width}] for this model, got [${images.shape}]`,
    );
  }
  return batch;
}

/** Throws `ConfigError` for a shape that no image has, or fewer than two classes. */
export function expectImageShape(check: SettingChecks, shape: unknown, classes: unknown): void {
  if (!Array.isArray(shape) || shape.length !== 3) {
    throw new ConfigError(
      `imageShape must be [channels, height, width], for example [1, 28, 28]; got ${JSON.stringify(shape)}`,
    );
  }
  for (const [i, name] of ["channels", "height", "width"].entries()) check.size(name, shape[i]);
  check.size("classes", classes);
  if (classes === 1) throw new ConfigError("classes must be at least 2; got 1");
}
