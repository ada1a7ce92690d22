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
  const labels = runs.map((run) => {
    const own = settings.get(run.id) ?? new Map<string, unknown>();
    const alike = runs.filter(({ optimizer }) => optimizer === run.optimizer); // options of others say nothing of it
    const differing = [...own.keys()].filter(
      (name) => new Set(alike.map(({ id }) => JSON.stringify(settings.get(id)?.get(name)))).size > 1,
    );
    const parts = differing.map((name) => `${name} ${setting(own.get(name))}`);
    return [run.id, [run.optimizer, ...parts].join(", ")] as const;
  });
  const many = new Map<string, number>();
  for (const [, label] of labels) many.set(label, (many.get(label) ?? 0) + 1);
  return new Map(
    labels.map(([id, label]) => [id, seeds && (many.get(label) ?? 0) > 1 ? `${label} (${id})` : label]),
  );
}
