import { type Family, isOptimizerName, type OptimizerDefinition } from "steepest";
import { type Measurement, measurementOf } from "../../plan/rates/measurement.ts";
import { type Claim, claimsOf } from "./claims.ts";
import { type MethodRoles, methodsByRole } from "./methodsByRole.ts";

/** All that is said of an optimizer: what `steepest optimizers --json` prints, and what its pages are made of. */
export interface OptimizerEntry {
  readonly name: string;
  readonly family: Family;
  readonly summary: string;
  readonly formula: string;
  readonly source: string;
  /** Floats of state of an m × n weight. */
  readonly state: string;
  /** The structure of the Fisher estimate, the norm of the step, or the manifold. */
  readonly geometry: string;
  /** Operations of a step on an m × n weight. */
  readonly computation: string;
  /** What `update` must be told besides gradients; null: nothing. */
  readonly needs: NonNullable<OptimizerDefinition["needs"]> | null;
  /** On the default GPT; null for an optimizer of one's own. */
  readonly measured: Measurement | null;
  /** When to use it. */
  readonly when: string;
  readonly methods: readonly MethodRoles[];
  readonly options: readonly OptionEntry[];
  /** What tests hold of it besides what they hold of all. */
  readonly claims: readonly Claim[];
  /** Names of the stored trajectories of official implementations that it follows. */
  readonly golden: readonly string[];
}

export interface OptionEntry {
  readonly name: string;
  /** Null where the option is off unless given. */
  readonly default: unknown;
  readonly range: string;
  readonly doc: string;
  readonly kind: string;
}

/** The entry of a definition: of the catalogue, or of one's own. */
export function optimizerEntry(definition: OptimizerDefinition): OptimizerEntry {
  const { name, family, summary, formula, source, state, geometry, computation, when, options } = definition;
  const known = isOptimizerName(name) ? name : undefined;
  return {
    name,
    family,
    summary,
    formula,
    source,
    state,
    geometry,
    computation,
    needs: definition.needs ?? null,
    measured: (known && measurementOf(known)) ?? null,
    when,
    methods: methodsByRole(definition),
    options: Object.entries(options).map(([option, { default: initial, range, doc, kind }]) => ({
      name: option,
      default: initial ?? null,
      range,
      doc,
      kind,
    })),
    claims: known === undefined ? [] : claimsOf(known).map(({ says, test }) => ({ says, test })),
    golden: definition.golden ?? [],
  };
}
