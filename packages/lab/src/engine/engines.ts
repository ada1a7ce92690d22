import type { EngineName } from "../plan/runPlan.ts";
import { startJaxEngine } from "./jax/jaxEngine.ts";
import { startOnnxEngine } from "./onnx/onnxEngine.ts";
import type { StartEngine } from "./trainingEngine.ts";

/** Every engine by name. */
export const engines: Readonly<Record<EngineName, StartEngine>> = {
  onnx: startOnnxEngine,
  jax: startJaxEngine,
};
