import { didYouMean } from "./nearestName.ts";

/** Throws where one list of paths has one that the other has not, in whatever order: the first difference, by name. */
export function expectSamePaths(
  one: readonly string[],
  other: readonly string[],
  [nameOfOne, nameOfOther]: readonly [string, string],
): void {
  const [ours, theirs] = [new Set(one), new Set(other)];
  const missing = one.filter((path) => !theirs.has(path));
  const extra = other.filter((path) => !ours.has(path));
  const [[path], here, there, candidates] =
    missing.length === 0
      ? [extra, nameOfOther, nameOfOne, missing]
      : [missing, nameOfOne, nameOfOther, extra];
  if (path === undefined) return;
  throw new Error(
    `"${path}" is in ${here} and not in ${there}${didYouMean(path, candidates)}; ` +
      "trees are combined by path, so both must have the same ones",
  );
}
