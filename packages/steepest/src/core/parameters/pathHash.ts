/** A whole number in [0, 2³²) from a path (FNV-1a): randomness of a parameter's own, however often state is made. */
export function pathHash(path: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
