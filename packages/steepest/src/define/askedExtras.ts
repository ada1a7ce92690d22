import type { Extras } from "./definition.ts";
import { OptionError } from "./options.ts";

/** The extras that were given; in the place of each other one, an `OptionError` that says what to import. */
export function askedExtras(owner: string, given: Partial<Extras> | undefined): Extras {
  const ask = (what: string) => (): never => {
    throw new OptionError(
      `${owner}: ${what} needs code that its import leaves out: import { extras } from "steepest" and give ` +
        `${owner} { …, extras }, or use createOptimizer("${owner}", …), which has all of it`,
    );
  };
  return {
    orthogonalizeBy: ask("polar, coefficients or normalization other than the default, or steps above 8,"),
    trace: ask('momentumForm "sum"'),
    emaCorrected: ask("biasCorrection"),
    addCautiousDecay: ask('weightDecayMode "cautious"'),
    inBlocks: ask("blocks"),
    ...given,
  };
}
