import type { RunEntry } from "../data/runEntry.ts";
import { setting } from "../format/quantities.ts";

/** Columns of the table that may tell runs apart, besides the options of their optimizers. */
const telling = ["model", "data", "steps", "batch", "schedule"] as const;

/** A name for each run that says only what the others do not share: `muon, learningRate 0.02`. */
export function describeRuns(runs: readonly RunEntry[], seeds: boolean): Map<string, string> {
  const settings = new Map(
    runs.map((run) => [
      run.id,
      new Map<string, unknown>([
        ...Object.entries(run.optimizerOptions),
        ...telling.map((name) => [name, run[name]] as const),
        ...(seeds ? [["seed", run.seed] as const] : []),
      ]),
    ]),
  );
  // Options of other optimizers say nothing of a run.
  const differing = new Map(
    [...new Set(runs.map(({ optimizer }) => optimizer))].map((name) => {
      const alike = runs.filter(({ optimizer }) => optimizer === name);
      const seen = new Map<string, Set<string>>();
      for (const { id } of alike)
        for (const [own, value] of settings.get(id) ?? []) {
          const values = seen.get(own) ?? new Set();
          seen.set(own, values.add(JSON.stringify(value) ?? ""));
        }
      const missing = (own: string): boolean => alike.some(({ id }) => !settings.get(id)?.has(own));
      const names = [...seen].filter(([own, values]) => values.size > 1 || missing(own));
      return [name, new Set(names.map(([setting]) => setting))] as const;
    }),
  );
  const labels = runs.map((run) => {
    const own = [...(settings.get(run.id) ?? [])].filter(([name]) => differing.get(run.optimizer)?.has(name));
    const parts = own.map(([name, value]) => `${name} ${setting(value)}`);
    return [run.id, [run.optimizer, ...parts].join(", ")] as const;
  });
  const many = new Map<string, number>();
  for (const [, label] of labels) many.set(label, (many.get(label) ?? 0) + 1);
  return new Map(
    labels.map(([id, label]) => [id, seeds && (many.get(label) ?? 0) > 1 ? `${label} (${id})` : label]),
  );
}
