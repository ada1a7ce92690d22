/** A setting of a model, for those who choose it. */
export interface Setting {
  readonly doc: string;
  /** The values it takes. */
  readonly range: string;
}

/** One for every setting of a configuration. */
export type Settings<Config> = { readonly [Name in keyof Config]-?: Setting };

export const wholeFrom = (least: number): string => `whole, ≥ ${least}`;
export const yesOrNo = "true | false";
export const oneOf = (names: readonly string[]): string => names.join(" | ");
