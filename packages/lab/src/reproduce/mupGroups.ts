/** A group of parameters with a learning rate of its own, as `groups` of an optimizer takes it. */
interface RateGroup {
  readonly match: readonly string[];
  readonly learningRate: number;
}

/**
 * Learning rates of the maximal update parametrisation for a GPT, relative to a model of `base` width, at
 * which all are `rate`:
 *
 *   Adam   hidden and head  rate · base/width           embedding, gains  rate
 *   SGD    head  rate · base/width    embedding, gains  rate · width/base    hidden  rate
 *
 * To go with initialization "spectral", which has the sizes that it asks for: hidden weights of spectral norm
 * √(dOut/dIn), a head of entries 1/width, embeddings of RMS 1. Yang et al. 2022, arXiv:2203.03466, table 3;
 * Yang, Simon & Bernstein 2023, arXiv:2310.17813.
 */
export function mupGroups(method: "adam" | "sgd", rate: number, width: number, base: number): RateGroup[] {
  const ratio = base / width;
  const hidden = ["blocks.*.attention.*", "blocks.*.feedForward.*"];
  if (method === "adam") return [{ match: [...hidden, "head"], learningRate: rate * ratio }];
  return [
    { match: ["head"], learningRate: rate * ratio },
    { match: ["embedding"], learningRate: rate / ratio },
  ];
}
