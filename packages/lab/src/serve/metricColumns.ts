/** Numbers of a metrics.jsonl that curves are drawn of. Those of `wide` do not fit into 24 bits. */
export const metricNames = [
  "loss",
  "valLoss",
  "valAccuracy",
  "gradNorm",
  "scheduleFactor",
  "ms",
  "seconds",
  "tokens",
] as const;
export type MetricName = (typeof metricNames)[number];

const wide: readonly string[] = ["seconds", "tokens"];
const FIRST = 1024;

/** Steps and their numbers as columns that grow. What a line does not have is NaN. */
export class MetricColumns {
  length = 0;
  #capacity = FIRST;
  #steps = new Float64Array(FIRST);
  readonly #columns = new Map<MetricName, Float32Array | Float64Array>();

  get steps(): Float64Array {
    return this.#steps.subarray(0, this.length);
  }

  /** The numbers of a metric, one for each step; undefined where no line has it. */
  column(name: MetricName): Float32Array | Float64Array | undefined {
    return this.#columns.get(name)?.subarray(0, this.length);
  }

  get bytes(): number {
    let bytes = this.#steps.byteLength;
    for (const column of this.#columns.values()) bytes += column.byteLength;
    return bytes;
  }

  /** Adds the numbers of a step. Steps that do not grow are left out: a run that was resumed made them again. */
  add(step: number, line: object): void {
    const last = this.length === 0 ? -1 : (this.#steps[this.length - 1] ?? -1);
    if (step <= last) return;
    if (this.length === this.#capacity) this.#grow();
    const at = this.length++;
    this.#steps[at] = step;
    for (const column of this.#columns.values()) column[at] = Number.NaN;
    for (const [name, value] of Object.entries(line)) {
      if (typeof value !== "number") continue;
      const metric = metricNames.find((one) => one === name);
      if (metric !== undefined) this.#for(metric)[at] = value;
    }
  }

  #for(name: MetricName): Float32Array | Float64Array {
    const there = this.#columns.get(name);
    if (there !== undefined) return there;
    const made = wide.includes(name) ? new Float64Array(this.#capacity) : new Float32Array(this.#capacity);
    made.fill(Number.NaN);
    this.#columns.set(name, made);
    return made;
  }

  #grow(): void {
    this.#capacity *= 2;
    const steps = new Float64Array(this.#capacity);
    steps.set(this.#steps);
    this.#steps = steps;
    for (const [name, column] of this.#columns) {
      const grown = wide.includes(name) ? new Float64Array(this.#capacity) : new Float32Array(this.#capacity);
      grown.set(column);
      this.#columns.set(name, grown);
    }
  }
}
