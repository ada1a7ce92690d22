import {
  formatAccuracy,
  formatBytes,
  formatCount,
  formatLoss,
  formatMs,
  formatRange,
  formatRatio,
  formatShare,
} from "../text/quantities.ts";
import type { Measure } from "./bestOf.ts";
import type { OptimizerSummary, Spread } from "./summarizeRows.ts";

/** A column of the table of optimizers, the same on the terminal, in markdown and in the report. */
export interface SummaryColumn {
  readonly measure: Measure;
  readonly title: string;
  readonly unit: string;
  /** Columns with lower numbers stay longer when there is no room. */
  readonly keep: number;
  cell(summary: OptimizerSummary): string;
  /** The range over seeds, or how many seeds the number stands for; often nothing. */
  note(summary: OptimizerSummary): string;
}

/** The columns. The first optimizer is the reference; accuracy is there where the model has classes. */
export function summaryColumns(summaries: readonly OptimizerSummary[]): SummaryColumn[] {
  const [referenceName = ""] = (summaries[0]?.label ?? "").split(":");
  const unit = summaries[0]?.unit ?? "tokens";
  const lossUnit = unit === "evaluations" ? "of the problem" : "nats";
  const accuracy = column("valAccuracy", ["validation accuracy", "% right"], 1, formatAccuracy);
  const reach = column("stepsToReference", [`steps to reach ${referenceName}`, "validation"], 3, (steps) =>
    formatCount(typeof steps === "number" ? Math.round(steps) : steps),
  );
  return [
    ...(summaries.some(({ valAccuracy }) => valAccuracy !== undefined) ? [accuracy] : []),
    column("valLoss", ["validation loss", lossUnit], 1, formatLoss),
    column("trainLoss", ["train loss", lossUnit], 2, formatLoss),
    { ...reach, cell: (summary) => reachCell(summary, reach), note: (summary) => reachNote(summary, reach) },
    column("msPerStep", ["step", "ms"], 4, formatMs),
    column("optimizerShare", ["in optimizer", "% of step"], 5, formatShare),
    {
      measure: "stateFloatsPerParameter",
      title: "state floats",
      unit: "per param.",
      keep: 6,
      cell: (summary) => formatRatio(summary.stateFloatsPerParameter),
      note: () => "",
    },
    column("tokensPerSecond", ["speed", `${unit}/s`], 7, formatCount),
    column("peakRssBytes", ["peak memory", "process"], 8, formatBytes),
  ];
}

/** A column of numbers that are means over seeds. */
function column(
  measure: Exclude<Measure, "stateFloatsPerParameter">,
  [title, unit]: readonly [title: string, unit: string],
  keep: number,
  format: (value: number | null | undefined) => string,
): SummaryColumn {
  const spread = (summary: OptimizerSummary): Spread | undefined => summary[measure];
  return {
    measure,
    title,
    unit,
    keep,
    cell: (summary) => format(spread(summary)?.mean),
    note: (summary) => formatRange(spread(summary)?.values ?? [], format),
  };
}

const reachCell = (summary: OptimizerSummary, reach: SummaryColumn): string =>
  summary.stepsToReference === undefined && summary.finished > 0 ? "not reached" : reach.cell(summary);

function reachNote(summary: OptimizerSummary, reach: SummaryColumn): string {
  const there = summary.stepsToReference?.values.length ?? 0;
  if (there === 0 || there === summary.rows.length) return reach.note(summary);
  return `${there} of ${summary.rows.length} seeds`;
}
