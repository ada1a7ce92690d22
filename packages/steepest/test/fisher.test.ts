import { grad, jit, nn, numpy as np, random } from "@jax-js/jax";
import {
  type Arrays,
  createOptimizer,
  disposeTree,
  mapLeaves,
  namedLeaves,
  refTree,
  type StepContext,
  stateFloats,
  stepKey,
  type Transform,
  type Tree,
} from "steepest";
import { diagonal, kroneckerInverse, rotatedDiagonal, sharedEigenspace } from "steepest/fisher";
import { inverseRoot, polar, symmetricEigen } from "steepest/matrix";
import { constant } from "steepest/schedules";
import { preconditioned, scaleByAdam } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { scaleByAlice } from "../src/optimizers/fisher/scaleByAlice.ts";
import { fisherStates } from "./support/fisherStates.ts";
import { rowsOf, svdOf } from "./support/float64.ts";
import { array, distance, flatten, run, settled, wave, weights } from "./support/trees.ts";

const shape = [4, 6];
const matrix = (seed: number, of: readonly number[] = shape): np.Array =>
  array(
    wave(
      of.reduce((a, b) => a * b, 1),
      seed,
    ),
    of,
  );
const options = { start: () => ({ w: matrix(1) }), gradient: (step: number) => ({ w: matrix(3 + step) }) };
const flat = (x: np.Array): number[] => (x.js() as number[][]).flat();

/** What a transform emits for a list of gradients. */
function emitted(
  transform: Transform,
  count: number,
  turn: (g: np.Array) => np.Array = (g) => g,
): np.Array[] {
  let state = transform.init({ w: matrix(1) });
  return Array.from({ length: count }, (_, step) => {
    const [u, next] = transform.update({ w: turn(matrix(3 + step)) }, state, { w: matrix(1) });
    state = next;
    return (u as { w: np.Array }).w;
  });
}

/** An orthogonal matrix. */
const rotation = (size: number, seed: number): np.Array => polar(matrix(seed, [size, size]));

describe("methods that coincide", () => {
  test("eigen_adam's structure without a rotation is Adam", () => {
    claim("eigen_adam", "eigen_adam's structure without a rotation is Adam");
    const identity = sharedEigenspace({ eps: 1e-8, sides: () => ({ left: false, right: false }) });
    const ours = emitted(preconditioned(identity, { b1: 0.9, b2: 0.999 }), 4);
    const adam = emitted(scaleByAdam(), 4);
    for (const [i, u] of ours.entries()) expect(distance(flat(u), flat(adam[i] ?? u))).toBeLessThan(1e-5);
  });

  test("soap with both sides skipped is Adam, one step later", () => {
    claim("soap", "soap with both sides skipped is Adam, eps before the correction, one step later");
    const soap = createOptimizer("soap", {
      maxPreconditionDim: 1,
      b1: 0.9,
      weightDecay: 0,
      learningRate: 0.01,
    });
    const adam = createOptimizer("adam", { b2: 0.95, epsBeforeCorrection: true, learningRate: 0.01 });
    const later = { ...options, gradient: (step: number) => options.gradient(step + 1) };
    const end = run(soap, { ...options, steps: 5 });
    expect(distance(end, run(adam, { ...later, steps: 4 }))).toBeLessThan(1e-6);
  });

  test("soap that steps at once: with both sides skipped Adam; else the first step is the sign in its own bases", () => {
    const given = { b1: 0.9, weightDecay: 0, learningRate: 0.01, firstStep: "project" } as const;
    const adam = createOptimizer("adam", { b2: 0.95, epsBeforeCorrection: true, learningRate: 0.01 });
    const skipped = createOptimizer("soap", { ...given, maxPreconditionDim: 1 });
    expect(distance(run(skipped, options), run(adam, options))).toBeLessThan(1e-6);
    // A square gradient UΣVᵀ becomes UVᵀ: in its own bases it is diagonal. Off the diagonal is rounding, which eps absorbs.
    const square = {
      start: () => ({ w: np.zeros([4, 4]) }),
      gradient: () => ({ w: matrix(3, [4, 4]) }),
      steps: 1,
    };
    const end = run(createOptimizer("soap", { ...given, learningRate: 1, eps: 1e-3 }), square);
    expect(distance(end, flat(polar(matrix(3, [4, 4])).mul(-1)))).toBeLessThan(0.02);
  });

  test("soap on vectors: one statistic, a fixed direction becomes its first eigenvector", () => {
    const vector = (seed: number): np.Array => matrix(seed, [5]);
    const given = {
      b1: 0,
      weightDecay: 0,
      learningRate: 1,
      firstStep: "project",
      precondition1d: true,
    } as const;
    const soap = createOptimizer("soap", { ...given, roles: { w: "bias" } });
    expect(stateFloats(soap.init({ w: vector(1) }))).toBe(2 * 5 + 2 * 5 * 5);
    const once = { start: () => ({ w: np.zeros([5]) }), gradient: () => ({ w: vector(3) }), steps: 1 };
    const g = vector(3).js() as number[];
    const length = Math.hypot(...g);
    // Whitened, a single vector has length one; what rounding leaves in the other directions is small beside it.
    const end = run(createOptimizer("soap", { ...given, eps: 1e-4, roles: { w: "bias" } }), once);
    const along = end.reduce((sum, x, i) => sum - (x * (g[i] ?? 0)) / length, 0);
    expect(along).toBeCloseTo(1, 3);
    expect(Math.hypot(...end)).toBeCloseTo(1, 2);
  });

  test("conda without projection is Adam", () => {
    claim("conda", "conda without projection is Adam, eps before the correction");
    const both = { learningRate: 0.01, b2: 0.99 };
    const adam = createOptimizer("adam", { ...both, epsBeforeCorrection: true });
    expect(
      distance(run(createOptimizer("conda", { ...both, projection: "none" }), options), run(adam, options)),
    ).toBeLessThan(1e-6);
  });

  test("one step of shampoo without average, ridge and grafting is the polar factor", () => {
    claim("shampoo", "one step of shampoo without average, ridge and grafting is the polar factor");
    const shampoo = createOptimizer("shampoo", {
      b1: 0,
      b2: 1,
      eps: 0,
      graft: "none",
      startPreconditioningStep: 1,
      learningRate: 1,
    });
    const end = run(shampoo, { ...options, steps: 1 });
    const expected = flat(matrix(1).sub(polar(matrix(3))));
    expect(distance(end, expected)).toBeLessThan(1e-4); // fourth roots of a matrix of condition 1e3, in float32
  });

  test("shampoo's roots by products alone are those by eigenvectors", () => {
    claim("shampoo", "shampoo's roots by products alone are those by eigenvectors");
    const given = { eps: 1e-2, startPreconditioningStep: 1, learningRate: 0.1, graft: "none" } as const;
    const end = (roots: "eigen" | "coupledNewton") =>
      run(createOptimizer("shampoo", { ...given, roots }), options);
    expect(distance(end("eigen"), end("coupledNewton"))).toBeLessThan(1e-4);
  });

  test("shampoo in blocks treats every block as a weight of its own", async () => {
    const given = { maxPreconditionDim: 3, startPreconditioningStep: 1, learningRate: 0.1 } as const;
    const shampoo = createOptimizer("shampoo", { ...given, largeDims: "block" });
    const end = run(shampoo, { ...options, steps: 3 });
    const cuts = { a: [0, 3, 0, 3], b: [0, 3, 3, 6], c: [3, 4, 0, 3], d: [3, 4, 3, 6] } as const;
    const cut = (whole: () => np.Array): Tree =>
      Object.fromEntries(
        Object.entries(cuts).map(([name, [top, bottom, left, right]]) => [
          name,
          whole().slice([top, bottom], [left, right]),
        ]),
      );
    const apart = run(createOptimizer("shampoo", given), {
      start: () => cut(() => matrix(1)),
      gradient: (step) => cut(() => matrix(3 + step)),
      steps: 3,
    });
    const blocks = Object.values(cuts).flatMap(([top, bottom, left, right]) =>
      flat(array(Float32Array.from(end), shape).slice([top, bottom], [left, right])),
    );
    expect(distance(blocks, apart)).toBeLessThan(1e-6);
    const floats = (m: number, n: number): number => 2 * m * m + 2 * n * n + 2 * m * n;
    expect(stateFloats(shampoo.init({ w: matrix(1) }))).toBe(2 * floats(3, 3) + 2 * floats(1, 3));
    expect(await leakedBuffers(() => run(shampoo, { ...options, steps: 2 }))).toBe(0);
  });

  test("swan whitens square weights: all singular values alike but for the mean that is taken off", () => {
    const [m, n] = [64, 64];
    const g = random.normal(random.key(0), [m, n]);
    const swan = createOptimizer("swan", { learningRate: 1, alpha: 1, rescale: false });
    const params = { w: np.zeros([m, n]) };
    const [{ w }, state] = swan.update({ w: g }, swan.init({ w: params.w.ref }), params) as [Arrays, Tree];
    disposeTree(state);
    const singular = svdOf(rowsOf((w as np.Array).dataSync(), [m, n])).s;
    expect(singular[0]).toBeLessThan(1.01);
    expect(singular[m - 2]).toBeGreaterThan(0.99); // 0.18 after ten iterations
  });

  test("swan whitens: all singular values alike, whatever the scale of rows and a constant added to them", () => {
    claim(
      "swan",
      "swan whitens in 30 steps: all singular values alike, whatever the scale of rows and a constant added to them",
    );
    const given = { learningRate: 1, alpha: 1, steps: 30 };
    const step = (turn: (g: np.Array) => np.Array): number[] =>
      run(createOptimizer("swan", given), {
        start: () => ({ w: np.zeros(shape) }),
        gradient: () => ({ w: turn(matrix(3)) }),
        steps: 1,
      });
    const plain = step((g) => g);
    const values = np.linalg.svdvals(array(Float32Array.from(plain), shape)).js() as number[];
    for (const value of values) expect(value).toBeCloseTo(Math.sqrt(6), 3); // ‖G̃‖ = √24 over four directions
    const scales = array(Float32Array.of(1, 10, 0.1, 3), [4, 1]);
    expect(
      distance(
        step((g) => g.mul(scales.ref).add(0.5)),
        plain,
      ),
    ).toBeLessThan(1e-3);
    scales.dispose();
  });

  test("column_normalized_sgd: columns of one length, the Fisher factor gives root mean square 1", () => {
    claim(
      "column_normalized_sgd",
      "column_normalized_sgd: columns of one length, the Fisher factor gives root mean square 1",
    );
    const end = (scale: "none" | "fisher") =>
      run(createOptimizer("column_normalized_sgd", { learningRate: 1, scale }), {
        start: () => ({ w: np.zeros(shape) }),
        gradient: () => ({ w: matrix(3) }),
        steps: 1,
      });
    const columns = np
      .sqrt(np.sum(np.square(array(Float32Array.from(end("none")), shape)), 0))
      .js() as number[];
    for (const length of columns) expect(length).toBeCloseTo(1, 5);
    expect(Math.hypot(...end("fisher")) / Math.sqrt(24)).toBeCloseTo(1, 5);
  });
});

test.each([
  ["soap", { firstStep: "project", precondition1d: true }],
  ["adadiag", { rerotate: false, refreshEvery: 2 }],
])("%s leaks nothing with %j", async (name, given) => {
  const optimizer = createOptimizer(name, given);
  expect(await leakedBuffers(() => run(optimizer, { steps: 3 }))).toBe(0);
});

describe("equivariance under rotations of all gradients", () => {
  const left = (): np.Array => rotation(4, 8);
  const right = (): np.Array => rotation(6, 9);
  const both = (g: np.Array): np.Array => np.matmul(np.matmul(left(), g), right());
  const onlyLeft = (g: np.Array): np.Array => np.matmul(left(), g);
  const refresh = { every: 1, at: "start" } as const;
  const eigen = preconditioned(sharedEigenspace({ eps: 1e-8 }), { b1: 0.9, b2: 0.9, refresh });
  const two = preconditioned(rotatedDiagonal({ eps: 1e-8, sides: () => ({ left: true, right: false }) }), {
    b2: 0.9,
  });

  const cases: [string, Transform, (g: np.Array) => np.Array, boolean][] = [
    ["shared eigenspace, left", eigen, onlyLeft, true],
    ["rotated diagonal of the left side, left", two, onlyLeft, true],
    ["adam, not", scaleByAdam(), both, false],
  ];
  test.each(cases)("%s", (name, transform, turn, expected) => {
    if (transform === eigen)
      claim("eigen_adam", "With its bases made anew at every step it turns with rotations of the left side");
    if (name === "adam, not") claim("adam", "Its step does not turn with rotations of the gradients");
    const turned = emitted(transform, 4, turn);
    const plain = emitted(transform, 4).map(turn);
    const apart = distance(turned.flatMap(flat), plain.flatMap(flat));
    if (expected)
      expect(apart).toBeLessThan(5e-3); // eigenvectors of covariances with close eigenvalues, in float32
    else expect(apart).toBeGreaterThan(0.05);
  });
});

describe("refresh", () => {
  test.each([
    ["start", [0, 3, 6]],
    ["end", [2, 5]],
    ["firstAndEnd", [0, 2, 5]],
  ] as const)("every three steps at the %s is at steps %j of seven, as its keys say", (at, expected) => {
    let step = 0;
    const done = new Set<number>();
    const byKey = new Map<string, boolean>();
    const spy: ReturnType<typeof diagonal> = {
      ...diagonal({ power: -0.5 }),
      refresh(statistics) {
        done.add(step);
        return statistics;
      },
    };
    const transform = preconditioned(spy, { refresh: { every: 3, at } });
    const weight = (): Tree => ({ w: matrix(1) });
    let state = transform.init(weight());
    for (; step < 7; step++) {
      const context = { phase: step % 3, first: step === 0 };
      const [updates, next] = transform.update({ w: matrix(2) }, state, weight(), context);
      disposeTree(updates);
      state = next;
      const key = stepKey(transform, context);
      expect(byKey.get(key) ?? done.has(step)).toBe(done.has(step));
      byKey.set(key, done.has(step));
    }
    disposeTree(state);
    expect([...done]).toEqual(expected);
  });

  test("a basis renewed now and then needs two or three compiled steps", () => {
    const names = ["soap", "eigen_adam", "shampoo", "conda", "adadiag", "adadiag_pp", "alice"] as const;
    claim(names, "A refresh is a static phase: with the default interval two or three compiled steps");
    for (const name of names) {
      const optimizer = createOptimizer(name);
      const keys = new Set(
        Array.from({ length: 2 * optimizer.period }, (_, step) =>
          stepKey(optimizer, { phase: step % optimizer.period, first: step === 0 }),
        ),
      );
      expect(keys.size).toBeGreaterThan(1);
      expect(keys.size).toBeLessThanOrEqual(3);
    }
  });

  test.each(["soap", "eigen_adam", "alice"])(
    "%s: the first step is found from the count where the context is silent",
    (name) => {
      const optimizer = createOptimizer(name, { learningRate: 0.01 });
      const told: Transform["update"] = (g, s, p, context) =>
        optimizer.update(g, s as ReturnType<typeof optimizer.init>, p, {
          phase: 0,
          first: false,
          ...context,
        });
      const end = run(optimizer, { ...options, steps: 2 });
      const wrong = run(optimizer, { ...options, steps: 2, update: told });
      expect(distance(end, wrong)).toBeGreaterThan(1e-6);
    },
  );
});

test("adadiag with rerotate false: by hand, the average lives in the rotated space", () => {
  const [b1, b2, eta] = [0.8, 0.9, 0.1];
  const given = { learningRate: eta, b1, b2, refreshEvery: 2, roles: { w: "hidden" } } as const;
  const end = run(createOptimizer("adadiag", { ...given, rerotate: false }), { ...options, steps: 4 });
  let [w, basis, m, v] = [matrix(1), np.eye(4), np.zeros(shape), np.zeros(shape)];
  for (let t = 1; t <= 4; t++) {
    const g = matrix(2 + t);
    if (t % 2 === 1) {
      basis.dispose();
      const { vectors, values } = symmetricEigen(np.matmul(g.ref, np.matrixTranspose(g.ref)));
      values.dispose();
      basis = vectors;
    }
    const y = np.matmul(np.matrixTranspose(basis.ref), g);
    m = m.mul(b1).add(y.ref.mul(1 - b1));
    v = v.mul(b2).add(np.square(y).mul(1 - b2));
    const scaled = m.ref.div(1 - b1 ** t).div(np.sqrt(v.ref.div(1 - b2 ** t)).add(1e-8));
    w = w.sub(np.matmul(basis.ref, scaled).mul(eta));
  }
  for (const array of [basis, m, v]) array.dispose();
  // The optimizer decomposes in float64, nudged by 1e-6.
  expect(distance(end, flat(w))).toBeLessThan(1e-4);
  expect(distance(end, run(createOptimizer("adadiag", given), { ...options, steps: 4 }))).toBeGreaterThan(
    0.02,
  );
});

describe("kfac", () => {
  // A two-layer perceptron on four rows.
  const [rows, width, hidden, out] = [4, 3, 5, 2];
  const x = (): np.Array => matrix(1, [rows, width]);
  const labels = (): np.Array => nn.oneHot(np.array(new Int32Array([0, 1, 1, 0]), { dtype: np.int32 }), out);
  const params = (): Arrays => ({ one: matrix(2, [hidden, width]), two: matrix(3, [out, hidden]) });
  type Inputs = { one: np.Array; two: np.Array; probe1: np.Array; probe2: np.Array };
  const loss = ({ one, two, probe1, probe2 }: Inputs): np.Array => {
    const h = np.tanh(np.matmul(x(), np.matrixTranspose(one)).add(probe1));
    const logits = np.matmul(h, np.matrixTranspose(two)).add(probe2);
    return np.mean(np.sum(nn.logSoftmax(logits).mul(labels()), -1)).neg();
  };
  const captured = () => {
    const { one = np.zeros([]), two = np.zeros([]) } = params();
    const a2 = np.tanh(np.matmul(x(), np.matrixTranspose(one.ref)));
    const g = grad(loss)({
      one,
      two,
      probe1: np.zeros([rows, hidden]),
      probe2: np.zeros([rows, out]),
    }) as Inputs;
    const layers = {
      one: { inputs: x(), outputGradients: g.probe1 },
      two: { inputs: a2, outputGradients: g.probe2 },
    };
    return { layers, gradient: { one: g.one, two: g.two } };
  };
  const free = ({ layers }: { layers: NonNullable<StepContext["layers"]> }): void => {
    for (const { inputs, outputGradients } of Object.values(layers)) {
      inputs.dispose();
      outputGradients.dispose();
    }
  };
  const numbers = (a: np.Array): number[][] => a.js() as number[][];

  test("the probes' gradients and the inputs make the gradient of the weight", () => {
    claim("kfac", "the probes' gradients and the inputs make the gradient of the weight");
    const { layers, gradient } = captured();
    const { inputs, outputGradients } = layers.two;
    const made = np.matmul(np.matrixTranspose(outputGradients.ref), inputs.ref);
    expect(distance(flat(made), flat(gradient.two))).toBeLessThan(1e-6);
    gradient.one.dispose();
    free({ layers });
  });

  test("factors are those by hand, and the step is (A ⊗ B + γI)⁻¹ on the gradient", () => {
    claim("kfac", "factors are those by hand, and the step is (A ⊗ B + γI)⁻¹ on the gradient");
    const { layers, gradient } = captured();
    const [a, d] = [numbers(layers.two.inputs.ref), numbers(layers.two.outputGradients.ref)];
    const g = numbers(gradient.two.ref);
    const kfac = createOptimizer("kfac", {
      learningRate: 1,
      damping: 0.1,
      klClip: "none",
      momentum: 0,
      roles: { one: "hidden", two: "hidden" },
    });
    const state = kfac.init(params());
    const [updates, next] = kfac.update(gradient, state, params(), { phase: 0, layers });
    // By hand: 0.95·I + 0.05·(covariance over rows), output gradients at the scale of an example.
    const covariance = (m: number[][], scale: number): number[][] =>
      (m[0] ?? []).map((_, i) =>
        (m[0] ?? []).map(
          (_, j) =>
            (i === j ? 0.95 : 0) +
            (0.05 * scale * m.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)) / rows,
        ),
      );
    const [A, B] = [covariance(a, 1), covariance(d, rows * rows)];
    const kept = Object.fromEntries(namedLeaves(next));
    const factor = (name: string): np.Array => {
      const found = Object.entries(kept).find(([path]) => path.endsWith(`two.${name}`))?.[1];
      if (found === undefined) throw new Error(`no ${name} in ${Object.keys(kept)}`);
      return found;
    };
    expect(distance(flat(factor("inputs").ref), A.flat())).toBeLessThan(1e-6);
    expect(distance(flat(factor("outputs").ref), B.flat())).toBeLessThan(1e-6);
    // B D A + γD must be G.
    const D = numbers((updates as { two: np.Array }).two.mul(-1));
    const back = g.map((row, i) =>
      row.map((_, j) => {
        let sum = 0.1 * (D[i]?.[j] ?? 0);
        for (let k = 0; k < out; k++)
          for (let l = 0; l < hidden; l++) sum += (B[i]?.[k] ?? 0) * (D[k]?.[l] ?? 0) * (A[l]?.[j] ?? 0);
        return sum;
      }),
    );
    expect(distance(back.flat(), g.flat())).toBeLessThan(1e-5);
    (updates as { one: np.Array }).one.dispose();
    for (const leaf of Object.values(kept)) leaf.dispose();
    free({ layers });
  });

  test("a bias is a last column: factors of [a; 1], and one solve for weight and bias", () => {
    const probe = (seed: number): np.Array => matrix(seed, [rows, out]);
    const [inputs, outputGradients] = [x(), probe(6)];
    const g = { two: matrix(7, [out, width]), b: matrix(8, [out]) };
    const given = { learningRate: 1, damping: 0.1, klClip: "none", momentum: 0 } as const;
    const roles = { two: "hidden", b: "bias" } as const;
    const stepOf = (
      layers: StepContext["layers"],
      gradient: Tree,
      biases: Record<string, string>,
    ): number[] => {
      const kfac = createOptimizer("kfac", { ...given, roles, biases });
      const like = () => mapLeaves((leaf) => np.zeros(leaf.shape), refTree(gradient));
      const [updates, next] = kfac.update(gradient, kfac.init(like()), like(), {
        phase: 0,
        ...(layers && { layers }),
      });
      disposeTree(next);
      return flatten(updates);
    };
    // The same as a layer without bias whose input has a column of ones.
    const wide = np.concatenate([inputs.ref, np.ones([rows, 1])], 1);
    const together = np.concatenate([g.two.ref, g.b.ref.reshape([out, 1])], 1);
    const one = stepOf({ two: { inputs: wide, outputGradients } }, { two: together, b: np.zeros([out]) }, {});
    const both = stepOf({ two: { inputs, outputGradients } }, g, { two: "b" });
    const weightPart = both.slice(0, out * width);
    const biasPart = both.slice(out * width);
    for (let i = 0; i < out; i++) {
      const row = one.slice(i * (width + 1), (i + 1) * (width + 1));
      expect(distance(weightPart.slice(i * width, (i + 1) * width), row.slice(0, width))).toBeLessThan(1e-6);
      expect(biasPart[i]).toBeCloseTo(row[width] ?? 0, 6);
    }
    for (const array of [inputs, outputGradients, wide]) array.dispose();
    const wrong = createOptimizer("kfac", { roles, biases: { two: "bee" } });
    expect(() => wrong.init({ two: matrix(7, [out, width]), b: matrix(8, [out]) })).toThrow(
      /pairs "two" with "bee", but bee is not here/,
    );
  });

  test("factored damping: (B + √γ/π I) D (A + π√γ I) is the gradient", () => {
    const statistics = kroneckerInverse.refresh({
      ...kroneckerInverse.init(out, width, 0),
      inputs: np.matmul(matrix(1, [width, 7]), np.matrixTranspose(matrix(1, [width, 7]))),
      outputs: np.matmul(matrix(2, [out, 7]), np.matrixTranspose(matrix(2, [out, 7]))),
    });
    const g = matrix(3, [out, width]);
    const damping = 0.3;
    const d = kroneckerInverse.inverseFactored(statistics, g.ref, damping);
    const { inputs = np.zeros([]), outputs = np.zeros([]), ...others } = statistics;
    const mean = (a: np.Array, size: number): number => np.trace(a).item() / size;
    const pi = Math.sqrt(mean(inputs.ref, width) / mean(outputs.ref, out));
    const right = inputs.add(np.eye(width).mul(pi * Math.sqrt(damping)));
    const left = outputs.add(np.eye(out).mul(Math.sqrt(damping) / pi));
    expect(distance(flat(np.matmul(np.matmul(left, d), right)), flat(g))).toBeLessThan(1e-5);
    disposeTree(others);
  });

  test("a scale in the context is a schedule, for the KL clip too", () => {
    const moved = (given: object, more: object): number[] => {
      const { layers, gradient } = captured();
      const roles = { one: "hidden", two: "hidden" } as const;
      const kfac = createOptimizer("kfac", { learningRate: 0.5, klClip: 1e-3, roles, ...given });
      const [updates, next] = kfac.update(gradient, kfac.init(params()), params(), {
        phase: 0,
        layers,
        ...more,
      });
      disposeTree(next);
      free({ layers });
      return flatten(updates);
    };
    const scale = np.array(0.25, { dtype: np.float32 });
    const scaled = moved({}, { learningRateScale: scale });
    scale.dispose();
    expect(distance(scaled, moved({ schedule: constant(0.25) }, {}))).toBeLessThan(1e-7);
  });

  test("the KL clip bounds the step, a large damping makes it G/γ, and without layers it says what it needs", () => {
    claim(
      "kfac",
      "the KL clip bounds the step, a large damping makes it G/γ, and without layers it says what it needs",
    );
    const moved = (given: object): number[] => {
      const { layers, gradient } = captured();
      const kfac = createOptimizer("kfac", {
        momentum: 0,
        roles: { one: "hidden", two: "hidden" },
        ...given,
      });
      const [updates] = kfac.update(gradient, kfac.init(params()), params(), { phase: 0, layers });
      free({ layers });
      const { one, two } = updates as { one: np.Array; two: np.Array };
      return [...flat(one), ...flat(two)];
    };
    const { layers, gradient } = captured();
    free({ layers });
    const g = [...flat(gradient.one), ...flat(gradient.two)];
    const plain = moved({ learningRate: 1, damping: 1e4, klClip: "none" });
    expect(
      distance(
        plain.map((u) => -1e4 * u),
        g,
      ),
    ).toBeLessThan(1e-3);
    const clipped = moved({ learningRate: 1, klClip: 1e-6 });
    const form = -clipped.reduce((sum, u, i) => sum + u * (g[i] ?? 0), 0);
    const free1 = moved({ learningRate: 1, klClip: "none" });
    const full = -free1.reduce((sum, u, i) => sum + u * (g[i] ?? 0), 0);
    expect(form / full).toBeCloseTo(Math.sqrt(1e-6 / full), 4);
    const kfac = createOptimizer("kfac", { roles: { one: "hidden", two: "hidden" } });
    expect(() => kfac.update(params(), kfac.init(params()), params())).toThrow(
      /inputs and output gradients of layer "one"/,
    );
  });
});

describe("sophia_g", () => {
  const first = (sampled: number): number[] => {
    const sophia = createOptimizer("sophia_g", { learningRate: 0.1, weightDecay: 0 });
    const sampledGradients = { w: matrix(5).mul(sampled) };
    const [u] = sophia.update(
      { w: matrix(3) },
      sophia.init({ w: matrix(1) }),
      { w: matrix(1) },
      { phase: 0, sampledGradients },
    );
    sampledGradients.w.dispose();
    return flat((u as { w: np.Array }).w);
  };
  test("without curvature it is the sign of the average, with much of it the step is m/(ρBh)", () => {
    claim("sophia_g", "without curvature it is the sign of the average, with much of it the step is m/(ρBh)");
    const g = flat(matrix(3));
    expect(
      distance(
        first(0),
        g.map((x) => -0.1 * Math.sign(x)),
      ),
    ).toBeLessThan(1e-7);
    const s = flat(matrix(5));
    for (const [i, u] of first(1e4).entries()) {
      const h = 0.01 * (1e4 * (s[i] ?? 0)) ** 2;
      const expected = Math.min(1, Math.abs(0.035 * (g[i] ?? 0)) / (0.04 * 5120 * h));
      expect(u).toBeCloseTo(-0.1 * Math.sign(g[i] ?? 0) * expected, 6);
    }
  });
  test("it says what it needs, and only when it needs it", () => {
    claim("sophia_g", "it says what it needs, and only when it needs it");
    const sophia = createOptimizer("sophia_g");
    const update = (phase: number) => () =>
      sophia.update({ w: matrix(3) }, sophia.init({ w: matrix(1) }), { w: matrix(1) }, { phase });
    expect(update(0)).toThrow(/sampledGradients/);
    expect(update(3)).not.toThrow();
  });
});

describe("ngd", () => {
  const step = (count: number): { moved: number[]; examples: number[][]; g: number[] } => {
    const examples = Array.from({ length: count }, (_, i) => flat(matrix(20 + i, [2, 3])));
    const g = flat(matrix(3, [2, 3]));
    const ngd = createOptimizer("ngd", { learningRate: 1, damping: 0.05 });
    const exampleGradients = { w: array(Float32Array.from(examples.flat()), [count, 2, 3]) };
    const w = (): Arrays => ({ w: matrix(1, [2, 3]) });
    const [u] = ngd.update({ w: matrix(3, [2, 3]) }, ngd.init(w()), w(), { phase: 0, exampleGradients });
    exampleGradients.w.dispose();
    return { moved: flat((u as { w: np.Array }).w), examples, g };
  };
  test.each([3, 9])("with %d examples of 6 parameters: (F + γI) times the step is the gradient", (count) => {
    claim("ngd", "(F + γI) times the step is the gradient");
    const { moved, examples, g } = step(count);
    const back = moved.map((x) => 0.05 * -x);
    for (const e of examples) {
      const along = e.reduce((sum, x, i) => sum - x * (moved[i] ?? 0), 0) / count;
      for (let i = 0; i < 6; i++) back[i] = (back[i] ?? 0) + along * (e[i] ?? 0);
    }
    expect(distance(back, g)).toBeLessThan(1e-5);
  });
  test("groups do not take the Fisher matrix apart", () => {
    const moved = (groups: readonly { match: string }[]): number[] => {
      const ngd = createOptimizer("ngd", { learningRate: 1, damping: 0.05, groups });
      const exampleGradients = { a: matrix(20, [4, 2, 3]), b: matrix(21, [4, 3, 2]) };
      const params = (): Arrays => ({ a: matrix(1, [2, 3]), b: matrix(2, [3, 2]) });
      const updates = { a: matrix(3, [2, 3]), b: matrix(4, [3, 2]) };
      const [u] = ngd.update(updates, ngd.init(params()), params(), { phase: 0, exampleGradients });
      disposeTree(exampleGradients);
      return flatten(u);
    };
    expect(distance(moved([{ match: "b" }]), moved([]))).toBe(0);
  });
  test("leaks nothing", async () => {
    expect(await leakedBuffers(() => step(3))).toBe(0);
    expect(await leakedBuffers(() => step(9))).toBe(0);
  });
});

describe("the ones that need more than gradients", () => {
  test.each(["kfac", "sophia_g", "ngd"] as const)("%s: state by the formula", (name) => {
    const params = weights();
    const state = createOptimizer(name).init(params);
    expect(stateFloats(state)).toBe(fisherStates[name]);
    for (const [, leaf] of namedLeaves(state)) leaf.dispose();
  });
});

describe("hard gradients", () => {
  const huge = (step: number) => ({ w: matrix(3 + step).mul(1e12) });
  const rankOne = (step: number) => ({ w: matrix(3 + step, [4, 1]).mul(matrix(9, [1, 6])) });
  test.each([
    "racs",
    "shampoo",
    "soap",
    "eigen_adam",
    "adadiag",
    "adadiag_pp",
    "conda",
    "swan",
    "alice",
    "psgd_kron",
  ] as const)("%s: huge and rank-one gradients stay finite", (name) => {
    claim(name, "Gradients of 1e12 and of rank one leave finite weights for three steps");
    for (const gradient of [huge, rankOne]) {
      const end = run(createOptimizer(name), { ...options, gradient, steps: 3 });
      expect(end.every(Number.isFinite)).toBe(true);
    }
  });
});

test("racs: the first step of squares of rank one is the sign, α times 1/√(1 − β)²", () => {
  claim("racs", "racs: the first step of squares of rank one is the sign, α times 1/√(1 − β)²");
  const signs = np.sign(matrix(3));
  const g = () => ({ w: signs.ref.mul(array(Float32Array.of(1, 2, 0.3, 4), [4, 1])) });
  const end = run(createOptimizer("racs", { learningRate: 1, alpha: 1 }), {
    start: () => ({ w: np.zeros(shape) }),
    gradient: g,
    steps: 1,
  });
  const expected = flat(signs.ref.mul(-10)); // 1/(1 − 0.9): no bias correction
  expect(distance(end, expected)).toBeLessThan(1e-3);
  signs.dispose();
});

test("adafactor: squares of rank one give the sign; the clip bounds the root mean square", () => {
  claim("adafactor", "adafactor: squares of rank one give the sign; the clip bounds the root mean square");
  const given = {
    learningRate: 1,
    relativeStep: "off",
    multiplyByParameterScale: false,
    minDimSizeToFactor: 0,
  } as const;
  const g = () => ({ w: np.sign(matrix(3)).mul(array(Float32Array.of(1, 2, 0.3, 4), [4, 1])) });
  const start = () => ({ w: np.zeros(shape) });
  const end = run(createOptimizer("adafactor", given), { start, gradient: g, steps: 1 });
  expect(distance(end, flat(np.sign(matrix(3)).mul(-1)))).toBeLessThan(1e-5);
  const half = run(createOptimizer("adafactor", { ...given, clipThreshold: 0.5 }), {
    start,
    gradient: g,
    steps: 1,
  });
  expect(Math.hypot(...half) / Math.sqrt(24)).toBeCloseTo(0.5, 5);
});

test("inverse roots agree with powers: (a^(−1/4))⁴ a = 1", () => {
  const g = matrix(3);
  const a = np.matmul(g.ref, np.matrixTranspose(g));
  const root = inverseRoot(a.ref, 4);
  const square = np.matmul(root.ref, root);
  const one = np.matmul(np.matmul(square.ref, square), a);
  expect(distance(flat(one), flat(np.eye(4)))).toBeLessThan(1e-3); // condition 1e3 in float32
});

describe("alice", () => {
  const settings = {
    rank: 3,
    leading: 2,
    every: 3,
    b1: 0.9,
    b2: 0.9,
    b3: 0.9,
    eps: 1e-8,
    compensation: 1,
    gamma: 1.01,
    seed: 1,
  };
  const transform = scaleByAlice(settings);
  const of = (state: { own: Record<string, Arrays> }, name: string): np.Array => {
    const found = state.own.w?.[name];
    if (found === undefined) throw new Error(`no ${name}`);
    return found.ref;
  };

  test("the basis stays orthonormal through switches, what was dropped lies outside it and grows by at most 1 %", () => {
    claim(
      "alice",
      "the basis stays orthonormal through switches, what was dropped lies outside it and grows by at most 1 %",
    );
    let state = transform.init({ w: matrix(1) });
    let before = 0;
    for (let step = 0; step < 8; step++) {
      const [u, next] = transform.update({ w: matrix(3 + step) }, state, { w: matrix(1) });
      state = next;
      const basis = of(state, "basis");
      const gram = np.matmul(np.matrixTranspose(basis.ref), basis.ref);
      expect(distance(flat(gram), flat(np.eye(3)))).toBeLessThan(1e-5);
      // Uᵀ(step) is the part inside, so step − U Uᵀ step is the compensation: its norm is φ.
      const whole = (u as { w: np.Array }).w;
      const outside = whole.ref.sub(np.matmul(basis.ref, np.matmul(np.matrixTranspose(basis), whole)));
      const norm = of(state, "norm").item() as number;
      expect(Math.hypot(...flat(outside))).toBeCloseTo(norm, 3);
      if (step > 0) expect(norm).toBeLessThan(before * 1.01 * (1 + 1e-5));
      before = norm;
      expect((np.min(of(state, "dropped")).item() as number) >= 0).toBe(true);
    }
    for (const leaf of Object.values(state.own.w ?? {})) leaf.dispose();
  });

  test("a switch exchanges one of three directions, and the first two stay in the span", () => {
    claim("alice", "a switch exchanges one of three directions, and the first two stay in the span");
    const run3 = (steps: number): np.Array => {
      let state = transform.init({ w: matrix(1) });
      for (let step = 0; step < steps; step++) {
        const [u, next] = transform.update({ w: matrix(3) }, state, { w: matrix(1) });
        (u as { w: np.Array }).w.dispose();
        state = next;
      }
      return of(state, "basis");
    };
    // A constant gradient: its singular vectors are the basis before and, but for the one exchanged, after.
    const overlap = np.linalg.svdvals(np.matmul(np.matrixTranspose(run3(2)), run3(3))).js() as number[];
    expect(overlap[0]).toBeCloseTo(1, 4);
    expect(overlap[1]).toBeCloseTo(1, 4);
    expect(overlap[2] ?? 1).toBeLessThan(0.999);
  });
});

test("psgd_kron whitens: for G = A·Z with Z white the steps have covariance 1", () => {
  claim("psgd_kron", "psgd_kron whitens: for G = A·Z with Z white the steps have covariance 1");
  const psgd = createOptimizer("psgd_kron", { learningRate: 1, maxSkew: 1e9 });
  const mixing = rotation(3, 4).mul(array(Float32Array.of(3, 1, 0.2), [1, 3]));
  let state = psgd.init({ w: np.zeros([3, 5]) });
  let covariance: np.Array = np.zeros([3, 3]);
  const [steps, burnIn] = [140, 90];
  // Compiled: so many eager steps would take a minute.
  const step = jit((g: Arrays, s: Tree): [Tree, Tree] =>
    psgd.update(g, s as typeof state, { w: np.zeros([3, 5]) }, { phase: 0, first: false }),
  );
  for (let i = 0; i < steps; i++) {
    const g = np.matmul(mixing.ref, random.normal(random.key(i), [3, 5]));
    const [u, next] = step({ w: g }, state);
    state = settled(next) as typeof state;
    const x = (u as { w: np.Array }).w;
    if (i < burnIn) x.dispose();
    else
      covariance = settled(covariance.add(np.matmul(x.ref, np.matrixTranspose(x)).div(5 * (steps - burnIn))));
  }
  mixing.dispose();
  // 50 samples of 5 columns: about 10 % of noise on every entry, and a rate of 0.1 that keeps Q moving.
  const found = flat(covariance);
  for (let i = 0; i < 9; i++) expect(Math.abs((found[i] ?? 0) - (i % 4 === 0 ? 1 : 0))).toBeLessThan(0.35);
});
