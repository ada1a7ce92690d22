import type { Roles } from "../core/parameters/roleOf.ts";
import type { Schedule } from "../core/schedules/schedule.ts";
import type { Extras } from "./definition.ts";
import type { OptionSpecs, ValuesOf } from "./options.ts";

/**
 * Options of its own for some parameters. `learningRate` and `weightDecay` are those of the method that a
 * parameter gets, whatever that is: the same as `auxiliaryLearningRate`, `auxiliaryWeightDecay` where it is
 * the auxiliary one. An option that none of the group's methods reads is an `OptionError`.
 */
export type Group<S extends OptionSpecs = OptionSpecs> = Partial<ValuesOf<S>> & {
  /**
   * Paths or patterns (`blocks.*.mlp.**`); every one must fit a parameter, and no two groups the same one.
   */
  readonly match: string | readonly string[];
  /** A method of the recipe by name, whatever the role asks for. */
  readonly method?: string;
  /**
   * True: these parameters never move, have no state and do not count in norms over all gradients. Nothing
   * else beside it.
   */
  readonly freeze?: boolean;
};

/** What every optimizer takes besides its own options. */
export interface CommonOptions<S extends OptionSpecs = OptionSpecs> {
  /** Multiplies every learning rate, those of the auxiliary method included. Default none. */
  readonly schedule?: Schedule | undefined;
  /**
   * Gradients are scaled down to at most this Euclidean norm over all parameters that are not frozen. Default
   * none.
   */
  readonly clipGlobalNorm?: number | undefined;
  /**
   * A step whose gradients, update or new state are not finite moves nothing and is counted (`skippedSteps`).
   * Default false: such numbers go through to the weights.
   */
  readonly skipNonFinite?: boolean | undefined;
  /** Roles of the parameters, as models export them. Default: guessed from rank and name. */
  readonly roles?: Roles | undefined;
  /**
   * Code for rare values of options that the method itself does not bring: `muon` for one asks for it by an error. Default
   * none.
   */
  readonly extras?: Extras | undefined;
  /** Options of their own for some parameters. */
  readonly groups?: readonly Group<S>[] | undefined;
}
