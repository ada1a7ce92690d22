import { jit, type numpy as np } from "@jax-js/jax";
import { compile } from "../src/compile.ts";
import { arraysOf, compared, type FuzzDtype, functionOf, type Program, resultsOf } from "./program.ts";

const dtypes: readonly FuzzDtype[] = ["float32", "float64", "int32", "uint32", "bool"];

/** Where ONNX Runtime and jax-js disagree. */
export interface Difference {
  /** In one line. */
  readonly message: string;
  /** Of the kind of fault, for shrinking: a smaller program has to fail in the same way. */
  readonly kind: "error" | "type" | "non-finite" | "number";
  /** The element whose number is another. */
  readonly at?: number;
}

interface Plain {
  readonly type: string;
  readonly values: readonly number[];
}

/**
 * Runs a program on jax-js and compiled, and compares the results: shapes, types, integers, and which floats are NaN or
 * infinite exactly, other floats up to rounding. Undefined where they agree, also with jax-js's jit alone, or where jax-js
 * itself fails.
 */
export async function compareProgram(program: Program): Promise<Difference | undefined> {
  const fn = compared(program);
  let expected: Plain[];
  try {
    expected = await read(fn(...arraysOf(program)));
  } catch {
    return undefined; // nothing to compare with
  }
  const compiled = compile(fn);
  let actual: Plain[];
  try {
    actual = await read(await compiled(...arraysOf(program)));
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  } finally {
    compiled.dispose();
  }
  const difference = await firstDifference(program, expected, actual);
  if (difference === undefined || difference.kind === "type") return difference;
  // An eager array of jax-js 0.1.25 can be another than that of its own jit: e to a padded 0 is 0 there, not 1.
  const jitted = await readJitted(program);
  if (jitted === "wrong") return undefined;
  for (const other of [jitted, await readInParts(program)])
    if (other !== undefined && (await firstDifference(program, other, actual)) === undefined)
      return undefined;
  return difference;
}

/** "wrong": jax-js adds into places of an array that is not computed yet, which jit refuses and eager code gets wrong. */
async function readJitted(program: Program): Promise<Plain[] | "wrong" | undefined> {
  const jitted = jit(compared(program));
  try {
    return await read(jitted(...arraysOf(program)));
  } catch (error) {
    return String(error).includes("scatter input is not imm") ? "wrong" : undefined;
  } finally {
    jitted.dispose();
  }
}

/** Line by line, from arrays that are computed: a slice of a tile that is not is another one in jax-js. */
async function readInParts(program: Program): Promise<Plain[] | undefined> {
  if (program.gradient !== undefined) return undefined;
  const known = [...program.inputs];
  try {
    for (const { text, reads } of program.lines) {
      const own = reads.map((id) => known[id]).filter((input) => input !== undefined);
      const names = new Map(reads.map((id, i) => [`v${id}`, `v${i}`]));
      const line = {
        text: text.replace(/\bv\d+\b/g, (name) => names.get(name) ?? name),
        reads: own.map((_, i) => i),
      };
      const part = { inputs: own, lines: [line] };
      const [value] = functionOf(part, [own.length])(...arraysOf(part));
      if (value === undefined) return undefined;
      const dtype = dtypes.find((name) => name === value.dtype);
      if (dtype === undefined) return undefined;
      known.push({ dtype, shape: value.shape, values: Array.from(await value.data()) });
    }
  } catch {
    return undefined;
  }
  return resultsOf(program).flatMap((id) => {
    const { dtype, shape, values } = known[id] ?? {};
    return dtype === undefined || values === undefined ? [] : { type: `${dtype}[${shape}]`, values };
  });
}

async function firstDifference(
  program: Program,
  expected: readonly Plain[],
  actual: readonly Plain[],
): Promise<Difference | undefined> {
  const between = await everyValue(program);
  const scale = between.filter(Number.isFinite).reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  // The runtime's Where gives 0 for -0, so that what is divided by it becomes the other infinity.
  const negativeZero = between.some((value) => Object.is(value, -0));
  const squares = between.some((value) => value !== 0 && !squaredInFloat32(Math.abs(value)));
  for (const [i, want] of expected.entries()) {
    const found = differs(want, actual[i], {
      scale,
      negativeZero,
      sign: program.lines.some(({ text }) => /copysign|signbit/.test(text)),
      quotient: derivesTanh(program),
      pole: program.gradient === undefined && program.lines.some(({ text }) => text.includes("np.tan(")),
      standardized: program.lines.some(({ text }) => text.includes("nn.standardize")),
      narrow: squares && program.gradient !== undefined && want.type.startsWith("float64"),
    });
    if (found === undefined) continue;
    // jax-js's own trace of a gradient of float64 has float32 where its eager result has float64.
    if (found.kind === "type" && want.type.startsWith("float64") && program.gradient !== undefined) continue;
    if (found.kind !== "type" && (await isSensitive(program, i, want, found))) continue;
    return { ...found, message: `result ${i}: ${found.message}` };
  }
  return undefined;
}

async function read(arrays: readonly np.Array[]): Promise<Plain[]> {
  const plain: Plain[] = [];
  for (const array of arrays) {
    const type = `${array.dtype}[${array.shape}]`;
    plain.push({ type, values: Array.from(await array.data()) });
  }
  return plain;
}

/** Rounding in jax-js's polynomials for sin, exp, erf and the like, through a few operations. */
const TOLERANCE = 3e-5;

/** Times the tolerance: an error of 2^-24 over √1e-5 is 2e-5 for each rounding of the mean. */
const STANDARDIZED = 4;

/** What a tangent comes to within a few roundings of π/2. */
const AT_A_POLE = 1e6;

/** What a comparison has to know of the program. */
interface Allowance {
  /** The largest finite number that it comes across: rounding errors are as large as that times 2^-24. */
  readonly scale: number;
  readonly negativeZero: boolean;
  /** Reads the sign of what may be -0. */
  readonly sign: boolean;
  /** Derives a tanh: jax-js by a quotient, which is 0 times infinity where an infinite gradient comes in. */
  readonly quotient: boolean;
  /** Computes a tangent: one rounding of π/2 is the difference between infinity and -2e7. */
  readonly pole: boolean;
  /** Divides differences by a standard deviation, which can be as small as √1e-5: rounding of equal numbers grows by that. */
  readonly standardized: boolean;
  /** A gradient of float64, which jax-js derives in float32, of numbers whose squares are 0 or infinite there. */
  readonly narrow: boolean;
}

const squaredInFloat32 = (magnitude: number): boolean => magnitude > 1e-19 && magnitude < 1e19;

const derivesTanh = ({ gradient, lines }: Program): boolean =>
  gradient !== undefined && lines.some(({ text }) => /tanh|gelu|mish/.test(text));

function differs(want: Plain, got: Plain | undefined, allowed: Allowance): Difference | undefined {
  const { scale, negativeZero, sign, pole, quotient, narrow, standardized } = allowed;
  if (got?.type !== want.type) return { kind: "type", message: `${got?.type}, jax-js has ${want.type}` };
  const largest = want.values.filter(Number.isFinite).reduce((a, b) => Math.max(a, Math.abs(b)), scale);
  const own = standardized ? STANDARDIZED * largest : largest;
  for (const [at, value] of want.values.entries()) {
    const other = got.values[at] ?? Number.NaN;
    if (Object.is(value, other) || value === other) continue;
    const message = `element ${at} of ${want.type} is ${other}, jax-js has ${value}`;
    if (want.type.startsWith("float64") && beyondFloat32(value) && beyondFloat32(other)) continue;
    if (negativeZero && !Number.isFinite(value) && !Number.isFinite(other)) continue;
    if (quotient && Number.isNaN(value) && !Number.isNaN(other)) continue;
    if (narrow && !Number.isFinite(value)) continue;
    if (pole && Math.abs(value) > AT_A_POLE && Math.abs(other) > AT_A_POLE) continue;
    if (!Number.isFinite(value) || !Number.isFinite(other)) return { kind: "non-finite", message, at };
    const float = want.type.startsWith("float");
    if (negativeZero && sign && float) continue;
    if (!float || Math.abs(value - other) > TOLERANCE * own) return { kind: "number", message, at };
  }
  return undefined;
}

/** jax-js computes functions of float64 in float32. */
const beyondFloat32 = (value: number): boolean => Math.abs(value) > 1e38;

/** The elements of all values of a program, its arguments too; of none where jax-js cannot compute them in parts. */
async function everyValue(program: Program): Promise<number[]> {
  const all = program.inputs.length + program.lines.length;
  const every = functionOf(
    program,
    Array.from({ length: all }, (_, i) => i),
  );
  try {
    return (await read(every(...arraysOf(program)))).flatMap((plain) => plain.values);
  } catch {
    return [];
  }
}

/** Whether jax-js's own result moves as far when the arguments change in their last bits: then nobody is wrong. */
async function isSensitive(
  program: Program,
  result: number,
  before: Plain,
  { kind, at }: Difference,
): Promise<boolean> {
  const scale = before.values.filter(Number.isFinite).reduce((a, b) => Math.max(a, Math.abs(b)), 1e-30);
  for (const step of [3e-7, -5e-7, 2e-6]) {
    const inputs = program.inputs.map((input) =>
      input.dtype.startsWith("float")
        ? { ...input, values: input.values.map((v, i) => v * (1 + step * (1 + (i % 3)))) }
        : input,
    );
    // Infinity stays what it is, and is often bounded next.
    const bound = 30 * (1 + step);
    const lines = program.lines.map((line) => ({
      ...line,
      text: line.text.replace("-30, 30", `${-bound}, ${bound}`),
    }));
    const moved = { ...program, inputs, lines };
    const after = (await read(compared(moved)(...arraysOf(moved))))[result];
    for (const [i, value] of before.values.entries()) {
      if (kind === "non-finite" && i !== at) continue;
      const near = after?.values[i] ?? 0;
      if (Object.is(near, value)) continue;
      if (!(Math.abs(near - value) <= (TOLERANCE / 3) * scale)) return true;
    }
  }
  return false;
}
