import koffi, { type LibraryHandle } from "koffi";
import { ensureNativeStack } from "../../runtime/nativeStack.ts";
import { chooseOpenblasCore } from "./openblasCore.ts";

/** Where LAPACK may be: OpenBLAS and the reference library on Linux, Accelerate on macOS. */
const CANDIDATES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["libopenblas.so.0", "liblapack.so.3"],
  darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
};

/** Fortran routines by name without precision; every argument is a pointer. */
const ROUTINES = {
  potrf: 5, // uplo, n, a, lda, info
  getrf: 6, // m, n, a, lda, ipiv, info
  trtrs: 10, // uplo, trans, diag, n, nrhs, a, lda, b, ldb, info
  syevd: 11, // jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info
} as const;

type Routine = keyof typeof ROUTINES;
type Argument = string | number | NodeJS.TypedArray;
type Native = { async(...values: unknown[]): void };

/** LAPACK on a thread of libuv's pool. */
export interface Lapack {
  readonly path: string;
  /** Kept, because koffi unloads a library that is no longer referenced. */
  readonly library: LibraryHandle;
  /**
   * Calls `s<routine>_` or `d<routine>_`, by the precision, with all arguments but the last, `info`, which
   * is returned. Matrices are column by column.
   */
  call(routine: Routine, precision: "float32" | "float64", ...values: Argument[]): Promise<number>;
}

let found: Lapack | undefined | null = null;

/** The first LAPACK of this machine that loads; undefined if there is none. */
export function lapack(): Lapack | undefined {
  if (found === null) found = search();
  return found;
}

function search(): Lapack | undefined {
  ensureNativeStack();
  chooseOpenblasCore();
  for (const path of CANDIDATES[process.platform] ?? []) {
    let library: LibraryHandle;
    try {
      library = koffi.load(path);
    } catch {
      continue; // the next candidate
    }
    return bindLibrary(path, library);
  }
  return undefined;
}

function bindLibrary(path: string, library: LibraryHandle): Lapack {
  const natives = new Map<string, Native>();
  return {
    path,
    library,
    call(routine, precision, ...values) {
      const name = `${precision === "float32" ? "s" : "d"}${routine}_`;
      let native = natives.get(name);
      if (native === undefined) {
        native = library.func(name, "void", new Array<string>(ROUTINES[routine]).fill("void *")) as Native;
        natives.set(name, native);
      }
      const info = new Int32Array(1);
      const pointers = [...values.map(toPointer), info];
      return new Promise((resolve, reject) => {
        native.async(...pointers, (error: unknown) => (error ? reject(error) : resolve(info[0] ?? 0)));
      });
    },
  };
}

/** Fortran takes everything by reference: letters as bytes, integers as one-element arrays. */
function toPointer(value: Argument): NodeJS.TypedArray {
  if (typeof value === "number") return Int32Array.of(value);
  return typeof value === "string" ? Uint8Array.of(value.charCodeAt(0)) : value;
}
