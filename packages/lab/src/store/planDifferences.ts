import type { Json } from "../plan/runPlan.ts";

/** A setting in which plans differ, with its value in each; undefined where one does not have it. */
export interface Difference {
  readonly setting: string;
  readonly values: readonly (Json | undefined)[];
}

/** The settings in which plans differ, options with a dot: `optimizerOptions.momentum`. In the order of the first plan. */
export function planDifferences(plans: readonly unknown[]): Difference[] {
  const flat = plans.map((plan) => flatten(plan));
  const names = [...new Set(flat.flatMap((one) => [...one.keys()]))];
  return names
    .map((setting) => ({ setting, values: flat.map((one) => one.get(setting)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}

function flatten(value: unknown, prefix = "", into = new Map<string, Json>()): Map<string, Json> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [name, inner] of Object.entries(value))
      flatten(inner, prefix === "" ? name : `${prefix}.${name}`, into);
  } else if (value !== undefined) into.set(prefix, value as Json);
  return into;
}
