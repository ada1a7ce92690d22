import type { FuzzDtype, Line } from "./program.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** A value of a program under construction. */
export interface Value {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: FuzzDtype;
  /**
   * Its elements are the same to the last bit in every engine. Rounding down, comparing or dividing what was only
   * computed up to rounding would make two right engines differ.
   */
  readonly exact: boolean;
}

/** An operation of jax-js as programs use it. */
export interface Operation {
  /** As jax-js calls it: `np.add`. */
  readonly name: string;
  /** An exact value of exact ones. Default false. */
  readonly exact?: boolean;
  /** Takes exact values only. Default false. */
  readonly strict?: boolean;
  /** Writes a line about some of the values; undefined where none of them suits. */
  draw(r: SeededRandom, values: readonly Value[]): Line | undefined;
}

export type Kind = "float" | "integer" | "signed" | "number" | "bool" | "any";

const KINDS: Record<Kind, readonly FuzzDtype[]> = {
  float: ["float32", "float64"],
  integer: ["int32", "uint32"],
  signed: ["float32", "float64", "int32"],
  number: ["float32", "float64", "int32", "uint32"],
  bool: ["bool"],
  any: ["float32", "float64", "int32", "uint32", "bool"],
};

type Options = Pick<Operation, "exact" | "strict"> & { readonly of?: Kind; readonly rank?: number };

const suits = (value: Value, { of = "float", strict, rank = 0 }: Options): boolean =>
  KINDS[of].includes(value.dtype) && (strict !== true || value.exact) && value.shape.length >= rank;

/** The later a value, the likelier it is read: programs become deep. */
function choose(r: SeededRandom, values: readonly Value[], options: Options): Value | undefined {
  const fitting = values.filter((value) => suits(value, options));
  if (fitting.length === 0) return undefined;
  return r.chance(0.6) ? fitting.at(-1) : r.of(fitting);
}

/** An operation of one value. `write` may refuse it. */
export function unary(
  name: string,
  options: Options,
  write: (x: string, value: Value, r: SeededRandom) => string | undefined = (x) => `${name}(${x})`,
): Operation {
  return {
    name,
    ...options,
    draw(r, values) {
      const x = choose(r, values, options);
      const text = x && write(`v${x.id}.ref`, x, r);
      return x && text ? { text, reads: [x.id] } : undefined;
    },
  };
}

/** An operation of two values. */
export function binary(
  name: string,
  options: Options,
  write: (x: string, y: string, of: readonly [Value, Value], r: SeededRandom) => string | undefined = (
    x,
    y,
  ) => `${name}(${x}, ${y})`,
): Operation {
  return {
    name,
    ...options,
    draw(r, values) {
      const x = choose(r, values, options);
      const y =
        x &&
        choose(
          r,
          values.filter((other) => fit(x, other)),
          options,
        );
      const text = x && y && write(`v${x.id}.ref`, `v${y.id}.ref`, [x, y], r);
      return x && y && text ? { text, reads: [x.id, y.id] } : undefined;
    },
  };
}

/** Whether two shapes broadcast. */
export function fit(x: Value, y: Value): boolean {
  const rank = Math.min(x.shape.length, y.shape.length);
  return Array.from({ length: rank }, (_, i) => [x.shape.at(-1 - i), y.shape.at(-1 - i)]).every(
    ([m, n]) => m === n || m === 1 || n === 1,
  );
}

/** An axis of a value, from either end. */
export function axisOf({ shape }: Value, r: SeededRandom): number {
  const rank = shape.length;
  return r.integer(r.chance(0.3) ? -rank : 0, rank);
}

export const sizeOf = ({ shape }: Pick<Value, "shape">): number => shape.reduce((a, b) => a * b, 1);
