import type { EngineName } from "../plan/runPlan.ts";
import { startJaxEngine } from "./jaxEngine.ts";
import { startOnnxEngine } from "./onnxEngine.ts";
import type { StartEngine } from "./trainingEngine.ts";

/** Every engine by name. */
export const engines: Readonly<Record<EngineName, StartEngine>> = {
  onnx: startOnnxEngine,
  jax: startJaxEngine,
};
