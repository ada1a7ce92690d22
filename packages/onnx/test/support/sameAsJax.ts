import { type Array as JaxArray, numpy as np, tree } from "@jax-js/jax";
import { expect } from "vitest";
import { compile } from "../../src/compile.ts";
import { trace } from "../../src/trace/trace.ts";

// biome-ignore lint/suspicious/noExplicitAny: test functions take whatever trees their case hands them
export type Fn = (...values: any[]) => unknown;

/** Primitives that any call of `sameAsJax` in this file has lowered. */
export const seenPrimitives = new Set<string>();

/**
 * Runs `fn` on jax-js and on ONNX Runtime and compares every result: shapes and dtypes equal, integers and
 * bools equal, floats within `tolerance` times the largest magnitude of the result (at least `floor`).
 * Uses the arguments up.
 */
export async function sameAsJax(
  fn: Fn,
  values: readonly unknown[],
  { tolerance = 1e-5, floor = 1e-30 } = {},
): Promise<void> {
  const traced = trace(fn, values);
  for (const { primitive } of traced.jaxpr.eqns) seenPrimitives.add(primitive);
  for (const constant of traced.constants) constant.dispose();
  const expected = tree.leaves(fn(...tree.ref([...values] as JaxArray[])) as JaxArray) as JaxArray[];
  const compiled = compile(fn);
  const actual = tree.leaves((await compiled(...values)) as JaxArray) as JaxArray[];
  compiled.dispose();
  expect(actual.length).toBe(expected.length);
  for (const [i, want] of expected.entries())
    compareArrays(actual[i] as JaxArray, want, { tolerance, floor });
}

/** Uses both arrays up. */
export function compareArrays(
  actual: JaxArray,
  expected: JaxArray,
  { tolerance = 1e-5, floor = 1e-30 } = {},
): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  const float = expected.dtype.startsWith("float");
  const [got, want] = [actual.dataSync(), expected.dataSync()];
  if (!float) {
    expect(Array.from(got)).toEqual(Array.from(want));
    return;
  }
  let scale = floor;
  for (const value of want) if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
  for (const [i, value] of want.entries()) {
    const other = got[i] ?? Number.NaN;
    if (Object.is(value, other) || value === other) continue;
    if (!(Math.abs(value - other) <= tolerance * scale))
      expect.fail(`element ${i}: ${other}, jax-js has ${value} (largest ${scale}, tolerance ${tolerance})`);
  }
}

/** Deterministic, irregular values between -2 and 2. */
export function values(shape: readonly number[], seed = 0): np.Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) return np.zeros([...shape]);
  const data = Float32Array.from({ length: size }, (_, i) => {
    const wild = Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453;
    return 4 * (wild - Math.floor(wild)) - 2;
  });
  return np.array(data, { shape: [...shape] });
}

export function integers(shape: readonly number[], low: number, high: number, seed = 0): np.Array {
  const size = shape.reduce((a, b) => a * b, 1);
  if (size === 0) return np.zeros([...shape], { dtype: np.int32 });
  const pick = (i: number): number => low + ((((i + 1) * 2654435761 + seed * 40503) >>> 7) % (high - low));
  return np.array(
    Int32Array.from({ length: size }, (_, i) => pick(i)),
    { shape: [...shape], dtype: np.int32 },
  );
}

export function unsigned(shape: readonly number[], seed = 0): np.Array {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Uint32Array.from({ length: size }, (_, i) => ((i + 1) * 2654435761 + seed * 40503) >>> 0);
  return np.array(data, { shape: [...shape], dtype: np.uint32 });
}

export function bools(shape: readonly number[], seed = 0): np.Array {
  return np.greater(values(shape, seed + 17), 0);
}
