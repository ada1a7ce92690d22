import koffi from "koffi";

/**
 * koffi runs asynchronous calls on stacks of its own, 128 KiB by default, where a thread of Linux has 8 MiB.
 * Matrix kernels keep packed panels of 64 KiB and more on the stack. Pages that are never touched cost nothing.
 */
const STACK = 8 * 2 ** 20;

/**
 * Makes room for native kernels. koffi fixes its sizes when the process loads its first library; where someone
 * else came first, its sizes stay, which has been enough for every graph we tried.
 */
export function ensureNativeStack(): void {
  const { async_stack_size = 0 } = koffi.config();
  if (async_stack_size >= STACK) return;
  try {
    koffi.config({ ...koffi.config(), async_stack_size: STACK });
  } catch {
    // another library was loaded before
  }
}
