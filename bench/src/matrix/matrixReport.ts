import { type Colours, fitTable, formatMs, MISSING, plain, type TableColumn } from "@steepest/lab/text";
import { type FigurePanel, type FigureSeries, svgFigure } from "../figure/svgFigure.ts";
import type { MatrixRow } from "./measureMatrix.ts";

const shapeOf = ({ rows, columns }: MatrixRow): string => `${rows} × ${columns}`;
const same =
  (row: MatrixRow) =>
  (other: MatrixRow): boolean =>
    shapeOf(row) === shapeOf(other) && row.routine === other.routine;

/** An error with two digits; `–` for none. */
export const formatError = (error: number | null | undefined): string =>
  error === null || error === undefined ? MISSING : error.toExponential(1);

const conditionsOf = (rows: readonly MatrixRow[]): number[] => [
  ...new Set(rows.map(({ condition }) => condition)),
];
const formatCondition = (condition: number): string =>
  condition >= 10_000 ? condition.toExponential(0).replace("+", "") : String(condition);

/** The error that says most of a routine: of singular values for polar factors, of the pairing for pairs. */
const errorOf = ({ worst, loss }: MatrixRow): number => worst ?? Math.abs(loss);

/** One line for each shape and routine: time, speed, and the error at each condition number. */
export function matrixTable(rows: readonly MatrixRow[], width: number, colours: Colours = plain): string[] {
  const firsts = rows.filter((row, i) => rows.findIndex(same(row)) === i);
  const column = (
    title: string,
    cell: (row: MatrixRow, i: number) => string,
    more: Partial<TableColumn> = {},
  ): TableColumn => ({ title, align: "right", keep: 0, ...more, cells: firsts.map(cell) });
  return fitTable(
    [
      column(
        "shape",
        (row, i) => {
          const before = firsts[i - 1];
          return before !== undefined && shapeOf(before) === shapeOf(row) ? "" : shapeOf(row);
        },
        { align: "left" },
      ),
      column("finds", ({ finds }) => finds, { align: "left", keep: 3 }),
      column("routine", ({ routine }) => routine, { align: "left" }),
      column("best", ({ ms }) => formatMs(ms), { unit: "ms" }),
      column("speed", ({ gflops }) => gflops.toFixed(gflops < 10 ? 1 : 0), { unit: "GFLOP/s", keep: 2 }),
      ...conditionsOf(rows).map((condition) =>
        column(
          `error, κ=${formatCondition(condition)}`,
          (row) => {
            const found = rows.find((other) => same(row)(other) && other.condition === condition);
            return formatError(found === undefined ? null : errorOf(found));
          },
          { keep: 1 },
        ),
      ),
    ],
    width,
    colours,
  );
}

/** Short sides and aspect ratio in a title. */
const aspectOf = ({ rows, columns }: MatrixRow): number => Math.max(rows, columns) / Math.min(rows, columns);

/**
 * Four panels of the routines that find the same: time against error at the largest shape, time against size and aspect
 * ratio, error against condition number.
 */
export function matrixFigure(rows: readonly MatrixRow[], finds: MatrixRow["finds"]): string {
  const panels: FigurePanel[] = [];
  const own = rows.filter((row) => row.finds === finds);
  if (own.length === 0) return svgFigure([]);
  const title = finds === "polar" ? "polar factor" : "top pair";
  const errorTitle = finds === "polar" ? "largest |σ − 1|" : "loss of ⟨X, uvᵀ⟩/σ₁";
  const conditions = conditionsOf(own);
  const middle = conditions[Math.floor(conditions.length / 2)];
  const largest = own.reduce((a, b) => (b.rows * b.columns >= a.rows * a.columns ? b : a));
  const at = (
    keep: (row: MatrixRow) => boolean,
    x: (row: MatrixRow) => number,
    y: (row: MatrixRow) => number,
    mark: FigureSeries["mark"],
  ): FigureSeries[] =>
    [...new Set(own.map(({ routine }) => routine))].map((label) => ({
      label,
      mark,
      points: own
        .filter((row) => row.routine === label && keep(row))
        .map((row) => ({ x: x(row), y: y(row) }))
        .toSorted((a, b) => a.x - b.x),
    }));
  const ms = (row: MatrixRow): number => row.ms;
  const floor = (row: MatrixRow): number => Math.max(1e-8, errorOf(row));
  panels.push({
    title: `${title}, ${shapeOf(largest)}, κ = ${middle}`,
    x: { title: "ms", kind: "log" },
    y: { title: errorTitle, kind: "log" },
    series: at((row) => shapeOf(row) === shapeOf(largest) && row.condition === middle, ms, floor, "dots"),
  });
  panels.push({
    title: `${title}, square matrices`,
    x: ticked(
      "n",
      own.filter((row) => aspectOf(row) === 1).map(({ rows: n }) => n),
    ),
    y: { title: "ms", kind: "log" },
    series: at(
      (row) => aspectOf(row) === 1 && row.condition === middle,
      ({ rows: n }) => n,
      ms,
      "line",
    ),
  });
  const short = 256;
  const longer = own.filter((row) => row.rows === short && row.columns >= short);
  panels.push({
    title: `${title}, ${short} × n`,
    x: ticked("n / 256", longer.map(aspectOf)),
    y: { title: "ms", kind: "log" },
    series: at((row) => longer.includes(row) && row.condition === middle, aspectOf, ms, "line"),
  });
  panels.push({
    title: `${title}, ${shapeOf(largest)}: error over κ`,
    x: ticked("condition number", conditions),
    y: { title: errorTitle, kind: "log" },
    series: at(
      (row) => shapeOf(row) === shapeOf(largest),
      ({ condition }) => condition,
      floor,
      "line",
    ),
  });
  return svgFigure(panels, 2);
}

/** A logarithmic axis with a mark at each value. */
function ticked(title: string, values: readonly number[]): FigurePanel["x"] {
  const own = [...new Set(values)].toSorted((a, b) => a - b);
  const ticks = own.map((at) => ({ at, text: formatCondition(at) }));
  return { title, kind: "log", ticks, low: own[0] ?? 1, high: own.at(-1) ?? 1 };
}

/** The tables of a page, one for each shape. */
export function matrixMarkdown(rows: readonly MatrixRow[]): string {
  const conditions = conditionsOf(rows);
  const shapes = [...new Set(rows.map(shapeOf))];
  return shapes
    .map((shape) => {
      const own = rows.filter((row) => shapeOf(row) === shape);
      const firsts = own.filter((row, i) => own.findIndex(same(row)) === i);
      const line = (row: MatrixRow): string => {
        const errors = conditions.map((condition) => {
          const found = own.find((other) => same(row)(other) && other.condition === condition);
          return found === undefined
            ? MISSING
            : `${formatError(errorOf(found))} (${formatError(found.loss)})`;
        });
        return `| ${row.routine} | ${formatMs(row.ms)} | ${row.gflops.toFixed(row.gflops < 10 ? 1 : 0)} | ${errors.join(" | ")} |`;
      };
      return [
        `### ${shape}`,
        "",
        `| routine | ms | GFLOP/s | ${conditions.map((c) => `κ = ${formatCondition(c)}`).join(" | ")} |`,
        `| --- | ---: | ---: | ${conditions.map(() => "---:").join(" | ")} |`,
        ...firsts.map(line),
      ].join("\n");
    })
    .join("\n\n");
}
