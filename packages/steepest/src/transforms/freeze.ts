import { listParameters } from "../core/parameters/listParameters.ts";
import type { Parameter } from "../core/parameters/parameter.ts";
import { type PartitionOptions, type PartitionState, partition } from "../core/partition.ts";
import type { Transform } from "../core/transform.ts";
import { unmoved } from "./unmoved.ts";

/**
 * `inner` for all parameters but those that `frozen` says yes to, which never move, by decay neither, and have no state:
 *
 *   freeze(({ path }) => path.startsWith("embedding"), muon({ learningRate: 0.02 }))
 *
 * Their gradients are still handed in. Throws where `frozen` fits no parameter.
 */
export function freeze(
  frozen: (parameter: Parameter) => boolean,
  inner: Transform,
  options: PartitionOptions = {},
): Transform<PartitionState> {
  const split = partition(
    (parameter) => (frozen(parameter) ? "frozen" : "moving"),
    { moving: inner, frozen: unmoved() },
    options,
  );
  return {
    ...split,
    init(params) {
      const parameters = listParameters(params, options.roles);
      if (!parameters.some(frozen)) {
        const paths = parameters.map(({ path }) => path);
        throw new Error(
          "freeze: the function says no to every parameter; parameters are " +
            `${paths.slice(0, 8).join(", ")}${paths.length > 8 ? ", …" : ""}`,
        );
      }
      return split.init(params);
    },
  };
}
