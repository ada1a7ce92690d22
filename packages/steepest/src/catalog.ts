import * as optimizers from "./optimizers/index.ts";

type Optimizers = typeof optimizers;

/** Every optimizer there is by its name on the command line and in configs, in alphabetical order. */
export type Catalog = {
  readonly [K in keyof Optimizers as Optimizers[K]["definition"]["name"]]: Optimizers[K];
};

export const catalog = byName(Object.values(optimizers));

export type OptimizerName = keyof Catalog;

/** What `Object.fromEntries` loses of the types. */
function byName(all: readonly Optimizers[keyof Optimizers][]): Catalog {
  const entries = all.map((optimizer) => [optimizer.definition.name, optimizer] as const);
  // Tools that bundle or transform modules do not keep the order of a namespace.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))) as Catalog;
}
