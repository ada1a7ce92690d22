import { grad, jit, numpy as np } from "@jax-js/jax";
import {
  applyUpdates,
  compiledStep,
  createOptimizer,
  disposeTree,
  refTree,
  stepKey,
  type Transform,
  type Tree,
} from "steepest";
import { reduceOnPlateau } from "steepest/schedules";
import { expectNoLeaks, leakedArrays, liveArrays } from "steepest/testing";
import { accumulate, freeze, weightAverage } from "steepest/transforms";
import { describe, expect, test, vi } from "vitest";
import {
  array,
  compiledUpdate,
  distance,
  eagerUpdate,
  flatten,
  gradients,
  paths,
  run,
  shapes,
  wave,
  weights,
} from "./support/trees.ts";

const scalar = (x: number): Tree => ({ w: array(Float32Array.of(x), [1]) });

describe("accumulate", () => {
  const meanOf = (from: number, count: number): Tree => {
    const sum = Array.from({ length: count }, (_, i) => flatten(gradients(from + i))).reduce((a, b) =>
      a.map((x, i) => x + (b[i] ?? 0)),
    );
    let at = 0;
    const taken = paths.map((path) => {
      const size = shapes[path].reduce((a: number, b: number) => a * b, 1);
      at += size;
      return [
        path,
        array(
          Float32Array.from(sum.slice(at - size, at), (x) => x / count),
          shapes[path],
        ),
      ] as const;
    });
    const {
      "blocks.0.wide": wide,
      "blocks.0.tall": tall,
      "norm.gain": gain,
      ...rest
    } = Object.fromEntries(taken);
    return { blocks: [{ wide, tall }], ...rest, norm: { gain } } as Tree;
  };

  // Mano alternates between two axes.
  test.each(["muon", "mano"] as const)("%s: equal to steps with the mean of three gradients", (name) => {
    const options = { learningRate: 0.01, weightDecay: 0.1 };
    const optimizer = createOptimizer(name, options);
    const wrapped = accumulate(3, optimizer) as Transform;
    expect(wrapped.period).toBe(3 * optimizer.period);
    const whole = run(optimizer, { steps: 3, gradient: (step) => meanOf(3 * step, 3) });
    // Sums of three in another order.
    expect(distance(run(wrapped, { steps: 9 }), whole)).toBeLessThan(2e-6);
  });

  test("a method that differs in its first step and refreshes a basis: halves of a gradient are the gradient", () => {
    const optimizer = createOptimizer("soap", { learningRate: 0.01, preconditionFrequency: 2 });
    const wrapped = accumulate(2, optimizer) as Transform;
    const twice = (step: number): Tree => gradients(Math.floor(step / 2));
    const end = run(wrapped, { update: eagerUpdate(wrapped), steps: 6, gradient: twice });
    expect(end).toEqual(run(optimizer, { update: eagerUpdate(optimizer), steps: 3 }));
  });

  test("compiled and eager agree, keys are few, and the phase is read from the state outside jit", async () => {
    const wrapped = accumulate(2, createOptimizer("mano", { learningRate: 0.01 })) as Transform;
    const step = compiledUpdate(wrapped);
    const fast = run(wrapped, { update: step.update, steps: 5 });
    expect([step.keys(), step.traces()]).toEqual([3, 3]); // put, and one step for each axis
    step.dispose();
    const eager = run(wrapped, { update: eagerUpdate(wrapped), steps: 5 });
    expect(distance(fast, eager)).toBeLessThan(2e-6);
    const untold: Transform["update"] = (g, s, p) => wrapped.update(g, s, p);
    expect(run(wrapped, { update: untold, steps: 5 })).toEqual(eager);
    expect(() =>
      jit((g: Tree, s: Tree, p: Tree) => wrapped.update(g, s, p))(
        scalar(1),
        wrapped.init(scalar(1)),
        scalar(1),
      ),
    ).toThrow(/accumulate repeats every 4 steps.*pass \{ phase: step % 4 \}/);
    await expectNoLeaks(() => run(wrapped, { update: eagerUpdate(wrapped), steps: 4 }));
  });

  test("between steps nothing moves, by decay neither; the estimate is the mean", () => {
    const wrapped = accumulate(2, createOptimizer("sgd", { learningRate: 1, weightDecay: 0.5 }));
    let state = wrapped.init(scalar(1));
    const moved = [1, 3, 5].map((g, step) => {
      const [updates, next] = wrapped.update(scalar(g), state, scalar(1), { phase: step % 2 });
      state = next;
      return flatten(updates)[0];
    });
    expect(moved).toEqual([0, -2.5, 0]);
    const [, next] = wrapped.update(scalar(1), state, scalar(1), { phase: 1 });
    const unused = scalar(7);
    expect(flatten(wrapped.estimate?.(next, unused) ?? {})).toEqual([3]);
    disposeTree([next, unused] as Tree);
  });

  test("what is no number of gradients is refused", () => {
    for (const every of [0, 1.5, Number.NaN])
      expect(() => accumulate(every, createOptimizer("sgd"))).toThrow(
        /accumulate: every must be a whole number ≥ 1, got/,
      );
    const one = accumulate(2, createOptimizer("sgd"));
    const matrix = { w: np.zeros([4, 4]) };
    expect(() => one.update({ w: np.zeros([1, 4]) }, one.init(refTree(matrix)), matrix)).toThrow(
      /"w" is \[1,4\] in the gradients given to accumulate/,
    );
  });
});

describe("weightAverage", () => {
  const averages = (options: { decay: number; warmup?: boolean }): number[] => {
    const wrapped = weightAverage(createOptimizer("sgd", { learningRate: 1 }), options);
    let state = wrapped.init(scalar(0));
    let params = scalar(0);
    const seen = [-1, -2, -3].map((g) => {
      const [updates, next] = wrapped.update(scalar(g), state, refTree(params));
      params = applyUpdates(params, updates);
      state = next;
      return flatten(refTree(state.average))[0] ?? Number.NaN;
    });
    disposeTree([params, state] as Tree);
    return seen;
  };

  test("by hand: weights 1, 3, 6 from 0", () => {
    expect(distance(averages({ decay: 0.5 }), [0.5, 1.75, 3.875])).toBeLessThan(1e-6);
    // 1/10, 2/11, 1/4 of the past
    expect(
      distance(averages({ decay: 0.25, warmup: true }), [0.9, 28.8 / 11, (28.8 / 11) * 0.25 + 4.5]),
    ).toBeLessThan(1e-6);
  });

  test("training does not see it; compiled and eager agree; nothing leaks", async () => {
    const optimizer = createOptimizer("mano", { learningRate: 0.01 });
    const wrapped = weightAverage(optimizer, { decay: 0.9 }) as Transform;
    const eager = run(wrapped, { update: eagerUpdate(wrapped), steps: 3 });
    expect(eager).toEqual(run(optimizer, { update: eagerUpdate(optimizer), steps: 3 }));
    const step = compiledUpdate(wrapped);
    expect(distance(run(wrapped, { update: step.update, steps: 3 }), eager)).toBeLessThan(2e-6);
    expect(step.keys()).toBe(2);
    step.dispose();
    await expectNoLeaks(() => run(wrapped, { update: eagerUpdate(wrapped), steps: 2 }));
  });

  test("a decay of 1 is refused", () => {
    expect(() => weightAverage(createOptimizer("sgd"), { decay: 1 })).toThrow(
      /decay must be in \[0, 1\), got 1/,
    );
  });
});

describe("freeze", () => {
  const optimizer = createOptimizer("muon", { learningRate: 0.1, weightDecay: 0.5 });
  const frozen = freeze(({ path }) => path === "embedding" || path.startsWith("blocks"), optimizer);

  test("what is frozen stays, the rest moves as without it, and has no state", async () => {
    const before = flatten(weights());
    const after = run(frozen, { update: eagerUpdate(frozen), steps: 2 });
    const alone = run(optimizer, { update: eagerUpdate(optimizer), steps: 2 });
    let at = 0;
    const order = ["blocks.0.wide", "blocks.0.tall", "embedding", "head", "norm.gain", "bias"] as const;
    for (const path of order) {
      const size = shapes[path].reduce((a: number, b: number) => a * b, 1);
      const expected = path === "embedding" || path.startsWith("blocks") ? before : alone;
      expect(after.slice(at, at + size)).toEqual(expected.slice(at, at + size));
      at += size;
    }
    await expectNoLeaks(() => run(frozen, { update: eagerUpdate(frozen), steps: 1 }));
  });

  test("freezing nothing is an error that names the parameters", () => {
    const typo = freeze(({ path }) => path === "embeding", optimizer);
    expect(() => typo.init(weights())).toThrow(/says no to every parameter; parameters are blocks\.0\.wide/);
  });
});

describe("compiledStep", () => {
  const target = (): np.Array => array(wave(24, 3), [4, 6]);
  const loss = ({ w }: { w: np.Array }, shift: np.Array): np.Array =>
    np.square(w.sub(target()).sub(shift)).mean();
  const start = () => ({ w: array(wave(24, 1), [4, 6]) });
  const shift = (): np.Array => np.array(0.25, { dtype: np.float32 });

  test.each(["sgd", "mano", "soap"] as const)("%s: as the loop by hand", async (name) => {
    const optimizer = createOptimizer(name, { learningRate: 0.05 });
    const step = compiledStep(optimizer, loss);
    const losses: number[] = [];
    const train = (steps: number): number[] => {
      let training = step.init(start());
      for (let k = 0; k < steps; k++) {
        const { loss, ...next } = step(training, shift());
        losses.push(loss.item());
        training = next;
      }
      expect(training.step).toBe(steps);
      disposeTree(training.state);
      return flatten(training.params);
    };
    const compiled = train(4);

    let params = start();
    let state: Tree = optimizer.init(refTree(params));
    for (let k = 0; k < 4; k++) {
      expect(loss(refTree(params), shift()).item()).toBeCloseTo(losses[k] ?? Number.NaN, 5);
      const gradient = grad(loss)(refTree(params), shift()) as Tree;
      const [updates, next] = (optimizer as Transform).update(gradient, state, refTree(params), {
        phase: k % optimizer.period,
        first: k === 0,
      });
      [params, state] = [applyUpdates(params, updates), next];
    }
    disposeTree(state);
    // Fusion reorders float32 sums of 24 terms.
    expect(distance(compiled, flatten(params))).toBeLessThan(2e-6);
    expect(await leakedArrays(() => train(2))).toBe(0);
    step.dispose();
  });

  test("one function for each key, none more for another rate; the scale stays until it is changed", () => {
    let traces = 0;
    const optimizer = createOptimizer("mano", { learningRate: 0.05 });
    const step = compiledStep(optimizer, (params: { w: np.Array }, x: np.Array) => {
      traces += 1;
      return loss(params, x);
    });
    const plateau = reduceOnPlateau({ patience: 0, factor: 0.5 });
    let training = step.init(start());
    for (let k = 0; k < 6; k++) {
      const { loss, ...next } = step(training, shift());
      loss.dispose();
      training = k === 3 ? { ...next, learningRateScale: 0 } : next;
      plateau.observe(1);
    }
    expect(traces).toBe(new Set([0, 1].map((phase) => stepKey(optimizer, { phase }))).size);
    expect(plateau.scale).toBe(0.5 ** 5);
    expect(training.learningRateScale).toBe(0);
    const before = flatten(refTree(training.params));
    const { loss: last, params, state } = step(training, shift());
    expect(flatten(params)).toEqual(before);
    disposeTree([last, state] as Tree);
    step.dispose();
  });

  test.each([true, false])(
    "work does not pile up where nothing is read, unless there are threads (%s)",
    async (threads) => {
      if (threads) vi.stubGlobal("Worker", class {}); // what jax-js takes for threads
      const live: number[] = []; // what waits holds its inputs
      const step = compiledStep(createOptimizer("sgd", { learningRate: 0.1 }), loss);
      let training = step.init(start());
      for (let k = 0; k < 5; k++) {
        const { loss, ...next } = step(training, shift());
        loss.dispose();
        training = next;
        live.push(await liveArrays());
      }
      vi.unstubAllGlobals();
      expect(new Set(live.slice(1)).size > 1).toBe(threads);
      disposeTree([training.params, training.state] as Tree);
      step.dispose();
    },
  );

  test("what it cannot do is said", () => {
    expect(() => compiledStep(createOptimizer("kfac"), loss)).toThrow(
      /compiledStep: kfac needs layers in its step context/,
    );
    const step = compiledStep(createOptimizer("sgd"), loss);
    const training = { ...step.init(start()), learningRateScale: Number.NaN };
    expect(() => step(training, shift())).toThrow(/learningRateScale must be a finite number ≥ 0, got NaN/);
  });
});

describe("leaks", () => {
  test("live arrays are counted, a leak and a double use are told apart", async () => {
    const before = await liveArrays();
    const kept = np.array([1, 2]).add(1);
    kept.ref.dataSync();
    expect((await liveArrays()) - before).toBeGreaterThan(0);
    await expectNoLeaks(() => kept.ref.add(1).dataSync());
    const hoard: np.Array[] = [];
    const leaking = () => {
      const x = np.array(new Float32Array([1, 2, 3]));
      hoard.push(x);
    };
    await expect(expectNoLeaks(leaking)).rejects.toThrow(
      /1 more arrays live after this than before: a \.ref/,
    );
    await expect(expectNoLeaks(() => hoard.pop()?.dispose())).rejects.toThrow(/1 fewer arrays live/);
    disposeTree([kept, ...hoard] as Tree);
  });

  test("work that could leak nothing is no test", async () => {
    await expect(expectNoLeaks(() => np.array(2).add(1).item())).rejects.toThrow(
      /makes no array that holds memory/,
    );
    await expectNoLeaks(() => np.array([2, 3]).add(1).dataSync());
  });
});
