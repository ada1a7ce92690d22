import type { Sizes } from "./symbols.ts";

/** A number that depends on sizes left open: factor · Π size^power + offset. */
export interface OpenSize {
  readonly factor: number;
  readonly powers: ReadonlyMap<string, number>;
  readonly offset: number;
}

/** How far apart two float32 may be that are the same but for rounding. */
const ROUNDING = 4e-7;

/** Powers that are tried for each symbol: of whole numbers, and of others (a mean divides by sizes). */
const POWERS = { whole: [0, 1, 2], float: [0, -1, 1] } as const;

/** A number that a trace has for some sizes. */
export type Observed = readonly [value: number, at: Sizes];

/**
 * What a number is in general that was observed for several sizes; undefined where no such expression fits. `kind`:
 * whether it is a size or position, or a number to compute with.
 */
export function openSize(observed: readonly Observed[], kind: keyof typeof POWERS): OpenSize | undefined {
  const [[a, atA] = [0, new Map<string, number>()], [b, atB] = [0, new Map<string, number>()]] = observed;
  const names = [...atA.keys()];
  const rounding = kind === "float" ? ROUNDING : 0;
  const fits = (found: OpenSize): boolean =>
    observed.every(([value, at]) => Math.abs(valueAt(found, at) - value) <= rounding * Math.abs(value));
  for (const powers of combinations(names, POWERS[kind])) {
    const found: OpenSize = { factor: a / productOf(powers, atA), powers, offset: 0 };
    if ((kind === "float" || Number.isInteger(found.factor)) && fits(found)) return found;
  }
  if (kind === "float") return undefined;
  for (const name of names) {
    const [n, m] = [atA.get(name) ?? 0, atB.get(name) ?? 0];
    const factor = (b - a) / (m - n);
    const found: OpenSize = { factor, powers: new Map([[name, 1]]), offset: a - factor * n };
    if (Number.isInteger(factor) && fits(found)) return found;
  }
  return undefined;
}

const valueAt = ({ factor, powers, offset }: OpenSize, at: Sizes): number =>
  factor * productOf(powers, at) + offset;

const productOf = (powers: ReadonlyMap<string, number>, sizes: Sizes): number =>
  [...powers].reduce((product, [name, power]) => product * (sizes.get(name) ?? 1) ** power, 1);

function combinations(names: readonly string[], powers: readonly number[]): Map<string, number>[] {
  return names
    .reduce<[string, number][][]>(
      (lists, name) =>
        powers.flatMap((power) => lists.map((list) => [...list, [name, power] as [string, number]])),
      [[]],
    )
    .map((list) => new Map(list.filter(([, power]) => power !== 0)))
    .filter((map) => map.size > 0)
    .toSorted((x, y) => x.size - y.size);
}

/** As a name for a dimension: `batch`, `4*batch`, `batch*time`, `time-1`. */
export function nameOf({ factor, powers, offset }: OpenSize): string {
  const names = [...powers].map(([name, power]) => (power === 1 ? name : `${name}^${power}`));
  const product = [...(factor === 1 ? [] : [String(factor)]), ...names].join("*");
  return offset === 0 ? product : `${product}${offset > 0 ? "+" : ""}${offset}`;
}
