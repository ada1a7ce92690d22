import { type Colours, fitTable, formatMs, MISSING, plain, type TableColumn } from "@steepest/lab/text";
import type { BenchRow } from "./benchRow.ts";
import type { BenchEngine } from "./protocol.ts";

/** Peers that compute in float32, as the others do. */
const float32Peers: readonly BenchEngine[] = ["pytorch", "pytorch-compile", "jax-xla"];

/** One line for each row; how many times as fast as jax-js and as the fastest peer, by the shortest times. */
export function benchTable(rows: readonly BenchRow[], width: number, colours: Colours = plain): string[] {
  const column = (
    title: string,
    cell: (row: BenchRow, i: number) => string,
    more: Partial<TableColumn> = {},
  ): TableColumn => ({ title, align: "right", keep: 0, ...more, cells: rows.map(cell) });
  const times =
    (...others: readonly BenchEngine[]) =>
    (row: BenchRow): string => {
      const beside = rows.filter(
        ({ config, work, engine }) => config === row.config && work === row.work && others.includes(engine),
      );
      if (beside.length === 0) return MISSING;
      return `${(Math.min(...beside.map(({ ms }) => ms)) / row.ms).toFixed(2)}×`;
    };
  /** Said once where it repeats. */
  const news =
    (of: (row: BenchRow) => string) =>
    (row: BenchRow, i: number): string => {
      const before = rows[i - 1];
      return before !== undefined && of(before) === of(row) ? "" : of(row);
    };
  const columns = [
    column(
      "config",
      news(({ config }) => config),
      { align: "left" },
    ),
    column(
      "work",
      news(({ config, work }) => `${config} ${work}`),
      { align: "left" },
    ),
    column("engine", ({ engine }) => engine, {
      align: "left",
      style: (text) => (text === "onnxruntime" ? colours.green(text) : text),
    }),
    column("threads", ({ threads }) => String(threads), { keep: 4 }),
    column("best", ({ ms }) => formatMs(ms), { unit: "ms" }),
    column("median", ({ medianMs }) => formatMs(medianMs), { unit: "ms", keep: 2 }),
    column("runs", ({ runs }) => String(runs), { keep: 5 }),
    column("speed", ({ gflops }) => gflops.toFixed(gflops < 10 ? 2 : 0), { unit: "GFLOP/s", keep: 3 }),
    column("× jax-wasm", times("jax-wasm")),
    column("× peer", times(...float32Peers)),
  ];
  return fitTable(
    columns.map((one) =>
      one.title === "work" ? { ...one, cells: one.cells.map((cell) => cell.split(" ").at(-1) ?? "") } : one,
    ),
    width,
    colours,
  );
}
