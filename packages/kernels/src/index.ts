export { type FusedFunction, type FuseOptions, fuse } from "./compile/fuse.ts";
export { FuseError } from "./compile/fuseError.ts";
export { type ResidentState, residentState, type Step } from "./compile/residentState.ts";
export type { Fragment } from "./fuse/jaxpr.ts";
export { refusal, unsupported } from "./fuse/support.ts";
export { KernelMemory, KernelMemoryError } from "./run/kernelMemory.ts";
export { KernelProgram } from "./run/kernelProgram.ts";
export { type BoundStage, KernelRunner } from "./run/kernelRunner.ts";
