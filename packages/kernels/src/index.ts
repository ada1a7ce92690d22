export { type FusedFunction, FuseError, type FuseOptions, fuse } from "./compile/fuse.ts";
export type { Fragment } from "./fuse/jaxpr.ts";
export { refusal } from "./fuse/support.ts";
export { KernelMemory, KernelMemoryError } from "./run/kernelMemory.ts";
export { KernelProgram } from "./run/kernelProgram.ts";
export { type BoundStage, KernelRunner } from "./run/kernelRunner.ts";
