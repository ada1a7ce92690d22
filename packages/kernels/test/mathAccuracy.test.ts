import { lax, numpy as np } from "@jax-js/jax";
import { expect, test } from "vitest";
import { fuse } from "../src/index.ts";

/** How many floats lie between two. */
function unitsApart(x: number, y: number): number {
  if (Object.is(x, y) || x === y) return 0;
  const rank = (value: number): number => {
    const bits = new Int32Array(Float32Array.of(value).buffer)[0] ?? 0;
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Number.isNaN(x) || Number.isNaN(y) ? Number.POSITIVE_INFINITY : Math.abs(rank(x) - rank(y));
}

const between = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => Math.fround(from + ((to - from) * i) / (n - 1)));

const tiny = between(-149, -100, 500).map((k) => Math.fround(2 ** k));

test.each([
  { name: "exp", fn: np.exp, right: Math.exp, inputs: between(-104, 89, 200_001) },
  {
    name: "log",
    fn: np.log,
    right: Math.log,
    inputs: [...between(1e-3, 4, 100_001), ...between(4, 3e38, 50_001), ...tiny],
  },
  { name: "sin", fn: np.sin, right: Math.sin, inputs: between(-1e4, 1e4, 10_001) },
  { name: "cos", fn: np.cos, right: Math.cos, inputs: between(-1e4, 1e4, 10_001) },
])("$name is within 2 units in the last place", async ({ fn, right, inputs }) => {
  const found = (await fuse((x: np.Array) => fn(x))(np.array(Float32Array.from(inputs)))).dataSync();
  let worst = 0;
  for (const [i, x] of inputs.entries())
    worst = Math.max(worst, unitsApart(found[i] ?? 0, Math.fround(right(x))));
  expect(worst).toBeLessThanOrEqual(2);
});

test("tanh, which jax-js makes of exp, and powers keep three digits less than float32 has", async () => {
  const inputs = Float32Array.from(between(-20, 20, 4001));
  const found = (await fuse((x: np.Array) => np.tanh(x))(np.array(inputs))).dataSync();
  for (const [i, x] of inputs.entries()) expect(Math.abs((found[i] ?? 0) - Math.tanh(x))).toBeLessThan(1e-6);
});

test("erf and erfc, as GELU needs them, are within the error of their approximation", async () => {
  const inputs = Float32Array.from([...between(-6, 6, 20_001), 1 / 0, -1 / 0, Number.NaN, 0, -0]);
  const error = await fuse((x: np.Array) => [lax.erf(x.ref), lax.erfc(x)])(np.array(inputs));
  const [erf, erfc] = error.map((x) => x.dataSync());
  const [erfThere, erfcThere] = [lax.erf(np.array(inputs)), lax.erfc(np.array(inputs))].map((x) =>
    x.dataSync(),
  );
  for (const [i, x] of inputs.entries()) {
    if (Number.isNaN(x)) expect([erf?.[i], erfc?.[i]]).toEqual([Number.NaN, Number.NaN]);
    else {
      expect(Math.abs((erf?.[i] ?? 0) - (erfThere?.[i] ?? 1))).toBeLessThan(3e-7);
      expect(Math.abs((erfc?.[i] ?? 0) - (erfcThere?.[i] ?? 1))).toBeLessThan(3e-7);
    }
  }
  // erf(1/2) and erf(1), to more digits than the approximation has.
  const half = await fuse((x: np.Array) => lax.erf(x))(np.array([0.5, 1]));
  for (const [i, right] of [0.5204998778, 0.8427007929].entries())
    expect(Math.abs((half.ref.dataSync()[i] ?? 0) - right)).toBeLessThan(3e-7);
  half.dispose();
});

test("exp and log at the ends of their ranges", async () => {
  const inputs = Float32Array.of(Number.NaN, 1 / 0, -1 / 0, 0, -0, -1, 200, -200, 88.7, -103.9);
  const [exp, log] = (await fuse((x: np.Array) => [np.exp(x.ref), np.log(x)])(np.array(inputs))).map((x) => [
    ...x.dataSync(),
  ]);
  expect(exp).toEqual([
    Number.NaN,
    1 / 0,
    0,
    1,
    1,
    expect.closeTo(Math.exp(-1), 6),
    1 / 0,
    0,
    expect.closeTo(Math.exp(Math.fround(88.7)), -32),
    Math.fround(Math.exp(Math.fround(-103.9))),
  ]);
  expect(log?.slice(0, 6)).toEqual([Number.NaN, 1 / 0, Number.NaN, -1 / 0, -1 / 0, Number.NaN]);
});
