import { liveArrays, madeArrays } from "./liveArrays.ts";

/**
 * How many more buffers live after a run of `work` than before it. A run that leaves some is done once more and that one
 * counts: the first may fill jax-js's caches of compiled functions with their constants. Arrays of one number, and what is made of
 * such alone, hold no buffer and are not counted: work that makes no buffer at all could not fail, and throws.
 */
export async function leakedArrays(work: () => unknown): Promise<number> {
  const leaked = async (): Promise<number> => {
    const before = await liveArrays();
    await work();
    return (await liveArrays()) - before;
  };
  await liveArrays();
  const before = madeArrays();
  const count = (await leaked()) === 0 ? 0 : await leaked();
  if (count === 0 && madeArrays() === before)
    throw new Error(
      "this work makes no array that holds memory, so that it could leak nothing: hand it arrays of more than one number, and read " +
        "what comes of them",
    );
  return count;
}

/**
 * Runs `work`, once or twice, and throws where it leaves arrays behind, or gives up some that it was not handed:
 *
 * ```ts
 * test("my loss leaks nothing", () => expectNoLeaks(() => loss(makeParams()).item()));
 * ```
 *
 * jax-js arrays are consumed by use; `x.ref` keeps one, and what is kept must be used or disposed of in the end. What `work`
 * returns counts as left behind, where it is an array. For jax-js's WebAssembly device.
 */
export async function expectNoLeaks(work: () => unknown): Promise<void> {
  const leaked = await leakedArrays(work);
  if (leaked === 0) return;
  throw new Error(
    leaked > 0
      ? `${leaked} more arrays live after this than before: a .ref (or refTree) too many, or a result nobody read or disposed of`
      : `${-leaked} fewer arrays live after this than before: it consumes arrays that were made outside of it; hand it .ref`,
  );
}
