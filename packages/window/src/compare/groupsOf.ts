/** Values by a key, in the order in which keys appear. */
export function groupsOf<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const members = groups.get(keyOf(value));
    if (members === undefined) groups.set(keyOf(value), [value]);
    else members.push(value);
  }
  return groups;
}
