import { grad, numpy as np } from "@jax-js/jax";
import { applyUpdates, refTree, type Transform } from "steepest";
import { createNorm } from "steepest/norms";
import {
  clippedConditionalGradient,
  layerNorms,
  steepestDescent,
  unconstrainedConditionalGradient,
} from "steepest/steps";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { contourPaths } from "../src/explorables/descent/contours.ts";
import { type LandscapeName, landscapes } from "../src/explorables/descent/landscape.ts";
import { type WalkName, walker, walkNames } from "../src/explorables/descent/walks.ts";

const settings = { rate: 0.07, threshold: 2.5, momentum: 0.6, decay: 1.5 };
const STEPS = 12;

/** The library's own methods. */
function method(name: WalkName, norm: "frobenius" | "max" | "l1"): Transform {
  const { rate: learningRate, threshold, momentum, decay } = settings;
  const own = createNorm(norm);
  const layers = layerNorms(() => ({ norm: own, radius: 1 }));
  return {
    fixed: () => unconstrainedConditionalGradient(own, { learningRate, momentum, radius: threshold }),
    steepest: () => steepestDescent(own, { learningRate, momentum }),
    clipped: () => clippedConditionalGradient(layers, { learningRate, momentum, threshold }),
    ball: () =>
      unconstrainedConditionalGradient(own, {
        learningRate,
        momentum,
        radius: threshold,
        weightDecay: decay,
      }),
  }[name]();
}

function walkOf(name: WalkName, norm: "frobenius" | "max" | "l1", landscape: LandscapeName): number[][] {
  const transform = method(name, norm);
  const { value, start } = landscapes[landscape];
  let params: { x: np.Array } = { x: np.array([...start]) };
  let state = transform.init(refTree(params));
  const points: number[][] = [[...start]];
  for (let k = 0; k < STEPS; k++) {
    const gradient = { x: grad(value)(params.x.ref) };
    const [updates, next] = transform.update(gradient, state, refTree(params));
    params = applyUpdates(params, updates);
    state = next;
    points.push(Array.from(params.x.ref.dataSync(), Number));
  }
  return points;
}

describe("the walks of the page are the library's methods", () => {
  test.each(["frobenius", "max", "l1"] as const)("in the norm %s", (norm) => {
    for (const landscape of ["bowl", "valley"] as const) {
      const walks = walker(landscape, norm)(landscapes[landscape].start, settings, STEPS);
      for (const name of walkNames)
        for (const [k, point] of walkOf(name, norm, landscape).entries()) {
          expect(walks[name][k]?.x, `${landscape} ${name} ${k}`).toBeCloseTo(point[0] ?? Number.NaN, 4);
          expect(walks[name][k]?.y, `${landscape} ${name} ${k}`).toBeCloseTo(point[1] ?? Number.NaN, 4);
        }
    }
  });

  test("values and dual norms are those of the points", () => {
    const { clipped } = walker("valley", "max")([-2, 0.5], settings, 3);
    for (const { x, y, value, dual } of clipped) {
      expect(value).toBeCloseTo(landscapes.valley.at(x, y), 4);
      const beside = y - (x * x) / 2;
      expect(dual).toBeCloseTo(Math.abs(x - 1 - 4 * x * beside) + Math.abs(4 * beside), 3);
    }
  });

  test("at a fixed step the clipped walk arrives, the fixed one does not, and the ball is never left", () => {
    const walk = walker("bowl", "frobenius");
    const { fixed, clipped, ball } = walk(
      [-2.6, 1.3],
      { rate: 0.1, threshold: 4, momentum: 0, decay: 2 },
      60,
    );
    expect(clipped.at(-1)?.value).toBeLessThan(0.01);
    expect(fixed.at(-1)?.dual).toBeGreaterThan(1);
    const lengths = ball.map(({ x, y }) => Math.hypot(x, y));
    expect(Math.max(...lengths.slice(20))).toBeLessThan(2 + 0.4);
  });

  test("walking leaks nothing", async () => {
    const walk = walker("bowl", "max");
    const work = (): unknown => walk([1, 1], settings, 3);
    work();
    expect(await leakedBuffers(work)).toBe(0);
  });
});

test("lines of equal height close around the lowest point", () => {
  const paths = contourPaths(landscapes.bowl, 560);
  expect(paths.length).toBe(12);
  const [x = 0, y = 0] = (paths.at(-2) ?? "").slice(1).split("L")[0]?.split(",").map(Number) ?? [];
  expect(Math.hypot(x - 280, y - 280)).toBeGreaterThan(100);
  expect(paths.every((path) => path === "" || path.endsWith("Z"))).toBe(true);
});
