import { formatLoss, formatMs, formatRatio } from "../../text/quantities.ts";
import { familyHeadings } from "./familyHeadings.ts";
import { formulaLines } from "./formulaLines.ts";
import type { OptimizerEntry } from "./optimizerEntry.ts";

/** A text, and what can be read on about it: a file from the root of the repository. Only Markdown shows the link. */
export interface LinkedText {
  readonly text: string;
  readonly link?: { readonly text: string; readonly file: string };
}

/** A part of a page, by what it is rather than by how it looks. */
export type PageBlock =
  | { readonly kind: "heading" | "text"; readonly text: string }
  | { readonly kind: "code"; readonly language?: string; readonly lines: readonly string[] }
  | { readonly kind: "facts"; readonly rows: readonly (readonly [label: string, value: LinkedText])[] }
  | { readonly kind: "options"; readonly options: OptimizerEntry["options"] }
  | { readonly kind: "list"; readonly items: readonly LinkedText[] };

const needs: Readonly<Record<NonNullable<OptimizerEntry["needs"]>, string>> = {
  layers: "context.layers: inputs and output gradients of every layer",
  sampledGradients: "context.sampledGradients: the gradient for labels drawn from the model",
  exampleGradients: "context.exampleGradients: the gradient of every example",
};

/** The page of one optimizer, for the terminal and for Markdown alike: `terminalPage`, `markdownPage`. */
export function optimizerPage(entry: OptimizerEntry): PageBlock[] {
  return [
    { kind: "text", text: entry.summary },
    { kind: "code", lines: formulaLines(entry.formula) },
    { kind: "facts", rows: factsOf(entry) },
    { kind: "heading", text: "When to use it" },
    { kind: "text", text: entry.when },
    { kind: "heading", text: "Options" },
    { kind: "options", options: entry.options },
    { kind: "code", language: "ts", lines: usage(entry) },
    { kind: "heading", text: "Invariants" },
    { kind: "list", items: invariants(entry) },
  ];
}

/** The default of an option in words. */
export function writeDefault(value: unknown): string {
  if (value === null || value === undefined) return "off unless given";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function factsOf(entry: OptimizerEntry): (readonly [string, LinkedText])[] {
  const methods = entry.methods.map(
    ({ name, roles }) => `${name}: ${roles.length > 0 ? roles.join(", ") : "only where asked for"}`,
  );
  return [
    ["family", { text: familyHeadings[entry.family].split(":")[0]?.toLowerCase() ?? entry.family }],
    ["structure or norm", { text: entry.geometry }],
    ["computation, m ≤ n", { text: entry.computation }],
    ["state, floats of an m × n weight", { text: entry.state }],
    ...(entry.measured === null ? [] : [["measured on the default GPT", measured(entry.measured)] as const]),
    ...(entry.needs === null ? [] : [["needs besides gradients", { text: needs[entry.needs] }] as const]),
    ["methods by role", { text: methods.join("; ") }],
    ["source", { text: entry.source }],
  ];
}

function measured(values: NonNullable<OptimizerEntry["measured"]>): LinkedText {
  const { stateFloatsPerParameter, msPerStep, valLoss, learningRate } = values;
  return {
    text:
      `${formatRatio(stateFloatsPerParameter)} floats of state per parameter, ${formatMs(msPerStep)} ms per step; ` +
      `validation loss ${formatLoss(valLoss)} after 300 steps at rate ${learningRate}`,
    link: { text: "all of them", file: "docs/results/all-optimizers.md" },
  };
}

function usage({ name }: OptimizerEntry): string[] {
  const callable = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [`import { ${callable} } from "steepest";`, "", `const optimizer = ${callable}();`];
}

/** What tests check of this optimizer besides what they check of all. */
function invariants({ claims, golden }: OptimizerEntry): LinkedText[] {
  const own: LinkedText[] = claims.map(({ says, test }) => ({
    text: says,
    link: { text: test.split("/").at(-1) ?? test, file: test },
  }));
  if (golden.length > 0) {
    own.push({
      text: `It follows the trajectories of official implementations: steepest replay ${golden.join(" ")}`,
    });
  }
  const all = {
    text: "What is checked of every optimizer",
    link: { text: "list", file: "docs/optimizers/README.md" },
  };
  return [...own, all];
}
