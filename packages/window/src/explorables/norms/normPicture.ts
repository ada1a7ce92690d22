import { jit, numpy as np, vmap } from "@jax-js/jax";
import { createNorm, type Norm, type NormOptions } from "steepest/norms";

import { arraysAt, coordinatesOf, type Slice } from "./slices.ts";

/** What a norm answers to a gradient, in the coordinates of a slice. */
export interface Answer {
  /** ‖G‖_* */
  readonly dual: number;
  /** The point of the unit ball that minimises ⟨G, A⟩. */
  readonly lmo: readonly number[];
  /** −sharp(G): the step of steepest descent. */
  readonly step: readonly number[];
  /** ⟨G, lmo(G)⟩, −‖G‖_* where the oracle is exact. */
  readonly inner: number;
  /** ‖lmo(G)‖, 1 where the oracle is exact. */
  readonly lmoValue: number;
}

/** A norm of the library, asked for what a picture of it needs. Compiled once. */
export interface NormPicture {
  /** The points of the unit sphere in these directions. */
  boundary(directions: readonly (readonly number[])[]): number[][];
  answer(gradient: readonly number[]): Answer;
}

/** Throws where the norm has no such option, or not for arrays of this shape. */
export function pictureNorm(name: string, options: NormOptions, slice: Slice): NormPicture {
  const norm = createNorm(name, options);
  const values = jit(vmap((a: np.Array) => norm.value(a)));
  const answers = jit((g: np.Array) => answerOf(norm, g));
  return {
    boundary(directions) {
      const sizes = values(arraysAt(slice, directions)).dataSync();
      return directions.map((direction, i) => direction.map((x) => x / (sizes[i] ?? 1)));
    },
    answer(gradient) {
      const g = np.squeeze(arraysAt(slice, [gradient]), 0);
      const { dual, lmo, sharp, inner, lmoValue } = answers(g);
      const entries = Array.from(sharp.dataSync(), Number);
      return {
        dual: Number(dual.item()),
        lmo: coordinatesOf(slice, lmo.dataSync()),
        step: coordinatesOf(
          slice,
          entries.map((x) => -x),
        ),
        inner: Number(inner.item()),
        lmoValue: Number(lmoValue.item()),
      };
    },
  };
}

function answerOf(
  norm: Norm,
  g: np.Array,
): Record<"dual" | "lmo" | "sharp" | "inner" | "lmoValue", np.Array> {
  const lmo = norm.lmo(g.ref);
  return {
    dual: norm.dual(g.ref),
    sharp: norm.sharp(g.ref),
    inner: np.sum(g.mul(lmo.ref)),
    lmoValue: norm.value(lmo.ref),
    lmo,
  };
}

/** `count` directions around the origin, each once. */
export const circle = (count: number): number[][] =>
  Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return [Math.cos(angle), Math.sin(angle)];
  });

/**
 * Directions of a sphere as a grid of rings from pole to pole, each with `around` points. The poles are ±(1, 1, 0)/√2: among
 * symmetric matrices the multiples of the identity, around which balls of singular values are round.
 */
export const sphere = (rings: number, around: number): number[][][] =>
  Array.from({ length: rings }, (_, i) => {
    const polar = (Math.PI * i) / (rings - 1);
    return Array.from({ length: around }, (_, j) => {
      const angle = (2 * Math.PI * j) / around;
      const along = Math.cos(polar) * Math.SQRT1_2;
      const across = Math.sin(polar) * Math.cos(angle) * Math.SQRT1_2;
      return [along + across, along - across, Math.sin(polar) * Math.sin(angle)];
    });
  });
