import koffi from "koffi";

/**
 * koffi runs asynchronous calls on stacks of its own, 128 KiB by default, where a thread of Linux has 8 MiB.
 * Matrix kernels keep packed panels of 64 KiB and more on the stack. Pages that are never touched cost nothing.
 */
const STACK = 8 * 2 ** 20;

/** Makes room for native kernels. Before the first asynchronous call of the process. */
export function ensureNativeStack(): void {
  const { async_stack_size = 0, sync_stack_size = 0 } = koffi.config();
  if (async_stack_size >= STACK && sync_stack_size >= STACK) return;
  koffi.config({ ...koffi.config(), async_stack_size: STACK, sync_stack_size: STACK });
}
