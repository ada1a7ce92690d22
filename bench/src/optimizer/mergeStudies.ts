import type { OptimizerMeasurements } from "./optimizerStudy.ts";

/** An earlier study with the rows of a new one in place of its own for the same target and optimizer. */
export function mergeStudies(
  earlier: OptimizerMeasurements,
  fresh: OptimizerMeasurements,
): OptimizerMeasurements {
  type Named = { readonly target: string; readonly optimizer: string };
  const merge = <T extends Named>(old: readonly T[], now: readonly T[]): T[] => {
    const same = (a: T, b: T): boolean => a.target === b.target && a.optimizer === b.optimizer;
    const all = [
      ...old.map((row) => now.find((other) => same(row, other)) ?? row),
      ...now.filter((row) => !old.some((other) => same(row, other))),
    ];
    // Together by target, in the order of first appearance.
    const targets = [...new Set(all.map(({ target }) => target))];
    return targets.flatMap((target) => all.filter((row) => row.target === target));
  };
  const rows = merge(earlier.rows, fresh.rows);
  const measured = new Set(fresh.rows.map(({ target, optimizer }) => `${target}, ${optimizer}`));
  const stillTrue = earlier.notes.filter((note) => !measured.has(note.split(":")[0] ?? ""));
  return {
    rows,
    shares: merge(earlier.shares, fresh.shares),
    machine: fresh.machine,
    versions: { ...earlier.versions, ...fresh.versions },
    notes: [...new Set([...stillTrue, ...fresh.notes])],
  };
}
