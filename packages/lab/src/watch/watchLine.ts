import type { DiagnosticName } from "../plan/watch/diagnostics.ts";

/** What a line is of: one parameter, all of one role, or all there are; `cost`: what looking took. */
export type WatchScope = "layer" | "role" | "all" | "cost";

/** A line of `watch.jsonl`: numbers of one diagnostic at one step. */
export interface WatchLine {
  /** Updates made, that of the step included; 0 for the weights that a run starts from. */
  readonly step: number;
  readonly diagnostic: DiagnosticName | "cost";
  readonly scope: WatchScope;
  /** The path of a parameter, a role, or `all`. */
  readonly name: string;
  /** `attention`, `mlp`, `embedding`, …: see `watchRole`. Of lines of layers. */
  readonly role?: string;
  /** The norm that numbers are in, where it is a method's or a layer's own. */
  readonly norm?: string;
  readonly values: Readonly<Record<string, number>>;
  /** Of `spectra`: singular values, the largest first. */
  readonly arrays?: Readonly<Record<string, readonly number[]>>;
}

/** A number with the digits that a file has: nine, which tell float32 apart. A run that goes on knows no others. */
export const asInFile = (value: number): number => Number(value.toPrecision(9));

/** Numbers that are not finite are left out, as JSON has none; others are as they are in a file. */
export function finiteValues(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value !== undefined && Number.isFinite(value) ? [[name, asInFile(value)]] : [],
    ),
  );
}
