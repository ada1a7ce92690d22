/** The values in an object of objects, by names with points: `plan.optimizerOptions.momentum`. */
export function flatten(value: unknown, prefix = ""): [name: string, value: unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [[prefix, value]];
  return Object.entries(value).flatMap(([name, inner]) =>
    flatten(inner, prefix === "" ? name : `${prefix}.${name}`),
  );
}
