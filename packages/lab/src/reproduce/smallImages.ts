import type { PlanInput } from "../plan/planInput.ts";
import type { Scale } from "./claim.ts";

export type ImageJob = "cnn" | "vit" | "logistic";

/** The image jobs of the claims: a CNN, a vision transformer or logistic regression, on Fashion-MNIST. */
export function smallImages(
  kind: ImageJob,
  scale: Scale,
): PlanInput & { readonly steps: number; readonly batch: number } {
  const model = {
    small: { cnn: "cnn-small", vit: "vit-micro", logistic: "logistic" },
    medium: { cnn: "cnn-small", vit: "vit-tiny", logistic: "logistic" },
    paper: { cnn: "cnn", vit: "vit-base", logistic: "logistic" },
  }[scale][kind];
  const size = {
    small: { batch: 64, steps: kind === "logistic" ? 300 : 60 },
    medium: { batch: 128, steps: 1000 },
    paper: { batch: 1000, steps: 400 },
  }[scale];
  return {
    ...size,
    model,
    data: scale === "paper" && kind === "cnn" ? "cifar10" : "fashion-mnist",
    evalEvery: Math.round(size.steps / 5),
    evalBatches: 8,
    schedule: "linear",
  };
}

/** For the page. */
export const smallImagesText = (kind: ImageJob, scale: Scale): string => {
  const { model, data, batch, steps } = smallImages(kind, scale);
  return `Model \`${model}\` on ${data === "cifar10" ? "CIFAR-10" : "Fashion-MNIST"}, ${steps} steps of ${batch} images`;
};
