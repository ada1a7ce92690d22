import type { scion } from "./scion.ts";

type ScionGroup = NonNullable<NonNullable<Parameters<typeof scion>[0]>["groups"]>[number];

/** The options of a group, which names no optimizer of its own: the Scions share these. */
export type PresetGroup = Pick<ScionGroup, "match"> & {
  readonly norm: "spectral_max" | "spectral_conv" | "spectral_2rms" | "spectral" | "bias_rms";
  readonly radius: number;
  readonly transposed?: boolean;
};

/** Norm and radius of layers whose role does not say them. */
export interface SpecialLayers {
  /** The norm of the first layer where its role does not say: pass its path. */
  readonly firstLayer?: { readonly norm: "spectral_max" | "spectral_conv"; readonly radius: number };
  /** Tokens and positions that are parameters: RMS norm, as vectors. Pass their paths. */
  readonly tokens?: { readonly norm: "bias_rms"; readonly radius: number };
}

/** Paths, or patterns, of the parameters a preset treats specially. */
export interface PresetPaths {
  /** The first layer, for `mlp` and `airbenchSpeedrun`. */
  readonly firstLayer?: string;
  /** Class token and position embedding, for `vit`. */
  readonly tokens?: readonly string[];
}

/** One group for every path given. Throws where the preset has no rule for it; `name` is the preset's. */
export function presetGroups(
  name: string,
  { firstLayer, tokens }: SpecialLayers,
  paths: PresetPaths,
): PresetGroup[] {
  const rules = [
    { what: "firstLayer", match: paths.firstLayer, rule: firstLayer },
    { what: "tokens", match: paths.tokens, rule: tokens },
  ];
  return rules.flatMap(({ what, match, rule }) => {
    if (match === undefined) return [];
    if (rule === undefined) throw new Error(`scion preset "${name}" has no rule for ${what}; leave it out`);
    return [{ match, ...rule }];
  });
}
