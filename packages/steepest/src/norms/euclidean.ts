import { normEntry } from "./entry.ts";
import { epsParameter } from "./epsParameter.ts";
import { type FrobeniusOptions, frobenius } from "./frobenius.ts";
import type { Norm } from "./norm.ts";

/** Another name of `frobenius`, for vectors. */
export const euclidean = (options: FrobeniusOptions = {}): Norm => ({
  ...frobenius(options),
  name: "euclidean",
});

export const euclideanEntry = normEntry({
  name: "euclidean",
  parameters: { eps: epsParameter },
  row: {
    value: "the same, for vectors",
    dual: "‖g‖₂",
    lmo: "−g/‖g‖₂",
    sharp: "g",
    init: "uniform on the sphere",
    cost: "2 passes",
  },
  create: euclidean,
});
