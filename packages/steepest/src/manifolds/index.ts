import "../polyfill.ts";

export type { Manifold } from "./manifold.ts";
export { createManifold, type ManifoldName, manifoldNames, type NamedManifoldOptions } from "./named.ts";
export { oblique } from "./oblique.ts";
export { sphere } from "./sphere.ts";
export { type StiefelOptions, stiefel } from "./stiefel.ts";
