/** What PyTorch puts before names: `torch.compile`, and `DataParallel` and its kin. */
const wrappers = /^(?:_orig_mod\.|module\.)+/;

/**
 * Tensors by their names without what `torch.compile` (`_orig_mod.`) and parallel training (`module.`) put before them, and
 * the name each has in the file. A name that would then stand for two tensors keeps what it has.
 */
export function plainNames<T>(tensors: ReadonlyMap<string, T>): {
  readonly tensors: ReadonlyMap<string, T>;
  readonly stored: ReadonlyMap<string, string>;
} {
  const stored = new Map<string, string>();
  for (const name of tensors.keys()) if (!wrappers.test(name)) stored.set(name, name);
  for (const name of tensors.keys()) {
    const plain = name.replace(wrappers, "");
    stored.set(stored.has(plain) ? name : plain, name);
  }
  return {
    stored,
    tensors: new Map(
      [...stored].flatMap(([plain, name]) => {
        const tensor = tensors.get(name);
        return tensor === undefined ? [] : [[plain, tensor] as const];
      }),
    ),
  };
}
