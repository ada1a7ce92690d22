/**
 * Positions in the function table of `OrtApi` (onnxruntime_c_api.h). The table only ever grows at its end, so
 * an index is good for every later version; `API_VERSION` is the oldest that has all of these.
 */
export const TABLE = {
  GetErrorMessage: [2, "const char *", ["void *"]],
  CreateSession: [7, "void *", ["void *", "const char *", "void *", "void *"]],
  CreateSessionFromArray: [8, "void *", ["void *", "void *", "size_t", "void *", "void *"]],
  Run: [9, "void *", ["void *", "void *", "void *", "void *", "size_t", "void *", "size_t", "void *"]],
  CreateSessionOptions: [10, "void *", ["void *"]],
  EnableProfiling: [14, "void *", ["void *", "const char *"]],
  DisableMemPattern: [17, "void *", ["void *"]],
  SetIntraOpNumThreads: [24, "void *", ["void *", "int"]],
  CreateTensorWithDataAsOrtValue: [
    49,
    "void *",
    ["void *", "void *", "size_t", "void *", "size_t", "int", "void *"],
  ],
  AllocatorFree: [76, "void *", ["void *", "void *"]],
  GetAllocatorWithDefaultOptions: [78, "void *", ["void *"]],
  CreateCpuMemoryInfo: [69, "void *", ["int", "int", "void *"]],
  ReleaseStatus: [93, "void", ["void *"]],
  ReleaseSession: [95, "void", ["void *"]],
  ReleaseValue: [96, "void", ["void *"]],
  ReleaseSessionOptions: [100, "void", ["void *"]],
  SessionEndProfiling: [110, "void *", ["void *", "void *", "void *"]],
  CreateEnvWithGlobalThreadPools: [119, "void *", ["int", "const char *", "void *", "void *"]],
  DisablePerSessionThreads: [120, "void *", ["void *"]],
  CreateThreadingOptions: [121, "void *", ["void *"]],
  ReleaseThreadingOptions: [122, "void", ["void *"]],
  GetAvailableProviders: [125, "void *", ["void *", "void *"]],
  ReleaseAvailableProviders: [126, "void *", ["void *", "int"]],
  AddSessionConfigEntry: [130, "void *", ["void *", "const char *", "const char *"]],
  CreateAndRegisterAllocator: [144, "void *", ["void *", "void *", "void *"]],
  SetGlobalIntraOpNumThreads: [147, "void *", ["void *", "int"]],
  CreateArenaCfg: [156, "void *", ["size_t", "int", "int", "int", "void *"]],
  ReleaseArenaCfg: [157, "void", ["void *"]],
  AppendCuda: [204, "void *", ["void *", "void *"]],
  CreateCudaOptions: [205, "void *", ["void *"]],
  ReleaseCudaOptions: [208, "void", ["void *"]],
  AppendExecutionProvider: [216, "void *", ["void *", "const char *", "void *", "void *", "size_t"]],
} as const satisfies Record<string, readonly [index: number, result: string, parameters: readonly string[]]>;

/** An entry of the function table by name. */
export type Entry = keyof typeof TABLE;

export const API_VERSION = 22;
/** The table was read from the headers of these releases; a later major may reorder it. */
export const SUPPORTED = /^1\.(2[2-9]|[3-9]\d)\./;
