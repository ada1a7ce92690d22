import { byRole, type Finding } from "./measure.ts";
import { finiteValues } from "./watchLine.ts";

/** Numbers of a layer. */
export interface LayerNumbers {
  readonly path: string;
  readonly role: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Lines of layers, and means over those of each role and over all. */
export function meanLines(found: readonly LayerNumbers[]): Finding[] {
  const mean = (group: readonly LayerNumbers[]): Record<string, number> => {
    const names = Object.keys(group[0]?.values ?? {});
    const over = (name: string): number =>
      group.reduce((sum, { values }) => sum + (values[name] ?? Number.NaN), 0) / group.length;
    return finiteValues(Object.fromEntries(names.map((name) => [name, over(name)])));
  };
  return [
    ...found.map(
      ({ path, role, values }): Finding => ({
        scope: "layer",
        name: path,
        role,
        values: finiteValues(values),
      }),
    ),
    ...byRole(found).map(([role, group]): Finding => ({ scope: "role", name: role, values: mean(group) })),
    { scope: "all", name: "all", values: mean(found) },
  ];
}
