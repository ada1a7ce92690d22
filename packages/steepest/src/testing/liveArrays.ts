import { devicePut, numpy as np } from "@jax-js/jax";

/** The part of jax-js's backend that owns memory: slots are reference counted buffers. */
interface Backend {
  malloc(size: number, initialData?: Uint8Array): number;
  incRef(slot: number): void;
  decRef(slot: number): void;
}

const references = new Map<number, number>();
let made = 0;
let watching: Promise<void> | undefined;

/** jax-js hands its backend to `Array._put` only, so one probe array catches it there. */
async function watch(): Promise<void> {
  const probe = np.zeros([1]);
  let caught: Backend | undefined;
  const put = (backend: Backend): Promise<np.Array> => {
    caught = backend;
    return Promise.resolve(probe);
  };
  Object.assign(probe, { _put: put });
  await devicePut(probe, "wasm");
  if (caught === undefined) throw new Error("jax-js no longer passes its backend to Array._put");
  const backend = caught;
  const { malloc, incRef, decRef } = backend;
  backend.malloc = (size, data) => {
    const slot = malloc.call(backend, size, data);
    references.set(slot, 1);
    made++;
    return slot;
  };
  backend.incRef = (slot) => {
    incRef.call(backend, slot);
    const count = references.get(slot);
    if (count !== undefined) references.set(slot, count + 1);
  };
  backend.decRef = (slot) => {
    decRef.call(backend, slot);
    const count = references.get(slot);
    if (count === 1) references.delete(slot);
    else if (count !== undefined) references.set(slot, count - 1);
  };
}

/**
 * The buffers of arrays that jax-js holds on its WebAssembly device and that were made after the first call of this
 * function. For tests: from that call on every allocation is counted.
 */
export async function liveArrays(): Promise<number> {
  watching ??= watch();
  await watching;
  return references.size;
}

/** How many buffers have been made since the first call of `liveArrays`, those that are gone among them. */
export const madeArrays = (): number => made;
