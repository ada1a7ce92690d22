import { prefetch } from "@steepest/models";
import { broadcastText } from "../../collectives/broadcastText.ts";
import type { Collectives } from "../../collectives/collectives.ts";
import type { RunPlan } from "../../plan/runPlan.ts";
import type { PreparedRun } from "../../prepare/preparedRun.ts";
import { prepareRun } from "../../prepare/prepareRun.ts";
import { nextOrder } from "./orders.ts";
import { shareSnapshot } from "./shareSnapshot.ts";
import { rankPart, startRank } from "./startRank.ts";
import { troubleOf } from "./troubleOf.ts";

interface Invitation {
  readonly plan: RunPlan;
  readonly fresh: boolean;
  readonly threads?: number;
}

/**
 * Every rank but the first: gets the plan from rank 0, reads the data for itself, and does what it is told until the run ends.
 * Writes nothing and says nothing: what goes wrong here is told by rank 0.
 */
export async function followRanks(collectives: Collectives): Promise<void> {
  const text = broadcastText(collectives, 0, "");
  if (text === "") return; // rank 0 could not begin, and has said why
  const { plan, fresh, threads } = JSON.parse(text) as Invitation;
  let run: PreparedRun | undefined;
  let own: string | undefined;
  try {
    run = await prepareRun(plan, { fresh });
  } catch (error) {
    own = error instanceof Error ? error.message : String(error);
  }
  if (troubleOf(collectives, own) !== undefined || run === undefined) return;
  const { batches } = run;
  const snapshot = shareSnapshot(collectives, undefined);
  const engine = await startRank(run, collectives, { threads, snapshot });
  const trainBatch = prefetch((step) => batches.train(step));
  try {
    for (;;) {
      const order = nextOrder(collectives);
      if (order.kind === "end") return;
      if (order.kind === "state") await engine.view();
      else await engine.step(rankPart(await trainBatch(order.step), collectives), order.step);
    }
  } finally {
    engine.dispose();
  }
}
