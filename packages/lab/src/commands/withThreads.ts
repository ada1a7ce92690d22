/**
 * Loads code that computes. jax-js can use threads only where `steepest/node` was loaded before it, and a dynamic import
 * keeps that order when bundled.
 */
export async function withThreads<T>(load: () => Promise<T>): Promise<T> {
  try {
    await import("steepest/node");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // WebAssembly.Memory(): could not allocate memory
    throw new Error(
      `jax-js cannot reserve the addresses for its memory (${error.message}): raise the limit of this process (ulimit -v)`,
      { cause: error },
    );
  }
  return load();
}
