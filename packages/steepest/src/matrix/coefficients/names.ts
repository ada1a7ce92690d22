const names = [
  "keller",
  "you5",
  "you6",
  "polarExpress",
  "polarExpress2pct",
  "polarExpressNvidia",
  "cans5",
  "aol4",
  "cubic5",
  "deepseekV4",
  "cubic",
  "quintic",
  "simple",
] as const;

export type CoefficientSetName = (typeof names)[number];

/** The names of the coefficient sets, in the order in which they are listed to users. */
export const coefficientSetNames = (): CoefficientSetName[] => [...names];

/** Those to offer: `aol4` and `cubic5` can turn an update around (`flipsSign`), and are for who asks for them. */
export const soundSetNames = (): CoefficientSetName[] =>
  names.filter((name) => name !== "aol4" && name !== "cubic5");
