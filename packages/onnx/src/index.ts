export { type ArgumentTree, type LeafSpec, Spec, spec } from "./argumentTree.ts";
export { type CompiledFunction, type CompileOptions, compile } from "./compile.ts";
export type { Dtype, TensorData } from "./dtype.ts";
export {
  ArgumentError,
  DeviceError,
  ExportError,
  LoweringError,
  NotTraceableError,
  OnnxRuntimeError,
  UnsupportedDtypeError,
} from "./errors.ts";
export { type ExportedModel, type ExportOptions, exportOnnx } from "./exportOnnx.ts";
export { type Device, devices, probeDevice } from "./runtime/devices.ts";
export type { SessionOptions } from "./runtime/session.ts";
export {
  type Feed,
  type NamedTensors,
  type StepFunction,
  type StepResult,
  TrainStep,
  type TrainStepOptions,
  type Tree,
} from "./trainStep.ts";
