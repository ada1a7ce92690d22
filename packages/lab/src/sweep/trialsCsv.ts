import type { CompareRow } from "../compare/compareRow.ts";
import type { Json } from "../plan/runPlan.ts";
import type { Trial } from "./trial.ts";

/** A table of all trials for other programs: a line each, a column for each setting; RFC 4180. */
export function trialsCsv(trials: readonly { readonly trial: Trial; readonly row: CompareRow }[]): string {
  const names = [...new Set(trials.flatMap(({ trial }) => Object.keys(trial.settings)))];
  const head = [
    "optimizer",
    ...names,
    "seed",
    "steps",
    "status",
    "valLoss",
    "trainLoss",
    "msPerStep",
    "parameters",
    "error",
    "run",
  ];
  const lines = trials.map(({ trial, row }) => [
    trial.label,
    ...names.map((name) => trial.settings[name]),
    trial.seed,
    row.steps,
    row.status,
    row.valLoss,
    row.trainLoss,
    row.msPerStep,
    row.parameters,
    row.error,
    row.runDir,
  ]);
  return [head, ...lines].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
