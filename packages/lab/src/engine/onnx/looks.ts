import type { NamedTensors, TrainStep } from "@steepest/onnx";
import { disposeTree, type Tree } from "steepest";
import { type Batch, evaluationOf, statisticsOf } from "../batchFunctions.ts";
import type { HostTensors } from "../hostTensor.ts";
import type { TrainingJob } from "../trainingEngine.ts";
import { batchElements, placeholders } from "./nativeTensors.ts";
import { type Kept, lossAndGradients, type Trainer } from "./onnxTrainer.ts";

type Looker = TrainStep<Kept, Batch, Record<string, Tree>>;

/** What a graph that only looks reports. */
type Look = "evaluation" | "statistics" | "gradients";

/** Graphs that look at the parameters where a trainer has them, and move nothing. */
export interface Looks {
  /** The arrays of the next look of this kind are the same memory. */
  at(batch: HostTensors, look: Look): Promise<NamedTensors>;
  /** Whether the model has batch norm. */
  readonly hasStatistics: boolean;
  dispose(): void;
}

/** One graph for each kind of look and each shape of a batch, made when it is first asked for. */
export function looksOf(job: TrainingJob, trainer: (batch: HostTensors) => Trainer): Looks {
  const { model, threads } = job;
  const evaluation = evaluationOf(model, job.testTime);
  const statistics = statisticsOf(model);
  const gradientsOf = lossAndGradients(job);
  const lookers = new Map<string, Looker>();
  const looker = (batch: HostTensors, look: Look): Looker => {
    const key = `${look} ${Object.values(batch).map(({ shape }) => `[${shape}]`)}`;
    const known = lookers.get(key);
    if (known !== undefined) return known;
    const fresh = trainer(batch).derive(
      ({ params, state, sum }: Kept, inputs: Batch): Record<string, Tree> => {
        disposeTree(state);
        disposeTree(sum);
        if (look === "evaluation") return evaluation(params, inputs);
        if (look === "statistics") return statistics?.(params, inputs) ?? {};
        const [loss, gradients] = gradientsOf(params, inputs);
        return { loss, gradients };
      },
      { batch: placeholders(batch), threads },
    ) as Looker;
    lookers.set(key, fresh);
    return fresh;
  };
  return {
    at: (batch, look) => looker(batch, look).run(batchElements(batch)),
    hasStatistics: statistics !== undefined,
    dispose() {
      for (const derived of lookers.values()) derived.dispose();
    },
  };
}
