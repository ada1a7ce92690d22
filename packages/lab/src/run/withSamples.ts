import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { RunIo } from "./runIo.ts";
import { openSamplesLog } from "./samplesLog.ts";
import { writeSample } from "./writeSample.ts";

/** Writes the texts of a run on the way. */
export interface SampleWriter {
  /** Writes one where the plan wants one at this step and there is none yet. A text never costs the run: what goes wrong is said. */
  at(step: number): Promise<void>;
  /** Waits until the disk has them. */
  sync(): void;
}

/** Does `work` with what writes texts for a run that stands at `step` (-1: it begins), and closes that at the end. */
export async function withSamples<T>(
  run: PreparedRun,
  engine: TrainingEngine,
  { runDir, step }: { readonly runDir: string; readonly step: number },
  { observer, signal }: Pick<RunIo, "observer" | "signal">,
  work: (samples: SampleWriter | undefined) => Promise<T>,
): Promise<T> {
  const { sampleEvery = 0, sampleTokens, steps } = run.plan;
  if (sampleEvery === 0 || sampleTokens === 0) return work(undefined);
  const { log, earlier } = openSamplesLog(runDir, step);
  const there = new Set(earlier.map((sample) => sample.step));
  try {
    return await work({
      async at(now) {
        // Before the first step there is nothing to see; the text of the end is in sample.txt.
        if (now === 0 || now % sampleEvery !== 0 || now >= steps || there.has(now)) return;
        try {
          const text = await writeSample(run, engine, signal);
          if (text !== undefined) log.append({ step: now, text });
          there.add(now);
        } catch (error) {
          if (signal?.aborted) return; // a resume writes it
          observer?.onPrepare?.(
            `no text at step ${now}: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      },
      sync: () => log.sync(),
    });
  } finally {
    log.close();
  }
}
