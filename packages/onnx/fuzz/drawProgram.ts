import { Spec } from "../src/arrays/argumentTree.ts";
import { trace } from "../src/trace/trace.ts";
import { drawInput } from "./drawInput.ts";
import { type Operation, sizeOf, type Value } from "./operation.ts";
import { operations } from "./operations/operations.ts";
import { type FuzzDtype, functionOf, type Line, type Program } from "./program.ts";
import { SeededRandom } from "./seededRandom.ts";

const FLOATS = ["float32", "float32", "float32", "float64"] as const;
const DTYPES: readonly FuzzDtype[] = ["float32", "float32", "float32", "float32", "int32", "uint32", "bool"];
const [LARGEST, DEEPEST] = [600, 5];

/** A program of one to ten operations that jax-js can trace. The same seed gives the same program. */
export function drawProgram(seed: number, pool: readonly Operation[] = operations): Program {
  const r = new SeededRandom(seed);
  const float = r.of(FLOATS);
  const inputs = Array.from({ length: r.integer(1, 4) }, () => {
    const dtype = r.of(DTYPES);
    return drawInput(r, dtype === "float32" && r.chance(0.9) ? float : dtype);
  });
  const values: Value[] = inputs.map(({ dtype, shape }, id) => ({ id, dtype, shape, exact: true }));
  const lines: Line[] = [];
  const wanted = r.integer(1, 11);
  for (let tries = 0; lines.length < wanted && tries < 60; tries++) {
    const operation = r.of(pool);
    const line = operation.draw(r, values);
    const type = line && typeOf({ inputs, lines: [...lines, line] });
    if (!line || !type || sizeOf(type) > LARGEST || type.shape.length > DEEPEST) continue;
    // What jax-js 0.1.25 makes of no elements is what is in memory, unless they are an argument's own.
    const read = line.reads.flatMap((id) => values[id] ?? []);
    if (sizeOf(type) > 0 && read.some((v) => sizeOf(v) === 0 && v.id >= inputs.length)) continue;
    const exact = operation.exact === true && line.reads.every((id) => values[id]?.exact === true);
    lines.push(line);
    values.push({ id: values.length, ...type, exact });
  }
  // jax-js 0.1.25 itself mistakes the type of a gradient where float32 and float64 meet.
  const floats = new Set(values.map(({ dtype }) => dtype).filter((dtype) => dtype.startsWith("float")));
  const sources = inputs.flatMap(({ dtype }, i) => (dtype === "float32" || dtype === "float64" ? [i] : []));
  // Its gradient of no elements is 0 also where 0 is multiplied by infinity; only its eager arrays have that.
  const empty = values.some((value) => sizeOf(value) === 0 && value.id >= inputs.length);
  const program: Program = { inputs, lines };
  if (sources.length === 0 || floats.size > 1 || empty || !r.chance(0.5)) return program;
  return { ...program, gradient: r.of(sources) };
}

/** Shape and type of the last value, undefined where jax-js refuses the program. */
function typeOf(program: Program): Pick<Value, "shape" | "dtype"> | undefined {
  const last = program.inputs.length + program.lines.length - 1;
  try {
    const fn = functionOf(program, [last]);
    const traced = trace(
      fn,
      program.inputs.map(({ shape, dtype }) => new Spec(shape, dtype)),
    );
    for (const constant of traced.constants) constant.dispose();
    const [type] = traced.outputs;
    if (type === undefined || type.dtype === "float16") return undefined;
    return { shape: type.shape, dtype: type.dtype };
  } catch {
    return undefined;
  }
}
