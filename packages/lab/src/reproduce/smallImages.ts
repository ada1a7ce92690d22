import type { PlanInput } from "../plan/planInput.ts";
import type { Scale } from "./claim.ts";

export type ImageJob = "cnn" | "vit" | "mlp" | "logistic";

/** The image jobs of the claims: a CNN, a vision transformer, two hidden layers or logistic regression, on Fashion-MNIST. */
export function smallImages(
  kind: ImageJob,
  scale: Scale,
): PlanInput & { readonly steps: number; readonly batch: number } {
  const model = {
    small: { cnn: "cnn-small", vit: "vit-micro", mlp: "mlp", logistic: "logistic" },
    medium: { cnn: "cnn-small", vit: "vit-tiny", mlp: "mlp", logistic: "logistic" },
    paper: { cnn: "cnn", vit: "vit-base", mlp: "mlp", logistic: "logistic" },
  }[scale][kind];
  const size = {
    small: { batch: 64, steps: { cnn: 60, vit: 60, mlp: 150, logistic: 300 }[kind] },
    medium: { batch: 128, steps: 1000 },
    paper: { batch: 1000, steps: 400 },
  }[scale];
  return {
    ...size,
    model,
    ...(kind === "mlp" && scale === "small" && { modelOptions: { widths: [64, 64] } }),
    data: scale === "paper" && kind === "cnn" ? "cifar10" : "fashion-mnist",
    evalEvery: Math.round(size.steps / 5),
    evalBatches: 8,
    schedule: "linear",
  };
}

/** For the page. */
export const smallImagesText = (kind: ImageJob, scale: Scale): string => {
  const { model, data, batch, steps, modelOptions } = smallImages(kind, scale);
  const size = modelOptions === undefined ? "" : ` with widths ${modelOptions.widths}`;
  return `Model \`${model}\`${size} on ${data === "cifar10" ? "CIFAR-10" : "Fashion-MNIST"}, ${steps} steps of ${batch} images`;
};
