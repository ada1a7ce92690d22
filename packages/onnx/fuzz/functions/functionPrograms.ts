import type { FuzzInput, Program } from "../program.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** What the calls read: `x` and `m` have all that floats have, `r` is a regular matrix, `w` small numbers. */
const arguments_: Readonly<Record<string, FuzzInput>> = {
  x: { dtype: "float32", shape: [8], values: [1.5, nan, -0.5, inf, 0, -inf, 2, 1e18] },
  m: { dtype: "float32", shape: [3, 4], values: [1, 2, inf, -1, 0, nan, 0.5, -2, 1, 0, -inf, 3] },
  r: { dtype: "float32", shape: [3, 3], values: [4, 1, 0.5, 1, 3, -1, 0.5, -1, 5] },
  w: { dtype: "float32", shape: [4], values: [0.25, -0.5, 0.75, 0.125] },
  v: { dtype: "float32", shape: [3], values: [1, -2, 0.5] },
  i: { dtype: "int32", shape: [4], values: [-7, 0, 3, 2147483647] },
  u: { dtype: "uint32", shape: [4], values: [0, 1, 7, 4294967295] },
  e: { dtype: "float32", shape: [0, 3], values: [] },
  n: { dtype: "float32", shape: [1, 2, 5], values: [1, nan, 3, inf, 5, -1, 0, 2, 1, 0.5] },
};

const names = Object.keys(arguments_);

/**
 * One call as programs: its value, and its gradient with respect to each float argument. `text` reads arguments as `x`,
 * `m` and so on.
 */
export function functionPrograms(text: string): readonly Program[] {
  const used = names.filter((name) => new RegExp(`(?<![\\w.])${name}(?![\\w:])`).test(text));
  const inputs = used.flatMap((name) => arguments_[name] ?? []);
  const call = used.reduce(
    (line, name, k) => line.replace(new RegExp(`(?<![\\w.])${name}(?![\\w:])`, "g"), `v${k}.ref`),
    text,
  );
  const value: Program = { inputs, lines: [{ text: call, reads: used.map((_, k) => k) }] };
  const floats = inputs.flatMap(({ dtype, values }, k) =>
    dtype === "float32" && values.length > 0 ? [k] : [],
  );
  return [value, ...floats.map((gradient) => ({ ...value, gradient }))];
}
