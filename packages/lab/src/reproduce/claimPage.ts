import { formatCountOf } from "../text/quantities.ts";
import type { Analysis, Claim, Source, Table } from "./claim.ts";
import { type ClaimData, resultsOf } from "./claimData.ts";
import { claimFigure } from "./claimFigure.ts";

/** The page of a claim and its figure, made from its data alone. */
export function claimPage(
  claim: Claim,
  data: ClaimData,
): { markdown: string; svg: string; analysis: Analysis } {
  const analysis = claim.analyse(data.scale, resultsOf(data));
  const { environment, parts, scale, made } = data;
  const seconds = parts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const packages = environment.packages["onnxruntime-node"];
  const markdown = [
    `# ${claim.title}`,
    "",
    `> ${claim.statement}`,
    ">",
    `> — ${describeSource(claim.source)}, in our words.`,
    "",
    `**At scale ${scale} this ${verdictWords[analysis.verdict]}.** ${analysis.headline}`,
    "",
    `![${analysis.figure.label}](${claim.name}.svg)`,
    "",
    ...analysis.tables.flatMap(tableLines),
    "## How it was tested",
    "",
    claim.setup(scale).trim(),
    "",
    ...(analysis.remarks.length > 0
      ? ["## What to keep in mind", "", ...analysis.remarks.map((one) => `- ${one}`), ""]
      : []),
    "## Again",
    "",
    `\`${data.command}\` makes it again: ${formatCountOf(parts.length, "part")}, ${cpuTime(seconds)} of processor time ` +
      `(${environment.cpu}, Node ${environment.node}, ONNX Runtime ${packages}; ${made.slice(0, 10)}). ` +
      `\`steepest reproduce ${claim.name} --page docs/results/claims\` makes this page and its figure from ` +
      `[the summary of the raw results](${claim.name}.json).`,
    "",
  ].join("\n");
  return { markdown, svg: claimFigure(analysis.figure), analysis };
}

export const verdictWords = {
  holds: "holds",
  "does not hold": "does not hold",
  "cannot be told": "cannot be told",
} as const;

export const describeSource = ({ authors, title, year, id, where }: Source): string =>
  `${authors} ${year}, *${title}*, ${id}, ${where}`;

/** Seconds of processor time, coarse: it varies. */
const cpuTime = (seconds: number): string =>
  seconds < 100 ? `${Number(seconds.toPrecision(2))} s` : `${Number((seconds / 60).toPrecision(2))} min`;

function tableLines({ caption, head, rows }: Table): string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return [
    ...(caption === undefined ? [] : [caption, ""]),
    `| ${head.map(cell).join(" | ")} |`,
    `| ${head.map((_, i) => (i === 0 ? "---" : "---:")).join(" | ")} |`,
    ...rows.map((row) => `| ${row.map(cell).join(" | ")} |`),
    "",
  ];
}
