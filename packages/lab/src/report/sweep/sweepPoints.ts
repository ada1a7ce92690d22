import type { JsonOptions } from "../../plan/runPlan.ts";
import { scorePoints } from "../../sweep/outcomes.ts";
import type { SweepReport } from "./sweepReport.ts";

/** A point of a sweep with the mean loss of its seeds, of runs of all steps. */
export interface DrawnPoint {
  readonly label: string;
  /** Index into the palette. */
  readonly colour: number;
  readonly settings: JsonOptions;
  readonly loss: number;
}

/** The points with a loss, those of one optimizer after those of another. */
export function sweepPoints({ made, findings }: SweepReport): DrawnPoint[] {
  const outcomes = made.map(({ trial, row }) => ({
    trial,
    loss: row.status === "finished" ? row.valLoss : null,
  }));
  return findings.flatMap(({ label }, colour) =>
    scorePoints(outcomes, label, 1)
      .filter(({ loss }) => Number.isFinite(loss))
      .map(({ settings, loss }) => ({ label, colour, settings, loss })),
  );
}

/**
 * From a little below the least loss to where the better half of the points are twice over: a rate that is far too large would
 * flatten all others.
 */
export function lossDomain(losses: readonly number[]): [low: number, high: number] {
  const sorted = [...losses].sort((a, b) => a - b);
  const [least = 0] = sorted;
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? least;
  const most = sorted.at(-1) ?? least;
  const high = Math.min(most, least + 3 * (middle - least || Math.abs(least) || 1));
  const margin = (high - least || Math.abs(least) || 1) * 0.06;
  return [least - margin, high + margin];
}
