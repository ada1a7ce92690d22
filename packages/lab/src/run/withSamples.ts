import type { TrainingEngine } from "../engine/trainingEngine.ts";
import type { FolderLock } from "../files/folderLock.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import type { RunIo } from "./runIo.ts";
import { openSamplesLog } from "./samplesLog.ts";
import { writeSample } from "./writeSample.ts";

/** Writes the texts of a run on the way. */
export interface SampleWriter {
  /** Writes one where the plan wants one at this step and there is none yet. A text never costs the run: what goes wrong is said. */
  at(step: number): Promise<void>;
  /** Waits until the disk has them, where it can. */
  sync(): void;
}

interface Where {
  readonly runDir: string;
  readonly lock: Pick<FolderLock, "expectHeld">;
  /** At which the run stands; -1: it begins. */
  readonly step: number;
}

/** Does `work` with what writes the texts of a run, and closes that at the end. */
export async function withSamples<T>(
  run: PreparedRun,
  engine: Pick<TrainingEngine, "params">,
  { runDir, lock, step }: Where,
  { observer, signal }: Pick<RunIo, "observer" | "signal">,
  work: (samples: SampleWriter | undefined) => Promise<T>,
): Promise<T> {
  const { sampleEvery = 0, sampleTokens, steps } = run.plan;
  if (sampleEvery === 0 || sampleTokens === 0) return work(undefined);
  /** What `make` gives; undefined where that fails, which is said. */
  const attempt = <R>(make: () => R, what: string): R | undefined => {
    try {
      return make();
    } catch (error) {
      observer?.onPrepare?.(`${what}: ${messageOf(error)}`);
      return undefined;
    }
  };
  const opened = attempt(() => openSamplesLog(runDir, step), "no texts on the way");
  if (opened === undefined) return work(undefined);
  const { log, earlier } = opened;
  const there = new Set(earlier.map((sample) => sample.step));
  let writable = true;
  const append = (now: number, text: string): true => {
    lock.expectHeld();
    log.append({ step: now, text });
    there.add(now);
    return true;
  };
  try {
    return await work({
      async at(now) {
        // Before the first step there is nothing to see; the text of the end is in sample.txt.
        if (!writable || now === 0 || now % sampleEvery !== 0 || now >= steps || there.has(now)) return;
        let text: string | undefined;
        try {
          text = await writeSample(run, engine, signal);
        } catch (error) {
          if (signal?.aborted) return; // a resume writes it
          observer?.onPrepare?.(`no text at step ${now}: ${messageOf(error)}`);
        }
        if (text === undefined) return;
        const found = text;
        // What failed may have left half a line: a further one would be lost with it.
        writable = attempt(() => append(now, found), `no texts from step ${now} on`) ?? false;
      },
      sync: () => void attempt(() => log.sync(), "the disk may not have all texts"),
    });
  } finally {
    attempt(() => log.close(), "the disk may not have all texts");
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
