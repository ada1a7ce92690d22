import {
  type Colours,
  fitTable,
  formatMs,
  formatRatio,
  formatShare,
  plain,
  type TableColumn,
} from "@steepest/lab/text";
import { type FigurePanel, svgFigure } from "../figure/svgFigure.ts";
import type { OptimizerMeasurements, OptimizerRow, ShareRow } from "./optimizerStudy.ts";

const ratioOf = ({ ms, torchMs }: OptimizerRow): number | null => (torchMs === null ? null : ms / torchMs);
const formatWork = (gflop: number): string =>
  gflop === 0 ? "0" : gflop < 0.1 ? gflop.toExponential(1) : gflop.toPrecision(3);

/** One line for each target and optimizer. */
export function optimizerTable(
  rows: readonly OptimizerRow[],
  width: number,
  colours: Colours = plain,
): string[] {
  const column = (
    title: string,
    cell: (row: OptimizerRow, i: number) => string,
    more: Partial<TableColumn> = {},
  ): TableColumn => ({ title, align: "right", keep: 0, ...more, cells: rows.map(cell) });
  return fitTable(
    [
      column("target", ({ target }, i) => (rows[i - 1]?.target === target ? "" : target), { align: "left" }),
      column("optimizer", ({ optimizer }) => optimizer, { align: "left" }),
      column("update", ({ ms }) => formatMs(ms), { unit: "ms" }),
      column("slowest", ({ worstMs }) => formatMs(worstMs), { unit: "ms", keep: 4 }),
      column("products", ({ gflop }) => formatWork(gflop), { unit: "GFLOP", keep: 2 }),
      column("least", ({ leastMegabytes }) => leastMegabytes.toPrecision(3), { unit: "MB", keep: 2 }),
      column("moved", ({ graphMegabytes }) => graphMegabytes.toPrecision(3), { unit: "MB", keep: 3 }),
      column("bound", ({ boundMs }) => formatMs(boundMs), { unit: "ms", keep: 1 }),
      column("of bound", ({ boundMs, ms }) => formatShare(boundMs / ms), { keep: 1 }),
      column("× pytorch", (row) => formatRatio(ratioOf(row))),
    ],
    width,
    colours,
  );
}

/** `D=256 …: a step of muon 400 ms, 350 without the optimizer (13 %)`. */
export const shareLine = ({ target, optimizer, stepMs, gradientsMs }: ShareRow): string =>
  `${target}: a whole step with ${optimizer} ${formatMs(stepMs)} ms, loss and gradients alone ${formatMs(gradientsMs)} ms: ` +
  `the optimizer takes ${formatMs(Math.max(0, stepMs - gradientsMs))} ms, ${formatShare(Math.max(0, 1 - gradientsMs / stepMs))}`;

/** What the machine can do, in a sentence. */
export const machineLine = ({ machine, versions }: OptimizerMeasurements): string =>
  Object.entries(machine)
    .map(
      ([engine, { gigabytesPerSecond, gflops }]) =>
        `${engine} ${versions[engine] ?? ""} reads and writes ${gigabytesPerSecond.toFixed(1)} GB/s and multiplies matrices of 2048² at ${gflops.toFixed(0)} GFLOP/s`,
    )
    .join("; ");

/** A panel for each target: time over the bound, one dot for each optimizer, those of PyTorch beside them. */
export function optimizerFigure(rows: readonly OptimizerRow[]): string {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const panels = targets.map((target): FigurePanel => {
    const own = rows.filter((row) => row.target === target);
    const ends = own.flatMap(({ boundMs }) => boundMs);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    return {
      title: target,
      x: { title: "bound by bandwidth and peak, ms", kind: "log" },
      y: { title: "update, ms", kind: "log" },
      series: [
        { label: "the bound", mark: "line", points: [low, high].map((x) => ({ x, y: x })) },
        {
          label: "ONNX Runtime",
          mark: "dots",
          points: own.map(({ boundMs, ms }) => ({ x: boundMs, y: ms })),
        },
        {
          label: "PyTorch",
          mark: "dots",
          points: own.flatMap(({ boundMs, torchMs }) =>
            torchMs === null ? [] : [{ x: boundMs, y: torchMs }],
          ),
        },
      ],
    };
  });
  return svgFigure(panels, 2);
}

/** The tables of a page: those with PyTorch first, then all. */
export function optimizerMarkdown({ rows, shares, notes }: OptimizerMeasurements): string {
  const targets = [...new Set(rows.map(({ target }) => target))];
  const compared = rows.filter(({ torchMs }) => torchMs !== null);
  const lines = [
    "## Beside PyTorch",
    "",
    "| target | optimizer | ms | bound, ms | PyTorch, ms | its fastest form | ratio |",
    "| --- | --- | ---: | ---: | ---: | --- | ---: |",
    ...compared.map(
      (row) =>
        `| ${row.target} | ${row.optimizer} | ${formatMs(row.ms)} | ${formatMs(row.boundMs)} | ${formatMs(row.torchMs)} | ${row.torchForm ?? ""} | ${formatRatio(ratioOf(row))} |`,
    ),
    "",
  ];
  if (shares.length > 0) {
    lines.push("## The optimizer's share of a training step", "");
    for (const share of shares) lines.push(`- ${shareLine(share)}`);
    lines.push("");
  }
  for (const target of targets) {
    lines.push(
      `## ${target}`,
      "",
      "| optimizer | ms | slowest, ms | GFLOP | least MB | moved MB | bound, ms | of bound |",
      "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
      ...rows
        .filter((row) => row.target === target)
        .map(
          (row) =>
            `| ${row.optimizer} | ${formatMs(row.ms)} | ${formatMs(row.worstMs)} | ${formatWork(row.gflop)} | ${row.leastMegabytes.toPrecision(3)} | ${row.graphMegabytes.toPrecision(3)} | ${formatMs(row.boundMs)} | ${formatShare(row.boundMs / row.ms)} |`,
        ),
      "",
    );
  }
  if (notes.length > 0) lines.push("## Left out", "", ...notes.map((note) => `- ${note}`), "");
  return lines.join("\n");
}
