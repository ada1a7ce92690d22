import { type Family, isOptimizerName, type OptimizerDefinition } from "steepest";
import { wrapWords } from "../../text/fitTable.ts";
import { type Colours, plain } from "../../text/terminalColours.ts";
import { wrapTable } from "../../text/wrapTable.ts";
import { formulaLines } from "./formulaLines.ts";
import { type Measurement, measurementOf } from "./measurement.ts";
import { methodsByRole } from "./methodsByRole.ts";

type Definition = OptimizerDefinition;

/** An optimizer as `steepest optimizers --json` prints it. */
export interface OptimizerEntry {
  readonly name: string;
  readonly family: Family;
  readonly summary: string;
  readonly formula: string;
  readonly source: string;
  readonly state: string;
  /** The structure of the Fisher estimate, the norm of the step, or the manifold. */
  readonly geometry: string;
  /** Operations of a step on an m × n weight. */
  readonly computation: string;
  /** On the default GPT; null for an optimizer of one's own. */
  readonly measured: Measurement | null;
  /** When to use it. */
  readonly when: string;
  readonly methods: readonly { readonly name: string; readonly roles: readonly string[] }[];
  readonly options: readonly {
    readonly name: string;
    /** Null where the option is off unless given. */
    readonly default: unknown;
    readonly range: string;
    readonly doc: string;
    readonly kind: string;
  }[];
}

const familyTitles = {
  gradient: "Gradient descent",
  fisher: "Fisher-approximated: steps whitened by an estimate of curvature",
  "norm-constrained": "Norm-constrained: steps from the linear minimization oracle of a norm ball",
  manifold: "Manifold: steps normalised along rows and columns",
} satisfies Record<Family, string>;

export function optimizerEntry(definition: Definition): OptimizerEntry {
  const { name, family, summary, formula, source, state, geometry, computation, when, options } = definition;
  return {
    name,
    family,
    summary,
    formula,
    source,
    state,
    geometry,
    computation,
    measured: (isOptimizerName(name) && measurementOf(name)) || null,
    when,
    methods: methodsByRole(definition),
    options: Object.entries(options).map(([option, { default: initial, range, doc, kind }]) => ({
      name: option,
      default: initial ?? null,
      range,
      doc,
      kind,
    })),
  };
}

/** All optimizers in tables, one for each family. */
export function listOptimizers(
  definitions: readonly Definition[],
  width: number,
  colours: Colours = plain,
): string[] {
  const families = Object.keys(familyTitles) as Family[];
  const tables = families.flatMap((family) => {
    const mine = definitions.filter((definition) => definition.family === family);
    if (mine.length === 0) return [];
    const column = (title: string, of: (definition: Definition) => string) => ({
      title,
      cells: mine.map(of),
    });
    const table = wrapTable(
      [
        { ...column("name", ({ name }) => name), weight: 0, style: colours.cyan },
        { ...column("summary", ({ summary }) => summary), weight: 5 },
        { ...column("state", ({ state }) => state), weight: 2, fromWidth: 60 },
        { ...column("source", ({ source }) => source), weight: 3, fromWidth: 90 },
      ],
      width,
      colours,
    );
    return [...wrapWords(familyTitles[family], width).map((line) => colours.bold(line)), "", ...table, ""];
  });
  const end = `${definitions.length} optimizers; state in floats of an m × n weight. steepest optimizers NAME shows one.`;
  return [...tables, ...wrapWords(end, width)];
}

/** The page of one optimizer. */
export function describeOne(definition: Definition, width: number, colours: Colours = plain): string[] {
  const { name, family, summary, formula, source, state, geometry, computation, when, options } = definition;
  const { measured } = optimizerEntry(definition);
  const own = Object.entries(options);
  const section = (title: string, lines: readonly string[]): string[] => ["", colours.bold(title), ...lines];
  const indented = (text: string): string[] => text.split("\n").map((line) => `  ${line}`);
  const optionLines = own.flatMap(([option, { default: initial, range, doc }]) => [
    `  ${colours.cyan(option)}  ${initial === undefined ? "off unless given" : `default ${show(initial)}`}, ${range}`,
    ...wrapWords(doc, width - 4).map((line) => `    ${line}`),
  ]);
  const methodLines = methodsByRole(definition).map(
    (method) =>
      `  ${method.name}: ${method.roles.length > 0 ? method.roles.join(", ") : "only where asked for"}`,
  );
  const wrapped = (text: string): string[] => wrapWords(text, width - 2).map((line) => `  ${line}`);
  const costs = [
    `${geometry}; computation ${computation}`,
    ...(measured
      ? [
          `Measured on the default GPT: ${measured.stateFloatsPerParameter.toFixed(2)} floats of state per parameter, ` +
            `${measured.msPerStep} ms per step, validation loss ${measured.valLoss} after 300 steps at rate ${measured.learningRate}`,
        ]
      : []),
  ];
  return [
    `${colours.bold(name)}  ${colours.dim(family)}`,
    ...wrapWords(summary, width),
    ...section(
      "Formula",
      formulaLines(formula).map((line) => `  ${line}`),
    ),
    ...section("When to use it", wrapped(when)),
    ...section("Structure or norm, and cost", costs.flatMap(wrapped)),
    ...section("Options", optionLines),
    ...section("Methods by role", methodLines),
    ...section("State, floats of an m × n weight", indented(state)),
    ...section("Source", wrapped(source)),
  ];
}

const show = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
