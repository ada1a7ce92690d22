import { expectNoFlip } from "../../matrix/coefficients/expectNoFlip.ts";
import { type NormalizationName, normalizationNames } from "../../matrix/normalization.ts";
import { type Polar, type PolarName, polarFunction, polarNames } from "../../matrix/polar.ts";
import { type CoefficientChoice, coefficientOption } from "../coefficientOption.ts";
import { choice, integer, OptionError, type ValuesOf } from "../options.ts";

/** What the methods with a polar factor differ in. */
export interface PolarDefaults {
  /** Default "newtonSchulz". */
  readonly polar?: PolarName;
  /** Default "keller". */
  readonly coefficients?: CoefficientChoice;
  /** Default 5. */
  readonly steps?: number;
  /** Default "invariant". */
  readonly normalization?: NormalizationName;
}

/** The options of every method that takes a polar factor: one vocabulary, with the method's own defaults. */
export const polarOptions = (defaults: PolarDefaults = {}) => ({
  polar: choice<PolarName>(
    defaults.polar ?? "newtonSchulz",
    polarNames,
    "how polar factors are found; gram: Newton-Schulz on the small Gram matrix, polarExpress: with its coefficients, " +
      "lakic: as Scion's CIFAR example, svd: exactly",
  ),
  coefficients: coefficientOption(defaults.coefficients ?? "keller"),
  steps: integer(defaults.steps ?? 5, 1, "iterations of every polar factor but svd"),
  normalization: choice<NormalizationName>(
    defaults.normalization ?? "invariant",
    normalizationNames,
    "what a matrix is divided by before newtonSchulz, gram or polarExpress: ‖·‖_F without eps, or as a published code does",
  ),
});

export type PolarValues = ValuesOf<ReturnType<typeof polarOptions>>;

/**
 * The polar factor that the options describe. Throws `OptionError` for values that do not go together, and for a list of
 * coefficients whose polynomial goes below zero.
 */
export function polarFrom({ polar, coefficients, steps, normalization }: PolarValues): Polar {
  const how = {
    newtonSchulz: { method: "newtonSchulz", coefficients, steps, normalization },
    gram: { method: "gram", coefficients, steps, normalization },
    polarExpress: { method: "polarExpress", steps, normalization },
    lakic: { method: "lakic", steps },
    svd: "svd",
  } satisfies Record<PolarName, Polar>;
  try {
    if (typeof coefficients !== "string")
      expectNoFlip({ name: "coefficients: the list", flipsSign: false }, coefficients);
    polarFunction(how[polar]);
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
  return how[polar];
}
