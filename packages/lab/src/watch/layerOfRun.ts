import type { LayerGeometry } from "steepest";

import type { LayerPromise, WatchedLayer } from "../plan/watch/watchedLayers.ts";
import { watchRole } from "./watchRole.ts";

/** A parameter as diagnostics see it. */
export interface LayerOfRun {
  readonly path: string;
  readonly shape: readonly number[];
  /** Entries. */
  readonly size: number;
  /** See `watchRole`. */
  readonly role: string;
  readonly geometry: LayerGeometry | undefined;
  readonly promise: LayerPromise | undefined;
}

export const layerOfRun = ({ path, shape, role, geometry, promise }: WatchedLayer): LayerOfRun => ({
  path,
  shape,
  size: shape.reduce((product, side) => product * side, 1),
  role: watchRole({ path, role }),
  geometry,
  promise,
});
