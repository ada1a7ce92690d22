import type { ExampleUnit } from "../plan/runObserver.ts";
import type { CompareRow } from "./compareRow.ts";

/** A number over the seeds of one optimizer. */
export interface Spread {
  readonly mean: number;
  readonly values: readonly number[];
}

/** All seeds of one optimizer. What no seed got to is undefined. */
export interface OptimizerSummary {
  readonly label: string;
  readonly optimizer: string;
  readonly rows: readonly CompareRow[];
  readonly finished: number;
  readonly trainLoss: Spread | undefined;
  readonly valLoss: Spread | undefined;
  /** Of classifiers. */
  readonly valAccuracy: Spread | undefined;
  /** Over the seeds that got there; compare its number with `rows`. */
  readonly stepsToReference: Spread | undefined;
  readonly msPerStep: Spread | undefined;
  readonly tokensPerSecond: Spread | undefined;
  /** What `tokensPerSecond` counts. */
  readonly unit: ExampleUnit;
  readonly optimizerShare: Spread | undefined;
  readonly stateFloatsPerParameter: number | undefined;
  readonly peakRssBytes: Spread | undefined;
}

type NumberOf = (row: CompareRow) => number | null;

/** One summary for each label, in the order of first appearance. Losses are means over the finished seeds only. */
export function summarizeRows(rows: readonly CompareRow[]): OptimizerSummary[] {
  const labels = [...new Set(rows.map(({ label }) => label))];
  return labels.map((label) => {
    const mine = rows.filter((row) => row.label === label);
    const finished = mine.filter(({ status }) => status === "finished");
    const withState = mine.find(({ stateFloats, parameters }) => stateFloats !== null && parameters !== null);
    return {
      label,
      optimizer: mine[0]?.optimizer ?? label,
      rows: mine,
      finished: finished.length,
      trainLoss: spread(finished, (row) => row.trainLoss),
      valLoss: spread(finished, (row) => row.valLoss),
      valAccuracy: spread(finished, (row) => row.valAccuracy ?? null),
      stepsToReference: spread(finished, (row) => row.stepsToReference),
      msPerStep: spread(mine, (row) => row.msPerStep),
      tokensPerSecond: spread(mine, (row) => row.tokensPerSecond),
      unit: mine.find(({ unit }) => unit !== undefined)?.unit ?? "tokens",
      optimizerShare: spread(mine, (row) => row.optimizerShare),
      stateFloatsPerParameter: withState && (withState.stateFloats ?? 0) / (withState.parameters ?? 1),
      peakRssBytes: spread(mine, (row) => row.peakRssBytes),
    };
  });
}

function spread(rows: readonly CompareRow[], of: NumberOf): Spread | undefined {
  const values = rows.map(of).filter((value) => value !== null);
  if (values.length === 0) return undefined;
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, values };
}
