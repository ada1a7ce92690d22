import { STATE_FORMAT, stateTensors } from "./encodeState.ts";
import { writeSafetensors } from "./writeSafetensors.ts";

/**
 * Writes a training state to one safetensors file, whole or not at all: a kill leaves the old file or the new one. Folders
 * are made as needed. Borrows the arrays: training goes on with them.
 *
 * ```ts
 * await saveState("run.safetensors", training); // { params, state, step }
 * training = await loadState("run.safetensors", step.init(params)); // in another process
 * ```
 *
 * `tree` is what `encodeState` takes. Rejects with `StateError` for anything but arrays and numbers in it, and with the
 * system's error where the file cannot be written.
 */
export async function saveState(path: string, tree: object): Promise<void> {
  await writeSafetensors(path, await stateTensors(tree), STATE_FORMAT);
}
