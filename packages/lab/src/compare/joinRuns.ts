import type { RunPlan } from "../plan/runPlan.ts";
import type { JobFacts } from "../prepare/jobFacts.ts";
import type { Environment } from "../run/environment.ts";
import type { ComparedRun } from "./makeRun.ts";
import type { PlannedRun } from "./planComparison.ts";
import { withReference } from "./runComparison.ts";

/** Runs that belong together: a comparison, or a single run. */
export interface RunSource {
  /** Tells runs of the same optimizer apart: the name of the folder. */
  readonly name: string;
  readonly runs: readonly { readonly planned: PlannedRun; readonly compared: ComparedRun }[];
  readonly facts: JobFacts;
  readonly environment: Environment | undefined;
  readonly created: string;
}

export interface JoinedRuns {
  readonly planned: readonly PlannedRun[];
  readonly runs: readonly ComparedRun[];
  /** What a reader has to know: that jobs differ, that a run was left out. */
  readonly notes: readonly string[];
}

/** What makes no difference to what is learned in how many steps from what. */
const beside: readonly (keyof RunPlan)[] = [
  "rateOrigins",
  "seed",
  "threads",
  "checkpointEvery",
  "keepCheckpoints",
  "sampleTokens",
  "sampleEvery",
  "evalEvery",
];

/**
 * Runs of several sources as one list. Runs of one optimizer with the same options share a label, others of the same label
 * get the source's name behind it; a run that comes twice is left out the second time.
 */
export function joinRuns(sources: readonly RunSource[]): JoinedRuns {
  const all = sources.flatMap(({ name, runs }) => runs.map((run) => ({ name, ...run })));
  const labels = new Map<string, string>(); // by what the optimizer was told
  const taken = new Set<string>();
  const seen = new Set<string>();
  const notes: string[] = [];
  const joined = all.flatMap(({ name, planned, compared }) => {
    const { label, plan } = planned;
    const key = JSON.stringify(settingsOf(plan));
    const own = labels.get(key) ?? firstFree(label, name, taken);
    labels.set(key, own);
    taken.add(own);
    if (seen.has(`${key} ${plan.seed}`)) {
      notes.push(`${own} with seed ${plan.seed} is there twice, and that of ${name} is left out`);
      return [];
    }
    seen.add(`${key} ${plan.seed}`);
    const row = { ...compared.row, label: own };
    return { planned: { label: own, plan }, compared: { ...compared, row } };
  });
  const different = differences(joined.map(({ planned }) => planned.plan));
  if (different.length > 0) {
    notes.push(
      `the runs differ in ${different.join(", ")}: their losses cannot be compared without regard to that`,
    );
  }
  const first = joined[0]?.planned.label;
  return {
    planned: joined.map(({ planned }) => planned),
    runs: withReference(
      joined.map(({ compared }) => compared),
      first,
    ),
    notes,
  };
}

function firstFree(label: string, source: string, taken: ReadonlySet<string>): string {
  if (!taken.has(label)) return label;
  const named = `${label} (${source})`;
  for (let i = 2; ; i++) {
    const candidate = i === 2 ? named : `${label} (${source}, ${i})`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** What a run was told that matters, in one order. */
const settingsOf = (plan: RunPlan): [string, unknown][] =>
  Object.entries(plan)
    .filter(([name]) => !beside.some((one) => one === name))
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** Settings in which plans differ, apart from the optimizer. */
function differences(plans: readonly RunPlan[]): string[] {
  const settings = plans.map((plan) => new Map(settingsOf(plan)));
  const names = new Set(settings.flatMap((map) => [...map.keys()]));
  return [...names].filter(
    (name) =>
      !name.startsWith("optimizer") && new Set(settings.map((map) => JSON.stringify(map.get(name)))).size > 1,
  );
}
