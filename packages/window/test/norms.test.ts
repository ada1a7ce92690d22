import { numpy as np } from "@jax-js/jax";
import { createNorm, type NormName } from "steepest/norms";
import { describe, expect, test } from "vitest";

import { leakedBuffers } from "#test-support/liveBuffers.ts";
import { hasPolar, knobsOf, normsOn } from "../src/explorables/norms/drawableNorms.ts";
import { circle, pictureNorm, sphere } from "../src/explorables/norms/normPicture.ts";
import { type SliceName, slices } from "../src/explorables/norms/slices.ts";
import { facetsOf, turn } from "../src/explorables/norms/turn.ts";

const exact = (name: NormName): object => ({
  ...Object.fromEntries(knobsOf(name).map(({ option, start }) => [option, start])),
  ...(hasPolar(name) && { polar: "svd" }),
});
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

const all = (Object.keys(slices) as SliceName[]).flatMap((slice) =>
  normsOn(slice).map((name) => [slice, name] as const),
);

describe("what is drawn is what the library says", () => {
  test.each(all)(
    "%s, %s: no point of the ball goes further against a gradient than the oracle",
    (slice, name) => {
      const picture = pictureNorm(name, exact(name), slices[slice]);
      const flat = slices[slice].axes.length === 2;
      const gradient = flat ? [0.9, 0.5] : [0.9, 0.5, 0.3];
      const { dual, lmo, step, inner, lmoValue } = picture.answer(gradient);
      const boundary = picture.boundary(flat ? circle(72) : sphere(13, 12).flat());
      expect(lmoValue).toBeCloseTo(1, 3);
      expect(inner).toBeCloseTo(-dual, 3);
      expect(dot(gradient, lmo)).toBeCloseTo(-dual, 3);
      for (const [i, x] of lmo.entries()) expect(step[i]).toBeCloseTo(dual * x, 3);
      const least = Math.min(...boundary.map((point) => dot(gradient, point)));
      expect(least).toBeGreaterThan(-dual * 1.001);
      expect(least).toBeLessThan(-dual * 0.97);
    },
  );

  test("the oracle on the page is the library's, through Newton-Schulz too", () => {
    const { lmo, lmoValue } = pictureNorm("operator", {}, slices.diagonal).answer([0.9, 0.5]);
    const known = createNorm("operator").lmo(
      np.array([
        [0.9, 0],
        [0, 0.5],
      ]),
    );
    const entries = known.dataSync();
    expect(lmo).toEqual([entries[0], entries[3]]);
    expect(Math.abs(lmoValue - 1)).toBeGreaterThan(0.01);
  });

  test("nothing leaks", async () => {
    const picture = pictureNorm("f_star", { alpha: 0.3, polar: "svd" }, slices.diagonal);
    const work = (): void => {
      picture.boundary(circle(8));
      picture.answer([0.2, -0.7]);
    };
    work();
    expect(await leakedBuffers(work)).toBe(0);
  });
});

describe("a body that turns", () => {
  test("keeps lengths", () => {
    for (const [around, tilt] of [
      [0, 0],
      [0.7, -1.2],
      [4, 0.3],
    ] as const)
      expect(Math.hypot(...turn([0.3, -1, 2], around, tilt))).toBeCloseTo(Math.hypot(0.3, -1, 2), 12);
  });

  test("comes as facets, what is near last, all of them lit", () => {
    const facets = facetsOf(sphere(7, 8), 0.5, 0.4);
    expect(facets).toHaveLength(6 * 8);
    expect(facets.map(({ depth }) => depth)).toEqual(facets.map(({ depth }) => depth).sort((a, b) => a - b));
    for (const { light } of facets) expect(light).toBeLessThanOrEqual(1);
    expect(Math.max(...facets.map(({ light }) => light))).toBeGreaterThan(0.9);
  });
});
