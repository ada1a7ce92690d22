import type { EngineName } from "../run/runPlan.ts";
import { startJaxEngine } from "./jaxEngine.ts";
import type { StartEngine } from "./trainingEngine.ts";

/** Every engine by name. */
export const engines: Readonly<Record<EngineName, StartEngine>> = { jax: startJaxEngine };
