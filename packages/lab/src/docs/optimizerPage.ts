import { describeOptimizer, type OptimizerName, type OptionSpecs, spectra } from "steepest";

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
  const spectrum = spectra[name];
  const facts = [
    ["family", families[definition.family] ?? definition.family],
    ["structure or norm", spectrum?.geometry],
    ["computation, m ≤ n", spectrum?.computation],
    ["memory with the weight", spectrum?.memory],
    ["state", definition.state],
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
  ].join("\n");
}

function optionRows(options: OptionSpecs): string[] {
  return Object.entries(options).map(([option, { default: initial, range, doc }]) => {
    const shown = typeof initial === "string" ? initial : JSON.stringify(initial);
    return `| \`${option}\` | ${cell(String(shown))} | ${cell(range)} | ${cell(doc)} |`;
  });
}

/** Text that does not end a cell of a table. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
