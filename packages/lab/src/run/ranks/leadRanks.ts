import { broadcastText } from "../../collectives/broadcastText.ts";
import type { Collectives } from "../../collectives/collectives.ts";
import type { Snapshot, TrainingEngine } from "../../engine/trainingEngine.ts";
import type { PreparedRun } from "../../prepare/preparedRun.ts";
import { expectRanksFit } from "./expectRanksFit.ts";
import { giveOrder } from "./orders.ts";
import { shareSnapshot } from "./shareSnapshot.ts";
import { rankPart, startRank } from "./startRank.ts";
import { troubleOf } from "./troubleOf.ts";

/**
 * Rank 0 of a run of several: the run is made here as that of one process, and its engine has the others take part. They do what
 * `followRanks` says. `dismiss` at the end in any case.
 */
export class LedRanks {
  readonly collectives: Collectives;
  #others: "waiting" | "starting" | "at work" | "gone" = "waiting";

  constructor(collectives: Collectives) {
    this.collectives = collectives;
  }

  /**
   * An engine whose steps are those of all ranks. Throws `UsageError` where plan and ranks do not go together, and a sentence where
   * another rank cannot start.
   */
  async start(
    run: PreparedRun,
    options: { readonly threads: number | undefined; readonly snapshot: Snapshot | undefined },
  ): Promise<TrainingEngine> {
    const { collectives } = this;
    expectRanksFit(run.plan, run.optimizer, collectives.size);
    const fresh = options.snapshot === undefined;
    broadcastText(collectives, 0, JSON.stringify({ plan: run.plan, fresh, threads: options.threads }));
    const trouble = troubleOf(collectives, undefined);
    if (trouble !== undefined) {
      this.#others = "gone";
      throw new Error(`rank ${trouble.rank} could not start: ${trouble.why}`);
    }
    this.#others = "starting";
    const snapshot = shareSnapshot(collectives, options.snapshot);
    const engine = await startRank(run, collectives, { ...options, snapshot });
    this.#others = "at work";
    return this.#leading(engine);
  }

  /** Whether the others are about to begin, and answer to nothing else. */
  get starting(): boolean {
    return this.#others === "starting";
  }

  /** Lets the others go, whatever they wait for. */
  dismiss(): void {
    if (this.#others === "waiting") broadcastText(this.collectives, 0, "");
    else if (this.#others === "starting") this.collectives.abort(1);
    else if (this.#others === "at work") giveOrder(this.collectives, { kind: "end" });
    this.#others = "gone";
  }

  /** What looks at the parameters alone is done here: every rank has them. */
  #leading(engine: TrainingEngine): TrainingEngine {
    const { collectives } = this;
    return {
      ...engine,
      step(batch, step) {
        giveOrder(collectives, { kind: "step", step });
        return engine.step(rankPart(batch, collectives), step);
      },
      snapshot() {
        giveOrder(collectives, { kind: "state" });
        return engine.snapshot();
      },
      view() {
        giveOrder(collectives, { kind: "state" });
        return engine.view();
      },
    };
  }
}
