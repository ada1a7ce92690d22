/** Weights that do not belong to a model; the message names the tensors. */
export class WeightsError extends Error {
  override readonly name = "WeightsError";
}
