import type { OptimizerFinding, Profile } from "../sweep/sweepSummary.ts";
import { describeSettings } from "../sweep/trial.ts";
import { fitTable, wrapWords } from "../text/fitTable.ts";
import { formatCount, formatLoss, formatRange, MISSING } from "../text/quantities.ts";
import { type Colours, plain } from "../text/terminalColours.ts";

/** What a sweep found, as lines: the best of each optimizer, how the loss depends on each setting, and what to doubt. */
export function sweepTables(
  findings: readonly OptimizerFinding[],
  width: number,
  colours: Colours = plain,
): string[] {
  const best = Math.min(...findings.map((one) => one.best?.loss ?? Number.POSITIVE_INFINITY));
  const column = (
    title: string,
    cell: (one: OptimizerFinding) => string,
    keep: number,
    align: "left" | "right" = "right",
  ) => ({
    title,
    align,
    keep,
    cells: findings.map(cell),
  });
  const lines = fitTable(
    [
      column("optimizer", ({ label }) => label, 0, "left"),
      {
        ...column("best val", (one) => formatLoss(one.best?.loss), 0),
        style: (text, row) => (findings[row]?.best?.loss === best ? colours.green(text) : text),
      },
      column(
        "seeds",
        (one) =>
          one.best !== null && one.best.losses.length > 1
            ? formatRange(one.best.losses, formatLoss)
            : MISSING,
        2,
      ),
      column("with", (one) => (one.best === null ? MISSING : describeSettings(one.best.settings)), 0, "left"),
      column("points", ({ points }) => formatCount(points), 3),
      column("diverged", ({ diverged }) => formatCount(diverged), 4),
      column("failed", ({ failed }) => formatCount(failed), 5),
    ],
    width,
    colours,
  );
  for (const { label, profiles } of findings) {
    for (const profile of profiles.filter(({ values }) => values.length > 1)) {
      lines.push(
        "",
        ...wrapWords(`${label}, best loss by ${profile.name}: ${describeProfile(profile)}`, width),
      );
    }
  }
  const doubts = findings.flatMap(({ label, edges }) =>
    edges.map((edge) => `${label}: ${edge}, so a better value may lie beyond`),
  );
  if (doubts.length > 0) lines.push("", ...doubts.flatMap((doubt) => wrapWords(doubt, width)));
  return [...lines, ""];
}

const describeProfile = ({ values }: Profile): string =>
  values
    .map(
      ({ value, loss }) =>
        `${typeof value === "string" ? value : JSON.stringify(value)} ${loss === null ? "diverged" : formatLoss(loss)}`,
    )
    .join(", ");
