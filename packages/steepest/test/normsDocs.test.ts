import { readFileSync } from "node:fs";
import { numpy as np } from "@jax-js/jax";
import { singularValues, svd } from "steepest/matrix";
import { createNorm, type NormName, type NormOptions, normNames, normOptions } from "steepest/norms";
import { describe, expect, test } from "vitest";
import { arrayOf, maxDifference } from "./matrixSamples.ts";

const text = readFileSync(new URL("../../../docs/norms.md", import.meta.url), "utf8");
const lines = text.split("\n");
const header = lines.find((line) => line.startsWith("| name | value(A) |")) ?? "";
const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
const table = lines.slice(lines.indexOf(header) + 2);
const rows = table.slice(0, table.indexOf("")).map(cellsOf);
const named = rows.map(([name = ""]) => name.replaceAll("`", ""));

test("docs/norms.md has one complete row for every norm, and no other", () => {
  expect(cellsOf(header)).toEqual([
    "name",
    "value(A)",
    "dual(G)",
    "lmo(G)",
    "sharp(G)",
    "init",
    "cost of lmo",
  ]);
  expect(named.toSorted()).toEqual([...normNames()].toSorted());
  for (const row of rows) {
    expect(row.length, row[0]).toBe(7);
    for (const cell of row) expect(cell).not.toBe("");
  }
});

describe("the column sharp(G) says what sharp does, for a G of [3, 5]", () => {
  const g = (): np.Array => arrayOf({ kind: "gaussian", m: 3, n: 5, seed: 6 });
  const [m, n] = [3, 5];
  const sigma = (): number[] => singularValues(g()).js() as number[];
  const sum = (xs: readonly number[]): number => xs.reduce((total, x) => total + x, 0);
  const entries = (): number[] => (g().ravel().js() as number[]).map(Math.abs);
  /** U diag(f(σᵢ, i)) Vᵀ. */
  const spectrum = (f: (s: number, i: number) => number): np.Array => {
    const { u, s, vt } = svd(g());
    const values = (s.js() as number[]).map(f);
    return np.matmul(u.mul(np.array(values).reshape([1, values.length])), vt);
  };
  const lengths = (axis: number): np.Array => np.sqrt(np.sum(np.square(g()), axis, { keepdims: true }));
  const slices = (axis: number): np.Array =>
    g()
      .div(lengths(axis))
      .mul(np.sum(lengths(axis)));
  const polar = (): np.Array => spectrum(() => sum(sigma()));
  const frobenius = (): number => Math.hypot(...entries());
  const half = (first: np.Array, dual: number): np.Array =>
    first
      .mul(0.5)
      .add(g().mul(0.5 / frobenius()))
      .mul(0.5 * dual + 0.5 * frobenius());
  const ones = (): np.Array => spectrum(() => 1);
  const top = (): np.Array => spectrum((_, i) => (i === 0 ? 1 : 0));

  const q = 4 / 3;
  const formulas: [NormName, () => np.Array][] = [
    ["frobenius", g],
    ["euclidean", g],
    ["max", () => np.sign(g()).mul(sum(entries()))],
    ["l1", () => np.where(np.abs(g()).less(Math.max(...entries())), 0, g())],
    ["operator", polar],
    ["spectral", () => polar().mul(m / n)],
    ["spectral_max", () => polar().mul(Math.max(1, m / n))],
    ["spectral_2rms", () => polar().mul(m)],
    ["nuclear", () => top().mul(sigma()[0] ?? 0)],
    ["schatten_p", () => spectrum((s) => s ** (q - 1)).mul(sum(sigma().map((s) => s ** q)) ** ((2 - q) / q))],
    ["kyfan_dual_k", () => spectrum((_, i) => (i < 2 ? 1 : 0)).mul(sum(sigma().slice(0, 2)))],
    ["f_star", () => half(ones(), sum(sigma()))],
    ["f_two", () => half(top(), sigma()[0] ?? 0)],
    ["columns", () => slices(0)],
    ["colnorm", () => slices(0).mul(m)],
    ["colnorm_normalized", () => slices(0).mul(m / n ** 2)],
    ["rownorm", () => slices(1).div(n)],
    ["rownorm_input", () => slices(1)],
    ["sign", () => np.sign(g()).mul(sum(entries()))],
    ["sign_normalized", () => np.sign(g()).mul(sum(entries()) / n ** 2)],
    ["bias_rms", () => g().mul(m * n)],
    ["bias_sign", () => np.sign(g()).mul(sum(entries()))],
  ];
  const exact: NormOptions = { polar: "svd", k: 2, p: 4 };

  test.each(formulas)("%s", (name, formula) => {
    const taken = normOptions(name);
    const options = Object.fromEntries(Object.entries(exact).filter(([key]) => taken.some((k) => k === key)));
    const expected = formula();
    const largest = np.max(np.abs(expected.ref)).item();
    // 1e-8 is added to lengths of columns and rows; the rest is float32.
    expect(maxDifference(createNorm(name, options).sharp(g()), expected)).toBeLessThan(2e-5 * largest);
  });

  test("a convolution's is the matrix's over K²", () => {
    const kernel = createNorm("spectral_conv", { polar: "svd" }).sharp(
      arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 6 }).reshape([3, 2, 2, 2]),
    );
    const { u, s, vt } = svd(arrayOf({ kind: "gaussian", m: 3, n: 8, seed: 6 }));
    const expected = np.matmul(u, vt).mul(np.sum(s).mul(3 / (2 * 4 ** 2)));
    expect(maxDifference(kernel.reshape([3, 8]), expected)).toBeLessThan(1e-5);
  });
});
