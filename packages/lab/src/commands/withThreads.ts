/**
 * Loads code that computes. jax-js can use threads only where `steepest/node` was loaded before it, and a dynamic import
 * keeps that order when bundled.
 */
export async function withThreads<T>(load: () => Promise<T>): Promise<T> {
  await import("steepest/node");
  return load();
}
