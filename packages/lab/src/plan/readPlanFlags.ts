import { readConfigFile } from "./configFile.ts";
import { kebabCase } from "./kebabCase.ts";
import { parseNumber } from "./numberText.ts";
import { planFlags } from "./planFlags.ts";
import { type PlanInput, parsePlanInput } from "./planInput.ts";
import { withModelOfWeights } from "./weights/modelOfWeights.ts";

/** What the weights, the config file and the flags (commander's `opts()`) say. Throws `UsageError`. */
export function readPlanFlags(values: Readonly<Record<string, unknown>>): readonly PlanInput[] {
  const given: Record<string, unknown> = {};
  for (const [name, kind] of planFlags) {
    const value = values[name];
    if (typeof value === "string") given[name] = kind === "number" ? parseNumber(value) : value;
  }
  const fromFlags = parsePlanInput(given, "", (name) => `--${kebabCase(name)}`);
  return withModelOfWeights(
    typeof values.config === "string" ? [readConfigFile(values.config), fromFlags] : [fromFlags],
  );
}
