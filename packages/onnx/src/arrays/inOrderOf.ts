/** A tree whose objects have their keys in the order of another tree, which is that of its leaves. Other keys come last. */
export function inOrderOf(pattern: unknown, node: unknown): unknown {
  if (Array.isArray(pattern) && Array.isArray(node))
    return node.map((child, i) => inOrderOf(pattern[i], child));
  if (!isRecord(pattern) || !isRecord(node)) return node;
  const keys = [...Object.keys(pattern).filter((key) => key in node), ...Object.keys(node)];
  return Object.fromEntries(keys.map((key) => [key, inOrderOf(pattern[key], node[key])]));
}

const isRecord = (node: unknown): node is Record<string, unknown> =>
  typeof node === "object" && node !== null && node.constructor === Object;
