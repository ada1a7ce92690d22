import type * as v from "valibot";

import type { EngineProcess } from "../engines/engineProcess.ts";
import type { OptimizerEngine, OptimizerStudy } from "./optimizerStudy.ts";
import type { OptimizerOrder } from "./protocol.ts";

/** The processes of the engines: started when first needed, ended where they do not answer in time. */
export class EnginePool {
  readonly #study: Pick<OptimizerStudy, "start" | "limitMs" | "signal">;
  readonly #running = new Map<OptimizerEngine, EngineProcess>();
  readonly #absent = new Set<OptimizerEngine>();

  constructor(study: Pick<OptimizerStudy, "start" | "limitMs" | "signal">) {
    this.#study = study;
  }

  /** `2.15.0 (OpenBLAS SkylakeX)`. */
  version(engine: OptimizerEngine): string {
    const { version = "", kernels } = this.#running.get(engine)?.hello ?? {};
    return kernels === undefined ? version : `${version} (${kernels})`;
  }

  /** The answer; undefined, after a note, where there is none. */
  async try<S extends v.GenericSchema>(
    engine: OptimizerEngine,
    order: OptimizerOrder,
    schema: S,
    note: (text: string) => void,
  ): Promise<v.InferOutput<S> | undefined> {
    if (this.#absent.has(engine) || this.#study.signal?.aborted === true) return undefined;
    const { limitMs } = this.#study;
    let process = this.#running.get(engine);
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    try {
      if (process === undefined) {
        process = await this.#study.start(engine);
        this.#running.set(engine, process);
      }
      const child = process;
      timer = setTimeout(() => {
        late = true;
        child.end();
      }, limitMs);
      return await child.ask(order, schema);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (process === undefined) this.#absent.add(engine);
      const gone = late || /its process/.test(message);
      if (gone) this.#running.delete(engine);
      note(late ? `left out on ${engine}, took longer than ${limitMs / 1000} s` : `${engine}: ${message}`);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  end(): void {
    for (const process of this.#running.values()) process.end();
    this.#running.clear();
  }
}
