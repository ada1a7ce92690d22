import { describeSpec, type LeafSpec } from "./argumentTree.ts";
import { ArgumentError } from "./errors.ts";

/** Throws `ArgumentError` naming the first leaf that is missing, of another shape or dtype, or too many. */
export function sameSpecs(what: string, expected: readonly LeafSpec[], actual: readonly LeafSpec[]): void {
  for (const spec of expected) {
    const other = actual.find(({ path }) => path === spec.path);
    if (other === undefined) throw new ArgumentError(`${what} lacks "${spec.path}" (${describeSpec(spec)})`);
    if (describeSpec(other) !== describeSpec(spec))
      throw new ArgumentError(
        `${what} has "${spec.path}" as ${describeSpec(other)}, expected ${describeSpec(spec)}`,
      );
  }
  const extra = actual.find(({ path }) => !expected.some((spec) => spec.path === path));
  if (extra !== undefined) throw new ArgumentError(`${what} has "${extra.path}", which the state lacks`);
}
