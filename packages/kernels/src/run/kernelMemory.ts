import { MAX_PAGES } from "../wasm/encodeModule.ts";

const PAGE = 65_536;
/** Of cache lines, so that no two threads write to the same one by accident. */
const ALIGNMENT = 64;

/** Typed arrays of four-byte elements, as loops read and write them. */
export type KernelArray = Float32Array | Int32Array | Uint32Array;

/** No room is left: loops have addresses of 32 bits. */
export class KernelMemoryError extends Error {
  override readonly name = "KernelMemoryError";
}

/**
 * The memory that loops work in. It grows as it is asked for and lasts as long as anyone holds a view of it. Shared
 * between threads where the platform allows it: in Node, and in pages that are cross-origin isolated.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  #end = ALIGNMENT;
  readonly #buffers = new WeakSet<ArrayBufferLike>();

  /** Throws `KernelMemoryError` where the system gives no addresses for it. */
  constructor() {
    const isolated: unknown = Reflect.get(globalThis, "crossOriginIsolated");
    this.shared = typeof SharedArrayBuffer === "function" && isolated !== false;
    try {
      this.memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: this.shared });
    } catch (cause) {
      throw new KernelMemoryError("the system has no 4 GiB of addresses for the memory of loops", { cause });
    }
  }

  /** Bytes that can still be had. */
  get left(): number {
    return MAX_PAGES * PAGE - this.#end - ALIGNMENT;
  }

  /** The address of zeros. Throws `KernelMemoryError` where there is no room for them. */
  allocate(bytes: number): number {
    const address = this.#end;
    const end = address + Math.ceil(Math.max(1, bytes) / ALIGNMENT) * ALIGNMENT;
    if (end > MAX_PAGES * PAGE) throw this.#full(bytes);
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    try {
      if (missing > 0) this.memory.grow(missing);
    } catch {
      throw this.#full(bytes);
    }
    this.#end = end;
    return address;
  }

  /** The memory as it is now. Without sharing, views of it end when it grows. */
  get buffer(): ArrayBufferLike {
    const { buffer } = this.memory;
    this.#buffers.add(buffer);
    return buffer;
  }

  /** The address of a view of this memory; undefined for a view of another. */
  addressOf({ buffer, byteOffset }: ArrayBufferView): number | undefined {
    return this.#buffers.has(buffer) ? byteOffset : undefined;
  }

  #full(bytes: number): KernelMemoryError {
    return new KernelMemoryError(
      `no room for ${bytes} more bytes in a memory of ${this.#end}: it ends at 4 GiB, or the system has no more`,
    );
  }
}
