import { existsSync } from "node:fs";
import * as v from "valibot";

import { modelSettings } from "../plan/modelSettings.ts";
import { json } from "../plan/planInput.ts";
import { type Json, type RunPlan, tokenizerNames } from "../plan/runPlan.ts";

/**
 * The plan with every setting of the model as it was when the run began: what a plan leaves out has the preset's default, and a
 * later version may have another. `config` is what the model came to, from the run's `config.json`, which also keeps the tokenizer,
 * should the file it came from be gone.
 */
export function planAsBegun(
  plan: RunPlan,
  config: Readonly<Record<string, unknown>>,
  runDir: string,
): RunPlan {
  const begun = Object.entries(modelSettings(plan.model)).flatMap(([name, setting]): [string, Json][] => {
    const was = v.safeParse(json, config[name]);
    // Of a cnn's first layer the config has the filters, which are made from the data again.
    if (!was.success || name in plan.modelOptions || name === "whitening") return [];
    return JSON.stringify(was.output) === JSON.stringify(setting.default) ? [] : [[name, was.output]];
  });
  const named = tokenizerNames.some((name) => name === plan.tokenizer);
  const tokenizer = named || existsSync(plan.tokenizer) ? plan.tokenizer : runDir;
  return { ...plan, tokenizer, modelOptions: { ...Object.fromEntries(begun), ...plan.modelOptions } };
}
