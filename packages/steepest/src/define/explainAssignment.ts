import { numpy as np } from "@jax-js/jax";

import type { Rate } from "../core/schedules/schedule.ts";
import { disposeTree, type Tree } from "../core/tree.ts";
import type { Optimizer } from "./optimizer.ts";
import { stateFloats } from "./stateFloats.ts";

/** One parameter's line of the table. */
export interface AssignmentRow {
  readonly path: string;
  readonly shape: readonly number[];
  readonly role: string;
  /** The rule that chose the method: `role hidden` or a group's pattern. */
  readonly rule: string;
  readonly method: string;
  /** Factor on the method's unit step, besides the learning rate. */
  readonly scale: number;
  /** η of the method for it, before the optimizer's `schedule`: a number, or a schedule of its own. */
  readonly learningRate: Rate;
  /** λ of the method for it; undefined where it has none. */
  readonly weightDecay: number | undefined;
  /** Floats of optimizer state this parameter needs. */
  readonly stateFloats: number;
}

export interface ExplainOptions {
  /** Where the table goes, line by line. Default `console.log`; `false` prints nothing. */
  readonly print?: ((line: string) => void) | false;
}

/**
 * Which method, scale and how much state every parameter gets, and which rule decided it. Returns the rows
 * and prints them as a table. Borrows the parameters.
 */
export function explainAssignment(
  optimizer: Optimizer,
  params: Tree,
  { print = console.log }: ExplainOptions = {},
): AssignmentRow[] {
  const rows = optimizer
    .assign(params)
    .map(({ path, shape, role, rule, method, learningRate, weightDecay, ...parameter }): AssignmentRow => {
      const state = method.transform.init({ [path]: np.ones([...shape]) });
      const floats = stateFloats(state);
      disposeTree(state);
      const scale = method.scale?.({ path, shape, role, ...parameter }) ?? 1;
      const rates = { learningRate, weightDecay };
      return { path, shape, role, rule, method: method.name, scale, ...rates, stateFloats: floats };
    });
  if (print !== false) for (const line of tableLines(rows)) print(line);
  return rows;
}

const shortNumber = (x: number): string => String(Number(x.toPrecision(4)));

function tableLines(rows: readonly AssignmentRow[]): string[] {
  const header = ["parameter", "shape", "role", "rule", "method", "scale", "rate", "decay", "state floats"];
  const body = rows.map((row) => [
    row.path,
    row.shape.join("×") || "scalar",
    row.role,
    row.rule,
    row.method,
    shortNumber(row.scale),
    typeof row.learningRate === "number" ? shortNumber(row.learningRate) : "schedule",
    row.weightDecay === undefined ? "–" : shortNumber(row.weightDecay),
    row.stateFloats.toLocaleString("en-US"),
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...body.map((cells) => cells[i]?.length ?? 0)),
  );
  const numeric = (i: number): boolean => i >= 5;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (numeric(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...body.map(line)];
}
