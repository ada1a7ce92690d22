import { type Line, operations, type Recipe } from "./recipe.ts";

/** Numbers in [0, 1) that depend on a seed alone (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SIDES = [1, 2, 3, 4, 5, 8, 17, 64, 130];

/** Where a difference in the last digit decides, only values may come whose bits are certain. */
const DECIDES: readonly string[] = ["choose", "unless", "sign", "floor", "whole"];
const INEXACT: readonly string[] = ["exp", "log", "sumLast", "sumFirst", "sumAll"];
const PAIRS: readonly string[] = ["add", "sub", "mul", "min", "max", "choose", "unless"];
const NEED_DIMENSIONS: readonly string[] = ["sumLast", "sumFirst", "maxLast", "maxFirst", "flip"];

const NAMES = Object.keys(operations).filter((name): name is Line["op"] => name in operations);

/** The same recipe for the same seed. */
export function drawRecipe(seed: number): Recipe {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const rank = pick([1, 2, 2, 2, 3]);
  const full = Array.from({ length: rank }, () => pick(SIDES));
  const variants = [full, full, full.with(0, 1), full.with(-1, 1), full.slice(1), []];
  const shapes: (readonly number[])[] = [full, pick(variants), pick(variants)];
  const inputs = [...shapes];
  const exact = inputs.map(() => true);
  const lines: Line[] = [];
  const count = 4 + Math.floor(random() * 16);
  while (lines.length < count) {
    const op = pick(NAMES);
    const candidates = [...shapes.keys()].filter((i) => !DECIDES.includes(op) || exact[i]);
    const first = pick(candidates);
    const shape = shapes[first] ?? [];
    if (NEED_DIMENSIONS.includes(op) && shape.length === 0) continue;
    const partners = [...shapes.keys()].filter(
      (i) => joined(shape, shapes[i] ?? []) !== undefined && (!DECIDES.includes(op) || exact[i]),
    );
    const operands = PAIRS.includes(op) ? [first, pick(partners)] : [first];
    lines.push({ op, operands });
    shapes.push(
      shapeOf(
        op,
        operands.map((i) => shapes[i] ?? []),
      ),
    );
    exact.push(operands.every((i) => exact[i]) && !INEXACT.includes(op));
  }
  const made = lines.map((_, i) => inputs.length + i);
  return { shapes: inputs, lines, exact, results: [...new Set([made.at(-1) ?? 0, pick(made), pick(made)])] };
}

function joined(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const sides: number[] = [];
  for (let i = 0; i < rank; i++) {
    const [x, y] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    sides.push(Math.max(x, y));
  }
  return sides;
}

function shapeOf(op: string, operands: readonly (readonly number[])[]): readonly number[] {
  const [a = [], b = []] = operands;
  if (op.endsWith("All")) return [];
  if (op.endsWith("Last")) return a.with(-1, 1);
  if (op.endsWith("First")) return a.with(0, 1);
  if (op === "turn") return a.toReversed();
  if (op === "flat") return [a.reduce((x, y) => x * y, 1)];
  return joined(a, b) ?? a;
}
