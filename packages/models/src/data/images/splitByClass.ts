import { permutation } from "../../random/permutation.ts";

/**
 * Parts labelled examples into training and validation, `share` of every class (rounded; at least one of a class with two
 * or more) for validation, drawn by `seed`. Both parts keep the order given. The same examples and seed, the same parts.
 */
export function splitByClass<E extends { readonly label: number }>(
  examples: readonly E[],
  share: number,
  seed: number,
): { train: E[]; validation: E[] } {
  const classes = new Map<number, E[]>();
  for (const example of examples) {
    const alike = classes.get(example.label);
    if (alike === undefined) classes.set(example.label, [example]);
    else alike.push(example);
  }
  const kept = new Set<E>();
  for (const [label, alike] of classes) {
    const count = Math.min(alike.length - 1, Math.max(1, Math.round(alike.length * share)));
    for (const i of permutation(seed, label, alike.length).subarray(0, count)) {
      const example = alike[i];
      if (example !== undefined) kept.add(example);
    }
  }
  return {
    train: examples.filter((example) => !kept.has(example)),
    validation: examples.filter((example) => kept.has(example)),
  };
}
