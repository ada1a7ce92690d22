import { numpy as np } from "@jax-js/jax";
import { ConfigError } from "../model/configError.ts";
import { expectNumber } from "../model/expectNumber.ts";
import type { Model } from "../model/model.ts";
import { oneOf, type Settings, wholeFrom } from "../model/setting.ts";
import { settingChecks } from "../model/settingChecks.ts";
import { type ProblemModel, type ProblemParams, problemModel } from "./problemModel.ts";

export type LandscapeConfig = {
  /** Default "rosenbrock". */
  readonly surface?: LandscapeName;
  /** Coordinates; more than 2 for rosenbrock only. Default 2. */
  readonly dimensions?: number;
  /** Rosenbrock's factor on the distance from the valley. Default 100. */
  readonly steepness?: number;
  /** Where to begin. Default: the usual start of the function. */
  readonly start?: readonly number[];
};

export type LandscapeName = "rosenbrock" | "beale" | "himmelblau" | "booth";

export interface Landscape extends ProblemModel<ProblemParams> {
  readonly config: Required<LandscapeConfig>;
  /** The points where the function is smallest. */
  readonly minima: readonly (readonly number[])[];
  /** The function on a grid of the plane, row by row: for each y its value at every x. Rejects with more than 2 coordinates. */
  heights(x: readonly number[], y: readonly number[]): Promise<number[]>;
}

/** Of two coordinates, arrays of shapes that go together. Borrows them. */
type Height = (x: np.Array, y: np.Array) => np.Array;

interface Surface {
  readonly start: readonly number[];
  readonly minima: readonly (readonly number[])[];
  readonly value: Height;
}

const surfaces: Readonly<Record<Exclude<LandscapeName, "rosenbrock">, Surface>> = {
  beale: {
    start: [1, 1],
    minima: [[3, 0.5]],
    value: (x, y) =>
      [1.5, 2.25, 2.625]
        .map((c, i) => {
          const power = Array.from({ length: i + 1 }, () => y.ref).reduce((a, b) => a.mul(b));
          return np.square(x.ref.mul(power.sub(1)).add(c));
        })
        .reduce((a, b) => a.add(b)),
  },
  himmelblau: {
    start: [0, 0],
    minima: [
      [3, 2],
      [-2.805118, 3.131312],
      [-3.77931, -3.283186],
      [3.584428, -1.848126],
    ],
    value: (x, y) =>
      np.square(np.square(x.ref).add(y.ref).sub(11)).add(np.square(x.ref.add(np.square(y.ref)).sub(7))),
  },
  booth: {
    start: [-8, 8],
    minima: [[1, 3]],
    value: (x, y) => np.square(x.ref.add(y.ref.mul(2)).sub(7)).add(np.square(x.ref.mul(2).add(y.ref).sub(5))),
  },
};

/** Names of the functions. */
export const landscapeNames: readonly LandscapeName[] = ["rosenbrock", "beale", "himmelblau", "booth"];

const defaults = { surface: "rosenbrock", dimensions: 2, steepness: 100 } as const;

/** What each setting means. */
export const landscapeSettings: Settings<LandscapeConfig> = {
  surface: { doc: "the function", range: oneOf(landscapeNames) },
  dimensions: { doc: "coordinates; more than 2 for rosenbrock only", range: wholeFrom(2) },
  steepness: { doc: "rosenbrock's factor on the distance from the valley", range: "≥ 0" },
  start: { doc: "where to begin; left out: the usual start of the function", range: "a list of numbers" },
};

/**
 * A function of a few coordinates, for pictures of how an optimizer walks. x is [dimensions, 1].
 *
 * - rosenbrock: Σ s (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², a bent valley; minimum at (1, …, 1), begins at (−1.2, 1, …)
 * - beale: flat far from (3, ½), begins at (1, 1)
 * - himmelblau: four minima, begins near the maximum between them, at (0, 0)
 * - booth: a quadratic of condition 9, minimum at (1, 3), begins at (−8, 8)
 *
 * All have the minimum 0. Source: Rosenbrock 1960; Beale 1958; Himmelblau 1972; as listed by Jamil & Yang 2013,
 * arXiv:1308.4008. Throws `ConfigError`.
 */
export function landscape(config: LandscapeConfig = {}): Landscape {
  const check = settingChecks("landscape", Object.keys(landscapeSettings));
  check.known(config);
  const { surface, dimensions, steepness } = { ...defaults, ...config };
  check.choice("surface", surface, landscapeNames);
  check.size("dimensions", dimensions);
  expectNumber("steepness", steepness, 0);
  if (dimensions !== 2 && (surface !== "rosenbrock" || dimensions < 2)) {
    throw new ConfigError(`${surface} has 2 dimensions, not ${dimensions}; only rosenbrock may have more`);
  }
  const usual: readonly number[] =
    surface === "rosenbrock"
      ? Array.from({ length: dimensions }, (_, i) => (i % 2 === 0 ? -1.2 : 1))
      : surfaces[surface].start;
  const start = config.start ?? usual;
  if (!Array.isArray(start) || start.length !== dimensions || !start.every((c) => Number.isFinite(c))) {
    throw new ConfigError(
      `start must be ${dimensions} numbers, for example ${JSON.stringify(usual)}; got ${JSON.stringify(start)}`,
    );
  }
  const full = { surface, dimensions, steepness, start };
  const coordinates = (x: np.Array, from: number, to: number): np.Array => x.slice([from, to]);
  const model = problemModel({
    name: "landscape",
    config: full,
    shape: [dimensions, 1],
    start,
    minimum: 0,
    flops: 30 * dimensions,
    value(x) {
      if (surface === "rosenbrock") {
        const [head, tail] = [coordinates(x.ref, 0, dimensions - 1), coordinates(x, 1, dimensions)];
        const off = np.square(tail.sub(np.square(head.ref))).mul(steepness);
        return np.sum(off.add(np.square(head.mul(-1).add(1))));
      }
      const [a, b] = [coordinates(x.ref, 0, 1), coordinates(x, 1, 2)];
      const value = np.sum(surfaces[surface].value(a, b)); // borrows a and b
      a.dispose();
      b.dispose();
      return value;
    },
  });
  const minima =
    surface === "rosenbrock" ? [Array.from({ length: dimensions }, () => 1)] : surfaces[surface].minima;
  const height: Height = surface === "rosenbrock" ? valley(steepness) : surfaces[surface].value;
  return { ...model, config: full, minima, heights: (x, y) => onGrid(height, dimensions, x, y) };
}

/** Whether a problem is one of these functions. */
export const isLandscape = (model: Model): model is Landscape =>
  model.name === "landscape" && "heights" in model;

const valley =
  (steepness: number): Height =>
  (x, y) =>
    np
      .square(y.ref.sub(np.square(x.ref)))
      .mul(steepness)
      .add(np.square(x.ref.mul(-1).add(1)));

async function onGrid(
  height: Height,
  dimensions: number,
  xs: readonly number[],
  ys: readonly number[],
): Promise<number[]> {
  if (dimensions !== 2)
    throw new Error(`a plane has 2 coordinates, this landscape ${dimensions}: take dimensions 2`);
  const x = np.array(Float32Array.from(xs), { shape: [1, xs.length] });
  const y = np.array(Float32Array.from(ys), { shape: [ys.length, 1] });
  const values = height(x, y);
  x.dispose();
  y.dispose();
  return Array.from(await values.data());
}
