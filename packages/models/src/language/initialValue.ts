import { numpy as np } from "@jax-js/jax";
import type { Parameter } from "steepest";
import { columns, sign, spectral } from "steepest/norms";

import { gaussianRows, type StartingRows } from "../model/startingRows.ts";

/** How a parameter starts. Consumes the key. */
export type InitialValue = (key: np.Array, parameter: Parameter) => np.Array | StartingRows;

/** `normal` is the family's own Gaussian; `spectral` starts on the unit spheres of Scion's norms. */
export type Initialization = "normal" | "spectral";

export const initializations: readonly Initialization[] = ["normal", "spectral"];

/** Gains 1 and biases 0, whatever the rest does; a Gaussian of this deviation else. */
export function withGains(deviation: (parameter: Parameter) => number): InitialValue {
  return (key, parameter) =>
    vectorValue(key, parameter) ?? gaussianRows(key, parameter.shape, deviation(parameter));
}

const rowsOfRms1 = columns({ transpose: true });
const coinsOverInput = sign({ perInput: true });
const semiOrthogonal = spectral();

/**
 * Spectral initialisation: every operator maps inputs of RMS 1 to outputs of RMS about 1 at any width.
 *
 * - hidden [dOut, dIn]: semi-orthogonal, all singular values √(dOut/dIn)
 * - embedding: Gaussian rows, each of RMS 1
 * - head, and a table shared with it: ±1/width, so that logits start small (about 1/√width)
 * - gain 1, bias 0
 *
 * Source: Yang, Simon & Bernstein 2023, arXiv:2310.17813, for the scale of hidden weights; Pethick et al. 2025,
 * arXiv:2502.07529, tables 2 to 4, for the rest (there at radius 1). Nothing is divided by the depth.
 */
export const spectralInitialValue: InitialValue = (key, parameter) => {
  const vector = vectorValue(key, parameter);
  if (vector !== undefined) return vector;
  const { role, shape } = parameter;
  if (role === "embedding") return rowsOfRms1.init(key, shape);
  if (role === "head") return coinsOverInput.init(key, shape);
  return semiOrthogonal.init(key, shape);
};

function vectorValue(key: np.Array, { role, shape }: Parameter): np.Array | undefined {
  if (role !== "gain" && role !== "bias") return undefined;
  key.dispose();
  return role === "gain" ? np.ones([...shape]) : np.zeros([...shape]);
}
