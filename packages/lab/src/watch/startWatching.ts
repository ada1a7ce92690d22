import { microBatches } from "../engine/accumulate.ts";
import type { HostTensors } from "../engine/hostTensor.ts";
import { copied } from "../engine/onnx/nativeTensors.ts";
import type { TrainingEngine } from "../engine/trainingEngine.ts";
import { scheduleFactors } from "../plan/planSchedule.ts";
import { parseWatch } from "../plan/watch/parseWatch.ts";
import { snrParts } from "../plan/watch/snrParts.ts";
import type { PreparedRun } from "../prepare/preparedRun.ts";
import { estimateGraph } from "./estimateGraph.ts";
import { difference, meanOf } from "./hostMath.ts";
import type { Finding } from "./measure.ts";
import { measures } from "./measures.ts";
import type { Moment } from "./moment.ts";
import { runToWatch } from "./runToWatch.ts";
import type { WatchLine } from "./watchLine.ts";

/** Looks at a run beside its steps; nothing of what the run computes depends on it. */
export interface RunWatcher {
  /** Lines of the weights that the run starts from. */
  start(): Promise<readonly WatchLine[]>;
  /** Before a step, which is counted from 1, on this batch. */
  before(step: number, batch: HostTensors): Promise<void>;
  /** After the step, whose loss was this: its lines, none where it is not one to look at. */
  after(loss: number): Promise<readonly WatchLine[]>;
  dispose(): void;
}

/** Starts to watch what the plan of a run says. `earlier` are the lines there are of it. */
export function startWatching(
  run: PreparedRun,
  engine: TrainingEngine,
  { earlier, threads }: { readonly earlier: readonly WatchLine[]; readonly threads: number },
): RunWatcher {
  const { plan } = run;
  const { watch = "", watchEvery = 1, steps, accumulate } = plan;
  const names = parseWatch(watch);
  if (names === "all") throw new Error("internal: a plan does not say what to watch");
  const watched = runToWatch(run, threads);
  const chosen = names.map((name) => ({ name, measure: measures[name](watched, earlier) }));
  const needs = new Set(chosen.flatMap(({ measure }) => measure.needs));
  const factors = scheduleFactors(plan);
  const isDue = (step: number): boolean => step === 1 || step % watchEvery === 0 || step === steps;
  const parts = snrParts(plan) ?? 1;

  const estimator = estimateGraph(watched);

  let begun: Begun | undefined;
  let earlierUpdate: { readonly step: number; readonly update: HostTensors } | undefined;

  async function gradientsOf(batch: HostTensors, count: number): Promise<Gradients[]> {
    const found: Gradients[] = [];
    for (const part of microBatches(batch, count)) found.push(await engine.gradients(part));
    return found;
  }
  const whole = (found: readonly Gradients[]): Gradients => ({
    loss: found.reduce((sum, { loss }) => sum + loss / found.length, 0),
    gradients: meanOf(found.map(({ gradients }) => gradients)),
  });

  async function look(
    { step, batch, before, gradients, slices, costs }: Begun,
    loss: number,
  ): Promise<WatchLine[]> {
    const { params, state } = await engine.view();
    const after = copied(params);
    const next = needs.has("next")
      ? await costs.of("gradients after", async () => whole(await gradientsOf(batch, accumulate)))
      : undefined;
    const update = difference(after, before);
    const moment: Moment = {
      ...{ step, batch, loss, before, after, update, next },
      gradients: gradients ?? {},
      estimate:
        needs.has("estimate") && gradients !== undefined
          ? await costs.of("estimate", () => estimator.of(state, gradients))
          : {},
      parts: slices ?? [],
      earlier: earlierUpdate?.step === step - 1 ? earlierUpdate.update : undefined,
      sumOfFactors: factors.slice(0, step).reduce((sum, factor) => sum + factor, 0),
    };
    const lines: WatchLine[] = [];
    for (const { name, measure } of chosen)
      lines.push(...(await costs.of(name, () => measure.look(moment))).map(lineOf(step, name)));
    lines.push({ step, diagnostic: "cost", scope: "cost", name: "ms", values: costs.values() });
    return lines;
  }

  return {
    async start() {
      const weights = copied((await engine.view()).params);
      const lines: WatchLine[] = [];
      for (const { name, measure } of chosen)
        lines.push(...((await measure.start?.(weights)) ?? []).map(lineOf(0, name)));
      return lines;
    },
    async before(step, batch) {
      const due = isDue(step);
      if (!due && !(needs.has("earlier") && isDue(step + 1))) {
        begun = undefined;
        return;
      }
      const costs = stopwatch();
      const before = await costs.of("copies", async () => copied((await engine.view()).params));
      begun = { step, batch, before, due, costs };
      if (!due) return;
      const shared = needs.has("parts") && parts === accumulate;
      const slices = needs.has("parts")
        ? await costs.of("parts", () => gradientsOf(batch, parts))
        : undefined;
      const gradients = needs.has("gradients")
        ? shared && slices !== undefined
          ? whole(slices)
          : await costs.of("gradients", async () => whole(await gradientsOf(batch, accumulate)))
        : undefined;
      begun = {
        ...begun,
        ...(gradients !== undefined && { gradients: gradients.gradients }),
        ...(slices !== undefined && { slices: slices.map((slice) => slice.gradients) }),
      };
    },
    async after(loss) {
      if (begun === undefined) return [];
      const { step, due, before } = begun;
      const lines = due ? await look(begun, loss) : [];
      if (needs.has("earlier")) {
        const update = difference((await engine.view()).params, before);
        earlierUpdate = { step, update };
      }
      begun = undefined;
      return lines;
    },
    dispose() {
      for (const { measure } of chosen) measure.dispose?.();
      estimator.dispose();
      watched.dispose();
    },
  };
}

type Gradients = { readonly loss: number; readonly gradients: HostTensors };

/** A step that is on its way. */
interface Begun {
  readonly step: number;
  readonly batch: HostTensors;
  readonly before: HostTensors;
  readonly due: boolean;
  readonly costs: Stopwatch;
  readonly gradients?: HostTensors;
  readonly slices?: readonly HostTensors[];
}

interface Stopwatch {
  of<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds by name. */
  values(): Record<string, number>;
}

function stopwatch(): Stopwatch {
  const spent: Record<string, number> = {};
  return {
    async of(name, work) {
      const began = performance.now();
      const result = await work();
      spent[name] = Number(((spent[name] ?? 0) + performance.now() - began).toFixed(2));
      return result;
    },
    values: () => spent,
  };
}

const lineOf =
  (step: number, diagnostic: WatchLine["diagnostic"]) =>
  (finding: Finding): WatchLine => ({ step, diagnostic, ...finding });
