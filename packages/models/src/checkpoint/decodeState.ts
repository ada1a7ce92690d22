import { didYouMean } from "steepest";
import { storedType } from "./elementType.ts";
import { STATE_FORMAT } from "./encodeState.ts";
import { StateError } from "./stateError.ts";
import { isArray, type StateLeaf, stateLeaves, withLeaves } from "./stateLeaves.ts";
import { type SyncTensorSource, safetensorsSource } from "./tensorSource.ts";
import { toArray } from "./toArray.ts";

/**
 * The training state in bytes of `encodeState`, in the structure of `like`: a state of the same parameters and optimizer,
 * fresh from `init` for example. Names, shapes and types must be the same ones. Consumes `like` where all is well.
 *
 * Throws `StateError` that names the first difference, and `SafetensorsError` for damaged bytes; `like` is untouched then.
 */
export function decodeState<T extends object>(bytes: Uint8Array, like: T): T {
  return readState(safetensorsSource(bytes), like);
}

/** `decodeState` from an open file. */
export function readState<T extends object>(source: SyncTensorSource, like: T): T {
  expectState(source);
  const leaves = stateLeaves(like);
  expectSame(source, leaves);
  const loaded = new Map<string, StateLeaf>();
  try {
    for (const [path, leaf] of leaves) {
      const tensor = source.readSync(path);
      loaded.set(path, typeof leaf === "number" ? (tensor.data[0] ?? Number.NaN) : toArray(tensor));
    }
  } catch (error) {
    for (const leaf of loaded.values()) if (isArray(leaf)) leaf.dispose();
    throw error;
  }
  for (const leaf of leaves.values()) if (isArray(leaf)) leaf.dispose();
  return withLeaves(like, loaded);
}

function expectState({ tensors, metadata = {} }: SyncTensorSource): void {
  const { steepest_state: version } = metadata;
  const known = STATE_FORMAT.steepest_state;
  if (version === known) return;
  const some = [...tensors.keys()].slice(0, 3).join(", ");
  throw new StateError(
    version === undefined
      ? `this is a safetensors file of something else (${some}, …), not of saveState or encodeState; weights are read by ` +
          "loadPretrained or importWeights"
      : `this state has format ${version}, and this version of @steepest/models reads format ${known}; update it`,
  );
}

/** Throws `StateError` for the first difference of names, shapes and types. */
function expectSame({ tensors }: SyncTensorSource, leaves: ReadonlyMap<string, StateLeaf>): void {
  const remedy = "create the same model and optimizer as when it was saved";
  const missing = [...leaves.keys()].filter((path) => !tensors.has(path));
  const extra = [...tensors.keys()].filter((path) => !leaves.has(path));
  const [lacking] = missing;
  if (lacking !== undefined)
    throw new StateError(`the file has no "${lacking}"${didYouMean(lacking, extra)}; ${remedy}`);
  const [unknown] = extra;
  if (unknown !== undefined)
    throw new StateError(`the file has "${unknown}", which this state does not have; ${remedy}`);
  for (const [path, leaf] of leaves) {
    const { shape, stored } = tensors.get(path) ?? { shape: [], stored: "F32" };
    const own = typeof leaf === "number" ? [] : leaf.shape;
    if (String(own) !== String(shape))
      throw new StateError(`"${path}" is [${shape}] in the file and [${own}] in this state; ${remedy}`);
    const dtype = typeof leaf === "number" ? "float64" : leaf.dtype;
    if (!Object.entries(storedType).some(([name, type]) => name === dtype && type === stored))
      throw new StateError(`"${path}" is ${stored} in the file and ${dtype} in this state; ${remedy}`);
  }
}
