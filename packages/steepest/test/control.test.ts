import { numpy as np } from "@jax-js/jax";
import { applyUpdates, createOptimizer, disposeTree, refTree } from "steepest";
import { stiefel } from "steepest/manifolds";
import { newtonSchulz, singularValues } from "steepest/matrix";
import { ema, hyperball, qkClip, relativeUpdate } from "steepest/transforms";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { brakeRadially } from "../src/optimizers/sphere/brakeRadially.ts";
import { spectralSphereStep } from "../src/optimizers/sphere/spectralSphereStep.ts";
import { toSpectralSphere } from "../src/optimizers/sphere/toSpectralSphere.ts";
import { array, distance, run, wave } from "./support/trees.ts";

const shape = [4, 6];
const matrix = (seed: number): np.Array => array(wave(24, seed), shape);
const options = { start: () => ({ w: matrix(1) }), gradient: (step: number) => ({ w: matrix(3 + step) }) };
const norm = (values: readonly number[]): number => Math.hypot(...values);
const flat = (x: np.Array): number[] => (x.js() as number[][]).flat();
const spectral = (x: np.Array): number => np.max(singularValues(x)).item();

describe("hyperball", () => {
  const rho = norm(flat(matrix(1)));
  const ball = (learningRate: number) => hyperball(ema(0.9), { learningRate });

  test("the norm stays what it was", () => {
    for (const steps of [1, 5, 30]) expect(norm(run(ball(0.3), { ...options, steps }))).toBeCloseTo(rho, 5);
  });

  test.each(["hyperball", "adam_hyperball", "muon_hyperball"] as const)(
    "%s keeps hidden weights at their norm",
    (name) => {
      claim(name, "Hidden weights keep the norm they start with");
      const end = run(createOptimizer(name, { roles: { w: "hidden" }, learningRate: 0.2 }), {
        ...options,
        steps: 5,
      });
      expect(norm(end)).toBeCloseTo(rho, 5);
      expect(distance(end, flat(matrix(1)))).toBeGreaterThan(0.1);
    },
  );

  test("the scale of the gradient does not matter", () => {
    claim("hyperball", "the scale of the gradient does not matter");
    const scaled = { ...options, gradient: (step: number) => ({ w: matrix(3 + step).mul(1e5) }) };
    expect(distance(run(ball(0.1), scaled), run(ball(0.1), options))).toBeLessThan(1e-5);
  });

  test("the angle of a step is atan2(η√(1−c²), 1−ηc), c the cosine of W and u", () => {
    claim("hyperball", "the angle of a step is atan2(η√(1−c²), 1−ηc), c the cosine of W and u");
    const eta = 0.2;
    const [w, u] = [flat(matrix(1)), flat(matrix(3))];
    const cosine = (a: number[], b: number[]): number =>
      a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (norm(a) * norm(b));
    const moved = run(hyperball(ema(0), { learningRate: eta }), { ...options, steps: 1 });
    const c = cosine(w, u);
    expect(Math.acos(cosine(w, moved))).toBeCloseTo(Math.atan2(eta * Math.sqrt(1 - c * c), 1 - eta * c), 4);
  });

  test("a parallel direction moves nothing, no gradient neither", () => {
    claim("hyperball", "a parallel direction moves nothing, no gradient neither");
    for (const factor of [1, -1, 0]) {
      const along = { ...options, gradient: () => ({ w: matrix(1).mul(factor) }), steps: 3 };
      expect(distance(run(ball(0.2), along), flat(matrix(1)))).toBeLessThan(1e-6);
    }
  });

  test("a tangent direction is normalised Riemannian SGD on the sphere: mcsd with Frobenius", () => {
    claim(
      "mcsd",
      "With Frobenius norm and sphere, without momentum, it is Hyperball with a tangent direction",
    );
    const tangent = hyperball(tangentOf(), { learningRate: 0.1 });
    const unit = { ...options, start: () => ({ w: matrix(1).div(rho) }) };
    const mcsd = createOptimizer("mcsd", { learningRate: 0.1, momentum: 0 });
    expect(distance(run(tangent, unit), run(mcsd, unit))).toBeLessThan(1e-5);
  });

  test("a weight that starts at zero is refused by name", () => {
    claim(
      ["hyperball", "adam_hyperball", "muon_hyperball"],
      "a weight that starts at zero is refused by name",
    );
    const zero = { blocks: { w: np.zeros([2, 2]) } };
    for (const name of ["hyperball", "adam_hyperball", "muon_hyperball"] as const)
      expect(() => createOptimizer(name).init(refTree(zero))).toThrow(/"blocks\.w" starts at norm 0/);
    disposeTree(zero);
  });
});

/** The tangent part of gradients on the sphere through W. */
function tangentOf() {
  return {
    init: () => ({}),
    update: (
      g: unknown,
      state: Record<string, never>,
      p: unknown,
    ): [{ w: np.Array }, Record<string, never>] => {
      const [gradient, w] = [(g as { w: np.Array }).w, (p as { w: np.Array }).w];
      const radial = np.sum(gradient.ref.mul(w.ref)).div(np.sum(np.square(w.ref)));
      return [{ w: gradient.sub(w.mul(radial)) }, state];
    },
  };
}

describe("relative update and radial brake", () => {
  test("a relative update has the weight's norm, and 0 stays 0", () => {
    claim("relative_update", "a relative update has the weight's norm, and 0 stays 0");
    const [u] = relativeUpdate().update({ w: matrix(2) }, {}, { w: matrix(1) });
    expect(norm(flat((u as { w: np.Array }).w))).toBeCloseTo(norm(flat(matrix(1))), 5);
    const [zero] = relativeUpdate().update({ w: matrix(2).mul(0) }, {}, { w: matrix(1) });
    expect(norm(flat((zero as { w: np.Array }).w))).toBe(0);
  });

  test.each([
    [1, 0.5],
    [-1, 1],
  ])("direction %d: the share %d of the change of norm is let through", (sign, share) => {
    claim("radial_brake", "By default half of a growth of the norm is let through, and a fall whole");
    const outward = matrix(1).mul(0.3 * sign); // along W, so that the norm changes by 0.3‖W‖
    const [u] = brakeRadially().update({ w: outward }, {}, { w: matrix(1) });
    const end = applyUpdates({ w: matrix(1) }, u as { w: np.Array });
    const rho = norm(flat(matrix(1)));
    expect(norm(flat(end.w))).toBeCloseTo(rho * (1 + 0.3 * sign * share), 5);
  });
});

describe("spectral sphere", () => {
  const radius = Math.sqrt(4 / 6);
  const control = {
    powerSteps: 60,
    polar: { coefficients: "polarExpress", steps: 12 },
    solverSteps: 14,
  } as const;
  const onSphere = (): np.Array => {
    const w = matrix(1);
    return w.ref.mul(radius / spectral(w));
  };
  const step = (solverSteps: number): np.Array => {
    const [u] = spectralSphereStep({ ...control, solverSteps }).update(
      { w: matrix(2) },
      {},
      { w: onSphere() },
    );
    return (u as { w: np.Array }).w;
  };
  const drift = (solverSteps: number, eta: number): number =>
    Math.abs(spectral(onSphere().sub(step(solverSteps).mul(eta))) - radius);

  test("retraction brings ‖W‖₂ to R", () => {
    claim(
      ["sso", "muon_sphere"],
      "With power iteration run to its end retraction brings ‖W‖₂ to R; five steps from one start leave it up to 0.3 off",
    );
    const [u] = toSpectralSphere(control).update({ w: matrix(1).mul(0) }, {}, { w: matrix(1) });
    const end = applyUpdates({ w: matrix(1) }, u as { w: np.Array });
    expect(spectral(end.w)).toBeCloseTo(radius, 4);
  });

  test("a weight whose rows sum to zero, which ones are orthogonal to, is brought there too", () => {
    const w = (): np.Array => np.array([1, -1, 2, -2]).reshape([2, 2]);
    const [u] = toSpectralSphere().update({ w: np.zeros([2, 2]) }, {}, { w: w() });
    expect(spectral((u as { w: np.Array }).w.add(w()))).toBeCloseTo(1, 5);
  });

  test("all singular values of the step are R", () => {
    claim("sso", "all singular values of the step are R");
    for (const value of singularValues(step(14)).js() as number[]) expect(value).toBeCloseTo(radius, 3);
  });

  test("with λ the norm drifts by η², without by η", () => {
    claim("muon_sphere", "Without λ the norm drifts by η between retractions");
    claim("sso", "The spectral norm drifts by η² only");
    expect(drift(14, 0.01) / drift(14, 0.03)).toBeLessThan(0.2); // a ninth
    expect(drift(0, 0.01) / drift(0, 0.03)).toBeGreaterThan(0.25); // a third
    expect(drift(14, 0.01)).toBeLessThan(0.1 * drift(0, 0.01));
  });

  test("the step has as much of the gradient as the constraint allows, and no more than the nuclear norm", () => {
    claim("sso", "The step goes along the gradient, by no more than the unconstrained one");
    const g = (): np.Array => matrix(2).div(norm(flat(matrix(2))));
    const nuclear = np.sum(singularValues(g())).item();
    const along = (x: np.Array): number => np.sum(x.mul(g())).item() / radius;
    const free = along(newtonSchulz(matrix(2), control.polar).mul(radius));
    expect(along(step(14))).toBeLessThan(nuclear + 1e-4);
    expect(along(step(14))).toBeLessThan(free + 1e-4);
    expect(along(step(14))).toBeGreaterThan(0);
  });
});

describe("muown", () => {
  test("a gradient along the rows changes magnitudes only", () => {
    claim("muown", "a gradient along the rows changes magnitudes only");
    const along = { ...options, gradient: () => ({ w: matrix(1).mul(0.5) }), steps: 1 };
    const before = flat(matrix(1));
    const after = run(createOptimizer("muown", { learningRate: 0.05 }), along);
    for (let row = 0; row < 4; row++) {
      const [a, b] = [before.slice(6 * row, 6 * row + 6), after.slice(6 * row, 6 * row + 6)];
      const cosine = a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0) / (norm(a) * norm(b));
      expect(cosine).toBeGreaterThan(0.99); // dV is rounding here, which the orthogonalisation enlarges
      expect(norm(b)).toBeCloseTo(norm(a) - 0.05, 3); // Adam's first step is η
    }
  });
  test("magnitudes by sign: η a step, whatever the size of their gradients", () => {
    const along = {
      ...options,
      gradient: (t: number) => ({ w: matrix(1).mul(t === 0 ? 0.5 : 0.05) }),
      steps: 2,
    };
    const lengths = (magnitudeStep: "adam" | "sign"): number[] => {
      const end = run(createOptimizer("muown", { learningRate: 0.05, magnitudeStep }), along);
      return [0, 1, 2, 3].map((row) => norm(end.slice(6 * row, 6 * row + 6)));
    };
    const [before, adam] = [flat(matrix(1)), lengths("adam")];
    for (const [row, length] of lengths("sign").entries()) {
      expect(length).toBeCloseTo(norm(before.slice(6 * row, 6 * row + 6)) - 0.1, 3);
      expect((adam[row] ?? 0) - length).toBeGreaterThan(0.01);
    }
  });
  test("without a learning rate the split reconstructs the weight", () => {
    claim("muown", "without a learning rate the split reconstructs the weight");
    expect(
      distance(run(createOptimizer("muown", { learningRate: 0 }), options), flat(matrix(1))),
    ).toBeLessThan(1e-6);
  });
});

describe("spel", () => {
  test("columns, here rows, are orthonormal after every step", () => {
    claim("spel", "columns, here rows, are orthonormal after every step");
    for (const steps of [1, 4]) {
      const w = array(Float32Array.from(run(createOptimizer("spel"), { ...options, steps })), shape);
      for (const value of singularValues(w).js() as number[]) expect(value).toBeCloseTo(1, 4);
    }
  });
  test("a gradient W·S with symmetric S has no tangent part", () => {
    claim("spel", "a gradient W·S with symmetric S has no tangent part");
    const s = array(Float32Array.of(2, 0.3, 0.3, -1), [2, 2]);
    const [c, d] = [Math.cos(0.3), Math.sin(0.3)];
    const w = (): np.Array => array(Float32Array.of(c, -d, d, c, 0, 0), [3, 2]);
    const { tangent } = stiefel({ polar: { coefficients: "polarExpress", steps: 10 } });
    expect(norm(flat(tangent(w(), np.matmul(w(), s))))).toBeLessThan(1e-6);
    expect(norm(flat(tangent(w(), array(wave(6, 2), [3, 2]))))).toBeGreaterThan(0.1);
  });
});

describe("lars and lamb", () => {
  test("the step is η (times κ) relative to ‖W‖ whatever the gradient", () => {
    claim(["lamb", "lars"], "the step is η (times κ) relative to ‖W‖ whatever the gradient");
    for (const factor of [1, 1e4]) {
      const scaled = { ...options, gradient: () => ({ w: matrix(3).mul(factor) }), steps: 1 };
      const moved = (name: "lars" | "lamb", given: object): number => {
        const end = run(createOptimizer(name, given), scaled);
        return norm(end.map((x, i) => x - (flat(matrix(1))[i] ?? 0))) / norm(flat(matrix(1)));
      };
      expect(moved("lars", { learningRate: 1, momentum: 0, trustCoefficient: 0.01 })).toBeCloseTo(0.01, 5);
      expect(moved("lamb", { learningRate: 0.01 })).toBeCloseTo(0.01, 5);
    }
  });
  test("the paper's denominator adds the norms", () => {
    claim("lars", "the paper's denominator makes a difference with weight decay only");
    const end = (trustDenominator: "sum" | "sumOfNorms", weightDecay: number) =>
      run(createOptimizer("lars", { trustDenominator, weightDecay }), options);
    expect(distance(end("sum", 0), end("sumOfNorms", 0))).toBeLessThan(1e-6);
    expect(distance(end("sum", 0.5), end("sumOfNorms", 0.5))).toBeGreaterThan(1e-6);
  });
});

describe("qkClip", () => {
  const pairs = [{ query: "q", key: "k", heads: 2 }];
  const clip = qkClip({ pairs, threshold: 10 });
  const weights = () => ({ q: matrix(1), k: matrix(2) });
  const updates = () => ({ q: matrix(3).mul(0.1), k: matrix(4).mul(0.1) });
  const after = (limits: [number, number]) => {
    const maxLogits = { q: np.array(Float32Array.from(limits)) };
    const [moved] = clip.update(updates(), {}, weights(), { phase: 0, maxLogits });
    maxLogits.q.dispose();
    const end = applyUpdates(weights(), moved);
    return { q: flat(end.q), k: flat(end.k) };
  };

  test("a head above the threshold gets it for the same batch; the others are untouched bit for bit", () => {
    const clipped = after([40, 3]);
    const free = applyUpdates(weights(), updates());
    const [q, k] = [flat(free.q), flat(free.k)];
    for (let i = 0; i < 12; i++) {
      expect(clipped.q[i]).toBeCloseTo((q[i] ?? 0) / 2, 6); // √(10/40) each, 10/40 for the product
      expect(clipped.k[i]).toBeCloseTo((k[i] ?? 0) / 2, 6);
    }
    expect(clipped.q.slice(12)).toEqual(q.slice(12));
    expect(clipped.k.slice(12)).toEqual(k.slice(12));
  });

  test("latent attention: non-rotary rows by √γ each, rotary query rows by γ, values and the shared key not at all", () => {
    // Two heads: query rows [2 plain, 1 rotary] a head, key weight rows [2 keys, 1 value] a head.
    const latent = qkClip({
      pairs: [{ query: "q", key: "kv", heads: 2, rotaryRows: 1, keyRows: 2 }],
      threshold: 10,
    });
    const start = () => ({ q: matrix(1).reshape([6, 4]), kv: matrix(2).reshape([6, 4]), rope: matrix(5) });
    const step = () => ({
      q: matrix(3).mul(0.1).reshape([6, 4]),
      kv: matrix(4).mul(0.1).reshape([6, 4]),
      rope: matrix(6).mul(0.1),
    });
    const maxLogits = { q: np.array(Float32Array.of(40, 3)) };
    const [moved] = latent.update(step(), {}, start(), { phase: 0, maxLogits });
    maxLogits.q.dispose();
    const clipped = applyUpdates(start(), moved);
    const free = applyUpdates(start(), step());
    const ratios = (name: "q" | "kv"): number[] => {
      const [a, b] = [flat(clipped[name]), flat(free[name])];
      return a.map((x, i) => x / (b[i] ?? 0));
    };
    const rows = (values: readonly number[]) => values.flatMap((factor) => [factor, factor, factor, factor]);
    expect(distance(ratios("q"), rows([0.5, 0.5, 0.25, 1, 1, 1]))).toBeLessThan(1e-5);
    expect(distance(ratios("kv"), rows([0.5, 0.5, 1, 1, 1, 1]))).toBeLessThan(1e-5);
    expect(flat(clipped.rope)).toEqual(flat(free.rope));
  });

  test("heads that do not fit the weight are named", () => {
    const maxLogits = { q: np.ones([5]) };
    const five = qkClip({ pairs: [{ query: "q", key: "k", heads: 5 }] });
    expect(() => five.update(updates(), {}, weights(), { phase: 0, maxLogits })).toThrow(
      /4 rows of "q" are not 5 heads/,
    );
    maxLogits.q.dispose();
  });

  test("without logits it says what it needs", () => {
    expect(() => clip.update(updates(), {}, weights())).toThrow(/context\.maxLogits/);
  });

  test("leaks nothing", async () => {
    expect(await leakedBuffers(() => after([40, 3]))).toBe(0);
  });
});
