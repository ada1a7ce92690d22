import { numpy as np, random } from "@jax-js/jax";
import { disposeTree, type OptimizerName, refTree, type Tree } from "steepest";
import {
  columnBlock,
  diagonal,
  diagonalKronecker,
  kronecker,
  type Mix,
  type Power,
  rotatedDiagonal,
  rowCovariance,
  type Structure,
  sharedEigenspace,
} from "steepest/fisher";
import { describe, expect, test } from "vitest";
import { claim } from "#test-support/claim.ts";
import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { spectralPower } from "../src/matrix/inverseRoot.ts";
import { array, flatten, wave } from "./support/trees.ts";

const [rows, cols] = [3, 5];
const gradient = (seed: number): np.Array => array(wave(rows * cols, seed), [rows, cols]);
const average: Mix = (past, sample) => past.mul(0.7).add(sample.mul(0.3));

/** Statistics after some gradients, in the order a step has. */
function fitted<S extends Tree>(structure: Structure<S>, count = 7): S {
  let statistics = structure.init(rows, cols);
  for (let step = 0; step < count; step++) {
    statistics = structure.observe(statistics, gradient(step + 1), average);
    statistics = structure.refresh?.(statistics, { rows, cols }) ?? statistics;
    statistics = structure.measure?.(statistics, gradient(step + 1), average) ?? statistics;
  }
  return statistics;
}

/** vec stacks columns. */
const vec = (x: np.Array): np.Array => np.matrixTranspose(x).reshape([-1, 1]);

const structures: Record<string, (power: Power) => Structure> = {
  diagonal: (power) => diagonal({ power }),
  columns: (power) => columnBlock({ power }),
  rows: (power) => columnBlock({ power, vectors: "rows" }),
  rowCovariance: (power) => rowCovariance({ power }),
  kronecker: (power) => kronecker({ power }),
  "kronecker, one side": (power) => kronecker({ power, maxDim: 4, exponent: power / 2 }),
  sharedEigenspace: (power) => sharedEigenspace({ power }),
  "sharedEigenspace, right": (power) =>
    sharedEigenspace({ power, sides: () => ({ left: false, right: true }) }),
  rotatedDiagonal: (power) => rotatedDiagonal({ power }),
  diagonalKronecker: (power) => diagonalKronecker({ power }),
};

const powers: Power[] = [-0.5, -1];

/** Whose steps are those of a structure. */
const usedBy: Readonly<Record<string, readonly OptimizerName[]>> = {
  diagonal: ["adam", "adamw"],
  columns: ["column_normalized_sgd"],
  kronecker: ["shampoo"],
  sharedEigenspace: ["eigen_adam"],
  "sharedEigenspace, right": ["eigen_adam"],
  rotatedDiagonal: ["adadiag_pp", "soap"],
  diagonalKronecker: ["racs"],
};

describe.each(Object.entries(structures))("%s", (name, make) => {
  test.each(powers)("applies its dense matrix to the power %d", (power) => {
    if (power === -0.5)
      claim(
        usedBy[name] ?? [],
        `The structure of its step, ${name}, applies the power −1/2 of its explicit mn × mn matrix`,
      );
    const structure = make(power);
    const statistics = fitted(structure);
    const dense = structure.dense(statistics, rows, cols);
    const explicit = np.matmul(spectralPower("test", dense, power), vec(gradient(20)));
    const implicit = vec(structure.precondition(statistics, gradient(20)));
    disposeTree(statistics);
    const largest = np.max(np.abs(explicit.ref)).item();
    // Two float32 routes through powers of matrices with condition numbers of up to 1e3.
    expect(np.max(np.abs(explicit.sub(implicit))).item()).toBeLessThan(2e-4 * largest);
  });

  // One factor of two, with half the power, is not scale-free: the skipped side keeps its share of the scale.
  if (!name.includes("one side"))
    test("ignores the scale of gradients with power −1/2", () => {
      const structure = make(-0.5);
      const step = (factor: number): number[] => {
        let statistics = structure.init(rows, cols);
        const g = (): np.Array => gradient(4).mul(factor);
        statistics = structure.observe(statistics, g(), (_past, sample) => sample.add(_past));
        statistics = structure.refresh?.(statistics, { rows, cols }) ?? statistics;
        statistics = structure.measure?.(statistics, g(), (past, sample) => past.add(sample)) ?? statistics;
        const x = structure.precondition(statistics, g()).js() as number[][];
        disposeTree(statistics);
        return x.flat();
      };
      const plain = step(1);
      // Singular statistics of one gradient: a null direction is rounding, which both sides see alike here.
      for (const [i, x] of step(4096).entries()) expect(x).toBeCloseTo(plain[i] ?? Number.NaN, 3);
    });

  test("leaks nothing", async () => {
    const work = (): void => {
      const structure = make(-0.5);
      // One step, and everything read: jax-js holds on to what a result disposed unread would have needed.
      const statistics = fitted(structure, 1);
      structure.dense(statistics, rows, cols).js();
      structure.precondition(statistics, gradient(3)).js();
      flatten(statistics);
    };
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("the frame: F̃ nearest to F = E[vec(G) vec(G)ᵀ]", () => {
  const samples = 40;
  const draw = (i: number): np.Array => random.normal(random.key(i), [rows, cols]).mul(gradient(2).add(1.5));
  const fisher = (): np.Array => {
    let sum: np.Array = np.zeros([rows * cols, rows * cols]);
    for (let i = 0; i < samples; i++) {
      const g = vec(draw(i));
      sum = sum.add(np.matmul(g.ref, np.matrixTranspose(g)).div(samples));
    }
    return sum;
  };
  const mean: Mix = (past, sample) => past.add(sample.div(samples));
  const error = (dense: np.Array): number => np.sum(np.square(dense.sub(fisher()))).item();
  const statisticsOf = <S extends Tree>(structure: Structure<S>): S => {
    let statistics = structure.init(rows, cols);
    for (let i = 0; i < samples; i++) statistics = structure.observe(statistics, draw(i), mean);
    statistics = structure.refresh?.(statistics, { rows, cols }) ?? statistics;
    for (let i = 0; i < samples; i++)
      statistics = structure.measure?.(statistics, draw(i), mean) ?? statistics;
    return statistics;
  };
  const errorOf = (structure: Structure): number => {
    const statistics = statisticsOf(structure);
    const dense = structure.dense(statistics, rows, cols);
    disposeTree(statistics);
    return error(dense);
  };

  test("the diagonal contains the column blocks, and does no worse", () => {
    claim(
      "column_normalized_sgd",
      "The diagonal structure, which contains its own, is nearer to the gradients' second moment",
    );
    expect(errorOf(diagonal())).toBeLessThan(errorOf(columnBlock()));
    expect(errorOf(diagonal())).toBeLessThan(errorOf(columnBlock({ vectors: "rows" })));
  });

  test.each([sharedEigenspace(), rotatedDiagonal()])(
    "$name: for its bases the diagonal is the best",
    (structure) => {
      claim(
        structure.name.startsWith("shared") ? "eigen_adam" : ["soap", "adadiag_pp"],
        "For the bases of its structure its diagonal is nearer to the gradients' second moment than 0.9 or 1.1 of it",
      );
      const statistics = statisticsOf(structure);
      const best = error(structure.dense(statistics, rows, cols));
      for (const factor of [0.9, 1.1]) {
        const { square, ...bases } = refTree(statistics);
        const changed = { ...bases, square: square.mul(factor) };
        expect(error(structure.dense(changed, rows, cols))).toBeGreaterThan(best);
        disposeTree(changed);
      }
      disposeTree(statistics);
    },
  );
});

describe("diagonalKronecker", () => {
  test("a gradient whose squares have rank one gets the sign", () => {
    const structure = diagonalKronecker();
    const signs = np.sign(gradient(3));
    const a = array(Float32Array.of(0.1, 2, 30), [3, 1]);
    const b = array(Float32Array.of(1, 0.2, 4, 7, 0.01), [1, 5]);
    const g = signs.ref.mul(a).mul(b);
    const statistics = structure.observe(structure.init(rows, cols), g.ref, (past, x) => past.add(x));
    const step = structure.precondition(statistics, g);
    disposeTree(statistics);
    expect(np.max(np.abs(step.sub(signs))).item()).toBeLessThan(1e-5); // float32
  });

  test("five passes are near the best rank-one fit, fifty are at it", () => {
    claim("racs", "five passes are near the best rank-one fit, fifty are at it");
    const p = (): np.Array => np.square(gradient(6));
    const fit = (steps: number): number => {
      const structure = diagonalKronecker({ steps });
      const statistics = structure.observe(structure.init(rows, cols), gradient(6), (past, x) => past.add(x));
      const { row, column } = statistics;
      return Math.sqrt(np.sum(np.square(row.mul(column).sub(p()))).item());
    };
    const values = np.linalg.svdvals(p()).js() as number[];
    const best = Math.hypot(...values.slice(1));
    expect(fit(50) / best).toBeLessThan(1 + 1e-5);
    expect(fit(5) / best).toBeLessThan(1 + 1e-2);
    expect(fit(1) / best).toBeGreaterThan(1 + 1e-6);
  });
});
