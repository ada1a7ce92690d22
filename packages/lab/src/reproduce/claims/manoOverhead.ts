import { type numpy as np, random } from "@jax-js/jax";
import { type StepResult, spec, TrainStep } from "@steepest/onnx";
import { applyUpdates, createOptimizer, type OptimizerState } from "steepest";
import { updateCost } from "steepest/monitors";
import * as v from "valibot";

import { defineClaim, type Part, type Scale } from "../claim.ts";
import { sourceIn } from "../sources.ts";
import { medianOf, ratioOf, short, together, verdictOf, withInterval } from "../statistics.ts";

const methods = ["muon_moonlight", "mano", "mano_v2", "adamw"] as const;
type Method = (typeof methods)[number];

const result = v.object({
  method: v.picklist(methods),
  rows: v.number(),
  columns: v.number(),
  /** Milliseconds of each turn, the fastest of a few updates. */
  ms: v.array(v.number()),
  /** The most memory of the process beyond what it had before weight, gradient and state were made, MiB. */
  peak: v.number(),
  /** Counted in the graph of the update. */
  flops: v.number(),
  /** Floats alive at once by that count. */
  peakFloats: v.number(),
});
type Result = v.InferOutput<typeof result>;

type Shape = readonly [rows: number, columns: number];
const shapesAt: Readonly<Record<Scale, readonly Shape[]>> = {
  small: [
    [1024, 1024],
    [1024, 2736],
  ],
  medium: [
    [2560, 2560],
    [2560, 6848],
  ],
  paper: [
    [2560, 2560],
    [2560, 6848],
    [4096, 4096],
    [4096, 11_008],
    [8192, 8192],
    [8192, 16_384],
  ],
};
const TURNS = 6;
const UPDATES = 3;
const MIB = 2 ** 20;

/** Type aliases, so that they are trees. */
type Held = { w: np.Array; state: OptimizerState };
type Batch = { w: np.Array };

async function run(method: Method, [rows, columns]: Shape): Promise<Result> {
  const optimizer = createOptimizer(method, { learningRate: 1e-3 });
  const cost = updateCost(optimizer, [rows, columns]);
  const before = process.memoryUsage.rss();
  const w = random.normal(random.key(0), [rows, columns]).mul(0.02);
  const step = TrainStep.create(
    ({ w, state }: Held, gradients: Batch, phase): StepResult<Held, Record<string, np.Array>> => {
      const [updates, next] = optimizer.update(gradients, state, { w: w.ref }, { phase, first: false });
      // The gradients are there: all the rest is the update, as in a training step.
      return [{ w: applyUpdates({ w }, updates).w, state: next }, {}, {}];
    },
    {
      state: { w, state: optimizer.init({ w: w.ref }) },
      batch: { w: spec([rows, columns]) },
      phases: optimizer.period,
    },
  );
  const gradient: ArrayLike<number> = random.normal(random.key(1), [rows, columns]).dataSync();
  step.batch.w?.set(gradient);
  for (let phase = 0; phase < optimizer.period; phase++) await step.run();
  const ms: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < UPDATES; i++) {
      const began = performance.now();
      await step.run();
      least = Math.min(least, performance.now() - began);
    }
    ms.push(least);
  }
  const peak = process.resourceUsage().maxRSS / 1024 - before / MIB;
  step.dispose();
  return { method, rows, columns, ms, peak, ...cost };
}

const partId = (method: Method, [rows, columns]: Shape): string => `${method}-${rows}x${columns}`;

export const manoOverhead = defineClaim<Result>({
  name: "mano-overhead",
  title: "What the update of Mano costs",
  source: sourceIn("mano", "computational overhead, table 3"),
  statement:
    "Mano's update takes at most 11mn FLOPs, a small fraction of the time of Muon's Newton-Schulz steps and less memory (2560 × 6848: 0.36 ms against 8.19 ms, 134 MB against 186 MB).",
  setup: (
    scale: Scale,
  ) => `One weight of ${shapesAt[scale].map(([m, n]) => `${m} × ${n}`).join(" and ")}, float32, whole updates (momentum and decay among them) on ONNX Runtime with the library's fused loops, ${TURNS} turns of the fastest of ${UPDATES} updates, each method
in a process of its own. FLOPs are counted in the traced graph (\`updateCost\`), the peak of memory is that of the process beyond what it had before. The claim is read as: Mano takes less than a tenth of Muon's
time at every shape, and has a smaller peak.`,
  result,
  parts: (scale) =>
    shapesAt[scale].flatMap((shape) =>
      methods.map(
        (method): Part<Result> => ({
          id: partId(method, shape),
          cost: method === "muon_moonlight" ? 15 : 6,
          make: () => run(method, shape),
        }),
      ),
    ),
  analyse(scale, done) {
    const shapes = shapesAt[scale];
    const of = (method: Method, shape: Shape) => done.get(partId(method, shape));
    const times = (method: Method, shape: Shape) =>
      ratioOf(of(method, shape)?.ms ?? [], of("muon_moonlight", shape)?.ms ?? []);
    const peak = (method: Method, shape: Shape): number => of(method, shape)?.peak ?? Number.NaN;
    const name = ([m, n]: Shape): string => `${m} × ${n}`;
    const smaller = shapes.filter((shape) => peak("mano", shape) < peak("muon_moonlight", shape));
    return {
      verdict: together([
        ...shapes.map((shape) => verdictOf(times("mano", shape), "below", 0.1, TURNS)),
        smaller.length === shapes.length ? "holds" : "does not hold",
      ]),
      headline: `${shapes
        .map(
          (shape) =>
            `${name(shape)}: Mano takes ${withInterval(times("mano", shape))} of Muon's time, its peak is ${short(peak("mano", shape))} MiB against ${short(peak("muon_moonlight", shape))} MiB`,
        )
        .join("; ")}.`,
      tables: shapes.map((shape) => ({
        caption: `${name(shape)}: ${short((shape[0] * shape[1] * 4) / MIB)} MiB of weights.`,
        head: ["method", "ms", "of Muon's", "FLOPs / mn", "peak, MiB", "floats at once by the graph / mn"],
        rows: methods.map((method) => {
          const found = of(method, shape);
          const entries = shape[0] * shape[1];
          return [
            method,
            short(medianOf(found?.ms ?? [])),
            withInterval(times(method, shape)),
            short((found?.flops ?? Number.NaN) / entries),
            short(peak(method, shape)),
            short((found?.peakFloats ?? Number.NaN) / entries),
          ];
        }),
      })),
      figure: {
        label: "Time of an update and peak of memory for Muon, Mano and AdamW",
        panels: [
          {
            title: "time of an update, in shares of Muon's",
            x: { label: "share", log: true },
            rule: 1,
            rows: shapes.flatMap((shape) =>
              methods
                .filter((method) => method !== "muon_moonlight")
                .map((method) => {
                  const { mean, low, high } = times(method, shape) ?? { mean: Number.NaN, low: 0, high: 0 };
                  return { name: `${method}, ${name(shape)}`, value: mean, low, high };
                }),
            ),
          },
          {
            title: "peak of memory, MiB",
            x: { label: "MiB" },
            rows: shapes.flatMap((shape) =>
              methods.map((method) => ({ name: `${method}, ${name(shape)}`, value: peak(method, shape) })),
            ),
          },
        ],
      },
      remarks: [
        "The paper measures bfloat16 on a GPU, one step without momentum; here it is float32 on a processor, where Muon's products run at their full speed and Mano at that of the memory.",
        "FLOPs of the graph have momentum, decay and the step among them: the 11mn of the paper are the manifold's part alone.",
        "Intervals are of turns of one run: what is compared differs by more than another machine would.",
      ],
    };
  },
});
