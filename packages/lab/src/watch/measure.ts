import type { Parameter } from "steepest";

import type { WatchedLayer } from "../plan/watch/watchedLayers.ts";
import type { Moment, Need } from "./moment.ts";
import type { WatchLine } from "./watchLine.ts";

/** What a diagnostic says of a step, without the step and its own name. */
export type Finding = Omit<WatchLine, "step" | "diagnostic">;

/** One diagnostic of a run. */
export interface Measure {
  readonly needs: readonly Need[];
  look(moment: Moment): Promise<readonly Finding[]>;
  /** Of the weights that a run starts from. Default nothing. */
  start?(weights: Moment["before"]): Promise<readonly Finding[]>;
  dispose?(): void;
}

/** Groups of layers by role, in the order of first appearance. */
export function byRole<L extends { readonly role: string }>(layers: readonly L[]): [role: string, L[]][] {
  const groups = new Map<string, L[]>();
  for (const layer of layers) groups.set(layer.role, [...(groups.get(layer.role) ?? []), layer]);
  return [...groups];
}

export const isMatrix = ({ shape }: Pick<Parameter, "shape">): boolean => shape.length >= 2;

/** Rows and columns of a weight as a matrix, [dOut, rest]. */
export function sidesOf({ shape }: Pick<WatchedLayer, "shape">): [rows: number, cols: number] {
  const [rows = 1, ...rest] = shape;
  return [rows, rest.reduce((product, side) => product * side, 1)];
}

/** What `fn` finds of each layer, one after the other. */
export async function eachLayer<L, T>(layers: readonly L[], fn: (layer: L) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const layer of layers) found.push(await fn(layer));
  return found;
}
