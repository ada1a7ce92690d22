import { readState } from "./decodeState.ts";
import { openSafetensors } from "./openSafetensors.ts";
import { StateError } from "./stateError.ts";

/**
 * The training state in a file of `saveState`, in the structure of `like`: a state of the same parameters and optimizer,
 * fresh from `init` for example. Consumes `like` where all is well.
 *
 * Rejects with `StateError` that names file and first difference where it is a state of other parameters or another
 * optimizer, `SafetensorsError` for a missing or damaged file; `like` is untouched then.
 */
export async function loadState<T extends object>(path: string, like: T): Promise<T> {
  const source = await openSafetensors(path);
  try {
    return readState(source, like);
  } catch (error) {
    throw error instanceof StateError ? new StateError(`${path}: ${error.message}`) : error;
  } finally {
    await source.close();
  }
}
