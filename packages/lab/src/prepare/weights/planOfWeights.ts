import { ConfigError, createLanguageModel, modelKind, type TableRows, tableRows } from "@steepest/models";
import { openSafetensors } from "@steepest/models/node";

import { modelOptions } from "../../plan/resolvePlan.ts";
import type { RunPlan } from "../../plan/runPlan.ts";
import { weightsOrigin } from "../../plan/weights/weightsOrigin.ts";
import { settingsOfWeights } from "./settingsOfWeights.ts";

/**
 * The plan of a run that starts from weights, with everything written out that the weights decide: the rows of their
 * tables and, where the plan leaves them open, the settings of the `config.json` beside them. What a resume needs is so
 * in the plan. `report` gets a line for each thing that was taken from there.
 *
 * Throws `ConfigError` with both values where the plan says otherwise, `SafetensorsError` for a missing or damaged file.
 */
export async function planOfWeights(
  plan: RunPlan & { readonly weights: string },
  report: (line: string) => void,
): Promise<RunPlan> {
  const { path, described, tokenizer, characters } = weightsOrigin(plan.weights);
  if (modelKind(plan.model) !== "language") return { ...plan, weights: path };
  const settings = described === undefined ? {} : settingsOfWeights(plan, described);
  const said = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  if (described !== undefined && said.length > 0) report(`${described.file}: ${said.join(", ")}`);
  if (tokenizer === plan.tokenizer) {
    const what = characters === undefined ? "" : `, ${[...characters].length} characters`;
    report(`tokenizer of the weights: ${tokenizer}${what}`);
  }
  const whole = { ...plan, weights: path, modelOptions: { ...plan.modelOptions, ...settings } };
  const rows = await rowsOf(whole);
  const context = contextOf(whole, rows, report);
  return {
    ...whole,
    modelOptions: { ...whole.modelOptions, ...vocabularyOf(whole, rows) },
    ...(context !== undefined && { context }),
  };
}

async function rowsOf(plan: RunPlan & { readonly weights: string }): Promise<TableRows> {
  const source = await openSafetensors(plan.weights);
  try {
    return tableRows(anyModel(plan), source.tensors);
  } finally {
    await source.close();
  }
}

/** A model of the family; its vocabulary is not known yet. */
const anyModel = (plan: RunPlan) => createLanguageModel(plan.model, { ...modelOptions(plan), vocabSize: 2 });

function vocabularyOf(plan: RunPlan, { embedding }: TableRows): { vocabSize?: number } {
  if (embedding === undefined) return {}; // the weights are others altogether, which is said when they are read
  const { vocabSize } = plan.modelOptions;
  if (vocabSize === undefined || vocabSize === embedding) return { vocabSize: embedding };
  throw new ConfigError(
    `modelOptions has a vocabSize of ${vocabSize}, and the table of ${plan.weights} has ${embedding} rows: leave it out`,
  );
}

/** GPT-2 has a table of positions, of which a run may take the first rows. */
function contextOf(
  plan: RunPlan,
  { positions }: TableRows,
  report: (line: string) => void,
): number | undefined {
  if (positions === undefined) return plan.context;
  if (plan.context !== undefined && plan.context > positions) {
    throw new ConfigError(
      `a context of ${plan.context} is longer than the ${positions} positions of ${plan.weights}: ` +
        `give --context ${positions} or less`,
    );
  }
  const context = Math.min(plan.context ?? anyModel(plan).context, positions);
  if (context < positions) {
    report(`${plan.weights}: the first ${context} of ${positions} positions, a model with that context`);
  }
  return context;
}
