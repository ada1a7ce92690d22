import { describeOptimizer, type OptimizerName } from "steepest";
import type { OptionSpecs } from "steepest/define";

import { claimsOf } from "./claims.ts";
import { measurementOf } from "./measurement.ts";

const families: Readonly<Record<string, string>> = {
  gradient: "plain gradients",
  fisher: "Fisher-approximated",
  "norm-constrained": "norm-constrained",
  manifold: "manifolds and weight control",
};

const needs: Readonly<Record<string, string>> = {
  layers: "`context.layers`: inputs and output gradients of every layer",
  sampledGradients: "`context.sampledGradients`: the gradient for labels drawn from the model",
  exampleGradients: "`context.exampleGradients`: the gradient of every example",
};

/** The page of `docs/optimizers` about one optimizer, in Markdown, from its entry in the catalogue. */
export function optimizerPage(name: OptimizerName): string {
  const definition = describeOptimizer(name);
  const facts = [
    ["family", families[definition.family] ?? definition.family],
    ["structure or norm", definition.geometry],
    ["computation, m ≤ n", definition.computation],
    ["state, floats", definition.state],
    ["measured on the default GPT", measuredFacts(name)],
    ["needs besides gradients", definition.needs && needs[definition.needs]],
    ["source", definition.source],
  ].filter(([, value]) => value !== undefined);
  return [
    `# ${name}`,
    "",
    definition.summary,
    "",
    "```",
    ...definition.formula.split(/;\s+/).map((line) => line.trim()),
    "```",
    "",
    "| | |",
    "| --- | --- |",
    ...facts.map(([what, value]) => `| ${what} | ${cell(String(value))} |`),
    "",
    "## When to use it",
    "",
    definition.when,
    "",
    "## Options",
    "",
    "| option | default | values | |",
    "| --- | --- | --- | --- |",
    ...optionRows(definition.options),
    "",
    "```ts",
    `const optimizer = createOptimizer("${name}");`,
    "```",
    "",
    "## Invariants",
    "",
    ...invariantLines(name),
    "",
  ].join("\n");
}

/** State and time beside the formulas, and the loss they bought. */
function measuredFacts(name: OptimizerName): string | undefined {
  const measured = measurementOf(name);
  if (measured === undefined) return undefined;
  const { stateFloatsPerParameter, msPerStep, valLoss, learningRate } = measured;
  return (
    `${stateFloatsPerParameter.toFixed(2)} floats of state per parameter, ${msPerStep.toFixed(1)} ms per step; validation loss ` +
    `${valLoss.toFixed(3)} after 300 steps at rate ${learningRate} ([all of them](../results/all-optimizers.md))`
  );
}

/** What tests check of this optimizer besides what they check of all. */
function invariantLines(name: OptimizerName): string[] {
  const { golden = [] } = describeOptimizer(name);
  const lines = claimsOf(name).map(
    ({ says, test }) => `- ${says} ([${test.split("/").at(-1)}](../../${test}))`,
  );
  if (golden.length > 0) {
    const files = golden.map((one) => `\`${one}\``).join(", ");
    lines.push(`- It follows the trajectories of official implementations: ${files} (\`steepest replay\`)`);
  }
  const all = "[what is checked of every optimizer](README.md)";
  return lines.length > 0 ? [...lines, `- And ${all}`] : [`No more than ${all}.`];
}

function optionRows(options: OptionSpecs): string[] {
  return Object.entries(options).map(([option, { default: initial, range, doc }]) => {
    const shown = typeof initial === "string" ? initial : JSON.stringify(initial);
    return `| \`${option}\` | ${cell(String(shown))} | ${cell(range)} | ${cell(doc)} |`;
  });
}

/** Text that does not end a cell of a table. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
