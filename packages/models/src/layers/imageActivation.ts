import { nn, type numpy as np } from "@jax-js/jax";
import { activationScales, activations } from "./activation.ts";

/** The nonlinearities of image models; those that language models have, too, are the same functions. */
export const imageActivations = {
  relu: (x: np.Array) => nn.relu(x),
  gelu: activations.gelu,
  relu2: activations.relu2,
};

export type ImageActivation = keyof typeof imageActivations;

/**
 * The nonlinearity, times its factor of `activationScales` where `scaled`: √2 for ReLU and GELU, 2 for squared ReLU, so
 * that activations keep their size from layer to layer (Pethick et al. 2025, arXiv:2502.07529).
 */
export function imageActivation(name: ImageActivation, scaled: boolean): (x: np.Array) => np.Array {
  const activate = imageActivations[name];
  return scaled ? (x) => activate(x).mul(activationScales[name]) : activate;
}
