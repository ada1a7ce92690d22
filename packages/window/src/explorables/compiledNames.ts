import { catalog, optimizerNames } from "steepest";

/** The optimizers that need nothing but gradients. */
export const compiledNames = (): string[] =>
  optimizerNames().filter((name) => catalog[name].definition.needs === undefined);
