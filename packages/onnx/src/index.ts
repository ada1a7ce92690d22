export { type ArgumentTree, type LeafSpec, Spec, spec } from "./arrays/argumentTree.ts";
export type { Dtype, TensorData } from "./arrays/dtype.ts";
export {
  ArgumentError,
  DeviceError,
  ExportError,
  LoweringError,
  NotTraceableError,
  OnnxRuntimeError,
  UnsupportedDtypeError,
} from "./arrays/errors.ts";
export { type CompiledFunction, type CompileOptions, compile } from "./compile.ts";
export { type ExportedModel, type ExportOptions, exportOnnx } from "./export/exportOnnx.ts";
export { exportOnnxBytes } from "./export/exportOnnxBytes.ts";
export { type Device, devices, probeDevice } from "./runtime/devices.ts";
export type { SessionOptions } from "./runtime/session.ts";
export type { NamedTensors } from "./step/namedTensors.ts";
export type { Feed, StepFunction, StepResult, TrainStepOptions, Tree } from "./step/stepFunction.ts";
export type { StepMemory } from "./step/stepMemory.ts";
export { TrainStep } from "./step/trainStep.ts";
