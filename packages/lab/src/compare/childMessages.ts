import type { RunObserver, RunStart, StepMetrics } from "../plan/runObserver.ts";
import type { RunPlan } from "../plan/runPlan.ts";
import type { RunResult } from "../run/runResult.ts";

type Argument<K extends keyof RunObserver> = Parameters<NonNullable<RunObserver[K]>>[0];

/** What a comparison tells the process of a run. */
export type ToChild =
  | {
      readonly kind: "run";
      readonly plan: RunPlan;
      readonly out: string | undefined;
      readonly resume: boolean;
    }
  | { readonly kind: "stop" };

/** What the process of a run tells the comparison. */
export type FromChild =
  | { readonly kind: "prepare"; readonly line: string }
  | { readonly kind: "start"; readonly start: RunStart }
  | { readonly kind: "step"; readonly metrics: StepMetrics }
  | { readonly kind: "evaluation"; readonly evaluation: Argument<"onEval"> }
  | { readonly kind: "checkpoint"; readonly checkpoint: Argument<"onCheckpoint"> }
  | { readonly kind: "done"; readonly result: RunResult }
  | {
      readonly kind: "not-finite";
      readonly step: number;
      readonly message: string;
      readonly runDir: string;
      readonly checkpoint: string | undefined;
    }
  | { readonly kind: "interrupted"; readonly step: number; readonly runDir: string }
  | { readonly kind: "failed"; readonly message: string };
