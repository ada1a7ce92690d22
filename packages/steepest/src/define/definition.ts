import type { numpy as np } from "@jax-js/jax";
import type { Parameter } from "../core/parameters/parameter.ts";
import type { Roles } from "../core/parameters/roleOf.ts";
import type { RowBlocks } from "../core/parameters/rowCuts.ts";
import type { Schedule } from "../core/schedules/schedule.ts";
import type { Transform } from "../core/transform.ts";
import type { Grouped } from "./grouped.ts";
import type { OptionSpecs, ValuesOf } from "./options.ts";
import type { PolarValues } from "./recipes/polarOptions.ts";

/** Where a method comes from: a norm's oracle, a curvature estimate, a manifold, or plain gradients. */
export type Family = "gradient" | "fisher" | "norm-constrained" | "manifold";

/** What one kind of parameter gets: part of a recipe. */
export interface Method {
  /** `muon`, or `adamw` for the rest. Its state is kept under this name. */
  readonly name: string;
  /** The first method of a recipe that takes a parameter gets it. */
  takes(parameter: Parameter): boolean;
  readonly transform: Transform;
  /**
   * Set where the step of one parameter depends on all others: the method then gets the parameters of all
   * groups at once, each with its group's options (`RecipeContext.grouped`). Names the options that no group
   * can change. Default: every group has a method of its own.
   */
  readonly spans?: readonly string[];
  /**
   * Whether all that the step of one parameter takes from the others is a sum of a number of each, for which it asks
   * `StepContext.allLayers`: then its parameters can be shared out among several processes. Default false.
   */
  readonly sums?: boolean;
  /**
   * Whether it reads an option for a parameter that it takes. Default: all of the recipe's but those that
   * another method has for itself (`Option.of`).
   */
  reads?(option: string, parameter: Parameter): boolean;
  /** What multiplies the method's unit step for this parameter, besides the learning rate. Default 1. */
  scale?(parameter: Parameter): number;
  /** Where this method wants a weight to start; undefined leaves it to the model. Consumes the key. */
  initialize?(key: np.Array, parameter: Parameter): np.Array | undefined;
}

/** What a recipe knows besides its options. */
export interface RecipeContext<V = unknown> {
  /** Multiplies every learning rate of the recipe. */
  readonly schedule: Schedule | undefined;
  /** The roles the user gave, for a method that treats layers of different roles together. */
  readonly roles: Roles | undefined;
  /** The options by parameter, for methods that span all groups. */
  readonly grouped: Grouped<V>;
  /** What rare values of options need, for recipes that do not import it themselves (`askedExtras`). Default none. */
  readonly extras?: Extras | undefined;
}

/** A recipe: the methods that options make. */
export type Recipe<V> = (options: V, context: RecipeContext<V>) => readonly Method[];

/**
 * Code for values of options that few programs use, so that `import { muon }` need not bring it. `createOptimizer` has it all;
 * `muon({ …, extras })` is given it (`extras` of this package).
 */
export interface Extras {
  orthogonalizeBy(values: PolarValues): Transform;
  trace(momentum: number, options: { nesterov: boolean }): Transform;
  emaCorrected(momentum: number): Transform;
  addCautiousDecay(weightDecay: number): Transform;
  inBlocks<V extends { readonly blocks: RowBlocks }>(recipe: Recipe<V>): Recipe<V>;
}

/** A named optimizer: all that is said of it, and its recipe. */
export interface OptimizerDefinition<S extends OptionSpecs = OptionSpecs, N extends string = string> {
  readonly name: N;
  readonly family: Family;
  /** One sentence: what it does and when to use it. */
  readonly summary: string;
  /** The update rule, a line for each equation. */
  readonly formula: string;
  /** Authors, year, arXiv id or place. */
  readonly source: string;
  /** Floats of state of an m × n weight, as a formula. */
  readonly state: string;
  /** The structure of the Fisher estimate, the norm of the step, or the manifold. */
  readonly geometry: string;
  /**
   * Operations of a step on an m × n weight, m ≤ n, beyond the gradient; r a rank, K steps between refreshes,
   * T iterations.
   */
  readonly computation: string;
  /** When to use it, and when not. */
  readonly when: string;
  /**
   * Trajectories of official implementations it reproduces, by the name of the file that holds them. Default
   * none.
   */
  readonly golden?: readonly string[];
  /** What `update` must find in the step context besides gradients. Default nothing. */
  readonly needs?: "layers" | "sampledGradients" | "exampleGradients";
  readonly options: S;
  recipe(options: ValuesOf<S>, context: RecipeContext<ValuesOf<S>>): readonly Method[];
}

/** For methods that take every parameter. */
export const everything = (): boolean => true;

/** Hidden matrices and convolutions: what matrix methods are made for. */
export const hiddenWeights = ({ role }: Parameter): boolean => role === "hidden" || role === "conv";
