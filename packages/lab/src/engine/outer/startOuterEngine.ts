import { broadcastText } from "../../collectives/broadcastText.ts";
import type { Collectives } from "../../collectives/collectives.ts";
import type { HostTensors } from "../hostTensor.ts";
import { shareOut } from "../ranks/shareOut.ts";
import type { Snapshot, StartEngine, TrainingEngine, TrainingJob } from "../trainingEngine.ts";
import { gatherOuter, splitState } from "./outerState.ts";
import { type OuterLeaf, type OuterRule, outerStep } from "./outerStep.ts";

/** An outer rule and where the run ends: there an outer step is made in any case, so that all ranks end with the same weights. */
export interface OuterJob extends OuterRule {
  readonly steps: number;
}

/**
 * Ranks that train alone, each on its part of every batch with an optimizer of its own, and meet every `every` steps for an outer
 * step. In between nothing but losses is exchanged, and what looks at parameters sees those of its rank. `start`: the engine of
 * a rank, whose `view` is live memory. Ownership of outer weights and momentum is by size. Checkpoints hold the outer weights
 * and momentum and the state of every rank.
 */
export async function startOuterEngine(
  start: StartEngine,
  job: TrainingJob,
  collectives: Collectives,
  rule: OuterJob,
): Promise<TrainingEngine> {
  const { rank, size } = collectives;
  const { ranks: _, snapshot, ...alone } = job;
  const begun = snapshot === undefined ? undefined : splitState(snapshot, collectives);
  const engine = await start({ ...alone, ...(begun !== undefined && { snapshot: begun.own }) });
  const owners = shareOut(
    job.model.parameters.map(({ path, shape }) => ({ path, cost: shape.reduce((a, b) => a * b, 1) })),
    size,
  );
  const owner = (path: string): number => owners.get(path) ?? 0;
  const kept = new Map<string, OuterLeaf>();
  const first = begun?.outer.weights ?? (await engine.snapshot()).params;
  for (const [path, { data }] of Object.entries(first)) {
    if (owner(path) !== rank) continue;
    const momentum = begun?.outer.momentum[path]?.data ?? [];
    const leaf = { weights: Float32Array.from(data), momentum: new Float32Array(data.length) };
    leaf.momentum.set(momentum);
    kept.set(path, leaf);
  }
  let apart = begun?.apart ?? false;
  const own = [...kept.values()].reduce((sum, { weights }) => sum + 2 * weights.length, 0);
  const stateOfRanks = collectives.allGather([engine.stateFloats + own]).map(([count = 0]) => count);
  const whole = ({ params, state }: Snapshot): Snapshot => ({
    params,
    state: gatherOuter(collectives, { params, state }, { owner, kept, apart }),
  });
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, x) => sum + x / size, 0);

  return {
    ...engine,
    inForce:
      `${engine.inForce}, ${size} ${size === 1 ? "rank" : "ranks"} over ${collectives.library} with an outer step every ` +
      `${rule.every} (learning rate ${rule.learningRate}, momentum ${rule.momentum})`,
    stateOfRanks,
    async step(batch, step) {
      const outcome = await engine.step(batch, step);
      const all = collectives.allGather([
        outcome.loss,
        outcome.gradNorm,
        outcome.fault === undefined ? 0 : 1,
      ]);
      const shared = {
        ...outcome,
        loss: mean(all.map(([loss = Number.NaN]) => loss)),
        gradNorm: mean(all.map(([, norm = Number.NaN]) => norm)),
      };
      apart = true;
      const broken = all.findIndex(([, , fault]) => fault === 1);
      if (broken >= 0) {
        const fault = broadcastText(collectives, broken, outcome.fault ?? "");
        return { ...shared, fault: `${fault} (rank ${broken})` };
      }
      if ((step + 1) % rule.every !== 0 && step + 1 !== rule.steps) return shared;
      const begin = performance.now();
      outerStep(collectives, rule, await live(engine), { owner, kept });
      apart = false;
      return { ...shared, ms: shared.ms + performance.now() - begin };
    },
    view: async () => whole(await engine.view()),
    snapshot: async () => whole(await engine.snapshot()),
  };
}

/** The parameters' own memory. */
const live = async (engine: TrainingEngine): Promise<HostTensors> => (await engine.view()).params;
