import { oneOf, wholeFrom, yesOrNo } from "../model/setting.ts";
import { initializations } from "./initialValue.ts";

/** Settings that families of language models share. */
export const languageSettings = {
  vocabSize: { doc: "number of token ids", range: wholeFrom(1) },
  context: { doc: "longest sequence, in tokens", range: wholeFrom(1) },
  width: { doc: "size of the residual stream, shared out among the heads", range: wholeFrom(1) },
  depth: { doc: "number of blocks; 0 leaves embedding, norm and head", range: wholeFrom(0) },
  heads: { doc: "attention heads; for queries, where kvHeads are fewer", range: wholeFrom(1) },
  tiedHead: { doc: "one table for embedding and head", range: yesOrNo },
  normEps: { doc: "added to the mean square or variance in every norm", range: "> 0" },
  rotaryBase: { doc: "the slowest wavelength of the rotary embedding over 2π, in tokens", range: "> 1" },
  activationScale: {
    doc: "scale the nonlinearity so that activations keep their size, as Scion's models do",
    range: yesOrNo,
  },
  initialization: {
    doc: "how weights start where the optimizer does not say; spectral: semi-orthogonal hidden weights",
    range: oneOf(initializations),
  },
} as const;
