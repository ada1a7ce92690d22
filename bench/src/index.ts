import type { CommandFactory } from "@steepest/lab/text";

import { benchEngineCommand } from "./commands/benchEngine.ts";
import { benchMatrixCommand } from "./commands/benchMatrix.ts";
import { benchOptimizerCommand } from "./commands/benchOptimizer.ts";

/** What `steepest bench` measures, a command each. */
export const benchCommands: readonly CommandFactory[] = [
  benchEngineCommand,
  benchMatrixCommand,
  benchOptimizerCommand,
];
